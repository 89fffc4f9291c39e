"""The register of erasures: keyed hashes of what was erased, so that no import brings it back.

It holds no name, address or number, only HMACs of them under a key of its own, and the random
pseudonyms that stand in their place. It lies beside the ledger and outlives a restored backup.
"""

import hashlib
import hmac
import json
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path

from onefunnel.errors import Damaged
from onefunnel.ledger.disk.head import replace_file

FILE_NAME = "erasures.json"
PSEUDONYM = "erased-"


@dataclass
class Register:
    """What was erased: hash → pseudonym for parties and values, hashes of the rows touched.

    ``groups`` freezes who was the same: pseudonym of a party → a group. ``pending`` lists the
    party hashes of an erasure that has begun and is not known to be complete.
    """

    key: str = field(default_factory=lambda: secrets.token_hex(32))
    parties: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[str]] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    pending: list[str] = field(default_factory=list)

    def hash(self, value: str) -> str:
        """The keyed hash of a value; letter case and surrounding space do not matter."""
        normal = value.strip().casefold().encode()
        return hmac.new(bytes.fromhex(self.key), normal, hashlib.sha256).hexdigest()

    def pseudonym(self, value: str, *, party: bool = False) -> str:
        """The pseudonym of a value, made at random when it is first asked for."""
        known = self.parties if party else self.values
        other = self.values if party else self.parties
        digest = self.hash(value)
        if digest not in known:
            known[digest] = other.get(digest) or f"{PSEUDONYM}{secrets.token_hex(8)}"
        return known[digest]

    def merged(self, other: "Register") -> "Register":
        """Both registers as one; their keys must be the same, or this one's entries alone stand."""
        if self.key != other.key:
            return self
        rows = {
            name: sorted({*self.rows.get(name, ()), *other.rows.get(name, ())})
            for name in {*self.rows, *other.rows}
        }
        return Register(
            self.key,
            {**other.parties, **self.parties},
            {**other.values, **self.values},
            rows,
            {**other.groups, **self.groups},
            sorted({*self.pending, *other.pending}),
        )


def read_register(workspace: Path) -> Register | None:
    """The register of a workspace; None where nobody was erased yet."""
    path = workspace / FILE_NAME
    return read_register_file(path) if path.is_file() else None


def read_register_file(path: Path) -> Register:
    """The register in a file. Raises Damaged where it can't be read."""
    try:
        return Register(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise Damaged(
            f"{path} can't be read: {error}.", remedy="Restore it from a backup."
        ) from error


def write_register(workspace: Path, register: Register) -> None:
    """Replace the register, durably."""
    text = json.dumps(asdict(register), indent=1, sort_keys=True)
    replace_file(workspace / FILE_NAME, text)
