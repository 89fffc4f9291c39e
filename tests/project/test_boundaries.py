"""Every part of the package has its place in the layers that import-linter holds."""

from __future__ import annotations

import re
import tomllib

from tests.project.files import ROOT

PACKAGE = ROOT / "src" / "onefunnel"
CONFIGURATION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_part_has_its_layer() -> None:
    (layers,) = (
        contract["layers"]
        for contract in CONFIGURATION["tool"]["importlinter"]["contracts"]
        if contract["type"] == "layers"
    )
    placed = {name for layer in layers for name in re.findall(r"[\w.]+", layer)}
    assert parts() - placed == set()


def parts() -> set[str]:
    """The modules and folders of the package; the ledger's, which lie apart, one by one."""
    found = set()
    for folder, prefix in [(PACKAGE, "onefunnel"), (PACKAGE / "ledger", "onefunnel.ledger")]:
        for path in folder.iterdir():
            is_module = path.suffix == ".py" and not path.stem.startswith("__")
            if is_module or (path / "__init__.py").is_file():
                found.add(f"{prefix}.{path.stem}")
    return found - {"onefunnel.ledger"}
