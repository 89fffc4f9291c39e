"""The project depends on no place: no registry's address, no path of one machine."""

from __future__ import annotations

import re

import pytest

from tests.project.files import project_files, shown, text_of

# Written in pieces, so that this file does not hold what it looks for.
REGISTRIES = [
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("npmjs", "org"),
    ("npmjs", "com"),
    ("unpkg", "com"),
    ("jsdelivr", "net"),
    ("conda", "anaconda", "org"),
    ("deb", "debian", "org"),
    ("repo1", "maven", "org"),
]
MACHINE_FOLDERS = ["work", "root"]

REGISTRY = "|".join(r"\.".join(parts) for parts in REGISTRIES)
MACHINE_PATH = rf"(?<![\w./~-])/(?:{'|'.join(MACHINE_FOLDERS)})/\w"
FORBIDDEN = re.compile(f"{REGISTRY}|{MACHINE_PATH}")


def test_no_file_names_a_registry_or_a_machine() -> None:
    found = [
        f"{shown(path)}:{number}: {line.strip()[:120]}"
        for path in project_files()
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if FORBIDDEN.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    "path", ["/" + "work/main/x.py", "cd /" + "root/x", "https://pypi" + ".org"]
)
def test_what_is_forbidden_is_found(path: str) -> None:
    assert FORBIDDEN.search(path)


@pytest.mark.parametrize("path", ["docs/work/x.md", "https://example.com/work/x", "./root/x"])
def test_what_only_looks_like_it_is_not(path: str) -> None:
    assert not FORBIDDEN.search(path)
