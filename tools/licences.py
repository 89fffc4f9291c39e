"""Audits the licences of what onefunnel needs to run, its extras included.

``python -m tools.licences`` prints each package with its licence and ends with 1 if one of them
is refused: the GPL or the AGPL, a licence we have not judged, or none stated. A licence is judged
by what the package itself says, in this order: licence expression, classifiers, licence field.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = "onefunnel"

# An alternative with one of these words, and none of those under COPYLEFT, is permissive.
PERMISSIVE = re.compile(
    r"\b(MIT|MIT-0|0?BSD|ISC|ISCL|Apache|PSFL?|Python Software Foundation|Zlib|CC0|HPND)\b"
)
COPYLEFT = re.compile(r"GPL|General Public|Affero|MPL|Mozilla|EPL|EUPL|CDDL|SSPL", re.IGNORECASE)
GPL = re.compile(r"\b(A?GPL|(?<!Lesser )General Public|Affero)", re.IGNORECASE)

# Weaker copyleft is taken package by package, with the reason that makes it acceptable.
ACCEPTED = {
    "fido2": "BSD-2-Clause; the list of public suffixes within it is MPL-2.0 data, unmodified",
    "jalali-core": "LGPL-2.1-or-later: an unmodified library, replaceable, imported by jdatetime",
    "psycopg": "LGPL-3.0: an unmodified library, replaceable, only in the extra postgres",
    "psycopg-binary": "LGPL-3.0: as psycopg, whose compiled part it is",
}


@dataclass(frozen=True)
class Finding:
    """One package: what it states, and why it is refused, if it is."""

    name: str
    version: str
    licence: str
    refusal: str | None

    def __str__(self) -> str:
        """Return one line for a person."""
        mark = f"REFUSED ({self.refusal})" if self.refusal else ACCEPTED.get(self.name, "")
        return f"{self.name:22} {self.version:14} {self.licence:48} {mark}".rstrip()


def audit() -> list[Finding]:
    """Judge every package in the closure of the project's requirements, sorted by name."""
    return [_finding(name, package) for name, package in sorted(_closure(PROJECT).items())]


def refusal_of(name: str, licence: str) -> str | None:
    """Why a package under this licence may not be needed to run onefunnel, or None."""
    if name in ACCEPTED:
        return None
    if not licence:
        return "no licence stated"
    if any(_permissive(alternative) for alternative in re.split(r"\s+OR\s+", licence)):
        return None
    if GPL.search(licence):
        return "GPL or AGPL"
    return "not judged yet: see ACCEPTED in tools/licences.py"


def _permissive(licence: str) -> bool:
    return PERMISSIVE.search(licence) is not None and COPYLEFT.search(licence) is None


def _finding(name: str, package: Distribution) -> Finding:
    licence = _licence(package)
    return Finding(name, package.version, licence, refusal_of(name, licence))


def _licence(package: Distribution) -> str:
    metadata = package.metadata
    expression = metadata.get("License-Expression")
    if expression:
        return str(expression)
    classified = [
        classifier.rsplit(" :: ", 1)[-1]
        for classifier in metadata.get_all("Classifier", [])
        if classifier.startswith("License :: ") and classifier != "License :: OSI Approved"
    ]
    if classified:
        return "; ".join(classified)
    # Some packages put the whole text here; its first line names it.
    return next(iter((metadata.get("License") or "").strip().splitlines()), "")


def _closure(root: str) -> dict[str, Distribution]:
    """What is installed of all that the root needs here, by canonical name, without the root."""
    found: dict[str, Distribution] = {}
    seen: set[tuple[str, str]] = set()
    extras = distribution(root).metadata.get_all("Provides-Extra", [])
    waiting = [(root, ""), *((root, extra) for extra in extras)]
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        package = distribution(name)
        if name != root:
            found[name] = package
        waiting.extend(_needs(package, extra))
    return found


def _needs(package: Distribution, extra: str) -> Iterator[tuple[str, str]]:
    """What a package with this extra (or none: "") needs on this machine, extra by extra."""
    for requirement in map(Requirement, package.requires or ()):
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        yield name, ""
        yield from ((name, wanted) for wanted in requirement.extras)


def main() -> int:
    """Print the audit; 1 if a package is refused, else 0."""
    try:
        findings = audit()
    except PackageNotFoundError as missing:
        print(f"{missing} Run `make setup-dev` first.", file=sys.stderr)
        return 1
    refused = [finding for finding in findings if finding.refusal]
    for finding in findings:
        print(finding)
    print(f"licences: {len(findings)} packages, {len(refused)} refused")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
