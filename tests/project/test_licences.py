"""What onefunnel needs to run may be used by a firm without obligations to publish."""

from __future__ import annotations

import pytest

from tools import licences


def test_nothing_that_is_needed_to_run_is_refused() -> None:
    assert [str(finding) for finding in licences.audit() if finding.refusal] == []


def test_the_audit_sees_what_is_needed_indirectly_and_in_extras() -> None:
    names = {finding.name for finding in licences.audit()}
    assert {"duckdb", "jalali-core", "psycopg-binary", "pyspark"} <= names
    assert "pytest" not in names


def test_every_accepted_package_is_still_needed() -> None:
    assert set(licences.ACCEPTED) <= {finding.name for finding in licences.audit()}


@pytest.mark.parametrize(
    ("licence", "refusal"),
    [
        ("MIT", None),
        ("BSD-3-Clause AND 0BSD AND Zlib", None),
        ("MIT OR GPL-3.0-only", None),
        ("Apache Software License", None),
        ("GPL-3.0-or-later", "GPL or AGPL"),
        ("MIT AND GPL-2.0-only", "GPL or AGPL"),
        ("GNU Affero General Public License v3", "GPL or AGPL"),
        ("GNU General Public License v2 (GPLv2)", "GPL or AGPL"),
        ("BSD License; GNU General Public License (GPL)", "GPL or AGPL"),
        ("MIT AND LGPL-3.0-only", "not judged yet: see ACCEPTED in tools/licences.py"),
        ("MPL-2.0", "not judged yet: see ACCEPTED in tools/licences.py"),
        ("", "no licence stated"),
    ],
)
def test_a_licence_is_judged(licence: str, refusal: str | None) -> None:
    assert licences.refusal_of("some-package", licence) == refusal
