"""The bridge signed off: by both heads, each under the figures that they saw."""

import hashlib
import json
from dataclasses import dataclass

from onefunnel.measures.bridge.result import BridgeRow
from onefunnel.store.models import Person, SignOff
from onefunnel.vocabulary import Answer, Role
from onefunnel.web.locale import Words
from onefunnel.web.locale.terms import ROLE_NAMES

KIND = "bridge"
HEADS = (Role.HEAD_OF_MARKETING, Role.HEAD_OF_SALES)


@dataclass(frozen=True, slots=True)
class Signature:
    """A head's place under a bridge. ``state`` is ``signed``, ``void`` (other figures) or ``open``.

    ``name`` and ``day`` are empty where nobody has ever signed; ``mine`` says that the reader may.
    """

    role: Role
    role_name: str
    state: str
    name: str = ""
    day: str = ""
    mine: bool = False


def digest(answer: Answer[BridgeRow]) -> str:
    """A hash of what is signed: the currency, and each row's factor, owner, amount and method.

    Bands, notes and the ledger version are not in it: they change when nothing else does.
    """
    rows = [
        (row.factor, row.owner and row.owner.value, str(row.amount), row.method)
        for row in answer.rows
    ]
    text = json.dumps([answer.parameters.get("currency"), rows])
    return hashlib.sha256(text.encode()).hexdigest()


def can_be_signed(answer: Answer[BridgeRow]) -> bool:
    """Whether every amount is known."""
    return bool(answer.rows) and all(row.amount is not None for row in answer.rows)


def sign(month: str, answer: Answer[BridgeRow], person: Person) -> SignOff:
    """Put a person's name under the bridge of a month; once, however often it is asked for."""
    found, _ = SignOff.objects.get_or_create(
        kind=KIND,
        subject=month,
        digest=digest(answer),
        person=person,
        defaults={"role": person.role, "ledger_version": answer.ledger_version},
    )
    return found


def signatures(
    month: str, answer: Answer[BridgeRow], person: Person, words: Words
) -> tuple[Signature, ...]:
    """The places of both heads, marketing first."""
    present = digest(answer)
    given = list(
        SignOff.objects.filter(kind=KIND, subject=month)
        .select_related("person")
        .order_by("-signed_at", "-pk")
    )
    return tuple(_place(role, given, present, person, words) for role in HEADS)


def _place(
    role: Role, given: list[SignOff], present: str, person: Person, words: Words
) -> Signature:
    own = [each for each in given if each.role == role]
    valid = next((each for each in own if each.digest == present), None)
    last = valid or (own[0] if own else None)
    state = "signed" if valid else "void" if last else "open"
    name = str(words.say(ROLE_NAMES[role]))
    mine = person.in_role is role and valid is None
    if last is None:
        return Signature(role, name, state, mine=mine)
    day = words.day(words.calendar.local_day(last.signed_at))
    return Signature(role, name, state, last.person.name, day, mine)
