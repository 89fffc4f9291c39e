"""Reading a scorecard's file: every mistake is named with its place and what is allowed."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn

from onefunnel.errors import InputError, Place, UsageError, suggestion
from onefunnel.measures.scorecard.curve import PAYOUTS, Curve
from onefunnel.measures.scorecard.plan import COMMON_SHARE, Gate, Level, Measure, Scorecard
from onefunnel.vocabulary import Department
from onefunnel.vocabulary.toml import toml_of

CARD_KEYS = ("level", "of", "department", "from", "to", "common_share", "measure", "gate")
MEASURE_KEYS = (
    "source",
    "owner",
    "weight",
    "threshold",
    "target",
    "cap",
    "payout",
    "counter",
    "gate",
    "additive",
)
GATE_KEYS = ("source", "floor", "ceiling", "shut")
_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*measure[ \t]*\]\]", re.MULTILINE)


def load(text: str, file: str = "scorecard.toml") -> Scorecard:
    """The scorecard that a file of TOML describes.

    ``level``, ``of``, ``department`` (none for a company) and ``from`` must be there; ``to``,
    ``common_share`` and ``[[gate]]`` may. Each ``[[measure]]`` has ``source``, ``owner``,
    ``weight``, ``threshold``, ``target`` and ``cap``, and may have ``payout`` (three shares of the
    target pay), ``counter``, ``additive`` and ``gate``. A gate has ``source``, ``floor`` or
    ``ceiling``, and may have ``shut``.

    Raises InputError that names the file, the line (of the measure, for what is within one), the
    key, the value, and what is allowed. What is readable and yet unwise is for
    :func:`onefunnel.measures.scorecard.findings.check`.

    >>> load("level = 'squad'")
    Traceback (most recent call last):
    ...
    onefunnel.errors.InputError: scorecard.toml, column 'level', value 'squad': There is no such ...
    """
    return _Reader(text, file).card()


class _Reader:
    """One file while it is read; ``line`` is that of the measure which is being read."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file
        self.line: int | None = None

    def card(self) -> Scorecard:
        given = toml_of(self.text, self.file, Decimal)
        self.names("key", given, CARD_KEYS)
        level = Level(self.name("level", given.get("level", ""), Level))
        measures = self.tables("measure", given.get("measure", []))
        if not measures:
            self.fail("measure", "", "A scorecard needs a measure.", "Write [[measure]].")
        lines = self.lines(len(measures))
        start, end = self.day("from", given), self.day("to", given) if "to" in given else None
        if end is not None and end <= start:
            self.fail("to", end, "It ends before it begins.", "Give a day after that of from.")
        department = None
        if level is not Level.COMPANY:
            department = Department(
                self.name("department", given.get("department", ""), Department)
            )
        return Scorecard(
            level=level,
            of=self.text_of("of", given),
            department=department,
            measures=tuple(map(self.measure, measures, lines)),
            valid_from=start,
            valid_to=end,
            gates=tuple(self.gate(each) for each in self.tables("gate", given.get("gate", []))),
            common_share=self.number("common_share", {"common_share": COMMON_SHARE, **given}),
            file=self.file,
        )

    def measure(self, given: dict[str, Any], line: int | None) -> Measure:
        self.line = line
        self.names("key", given, MEASURE_KEYS)
        gate = self.table("gate", given["gate"]) if "gate" in given else None
        measure = Measure(
            source=self.text_of("source", given),
            owner=Department(self.name("owner", given.get("owner", ""), Department)),
            weight=self.number("weight", given),
            curve=self.curve(given),
            counter=self.text_of("counter", given) if "counter" in given else None,
            gate=self.gate(gate) if gate is not None else None,
            additive=self.flag("additive", given.get("additive", False)),
            line=line,
        )
        self.line = None
        return measure

    def curve(self, given: dict[str, Any]) -> Curve:
        threshold, target, cap = (self.number(key, given) for key in ("threshold", "target", "cap"))
        paid = given.get("payout", list(PAYOUTS))
        if not isinstance(paid, list) or len(paid) != 3:
            self.fail("payout", paid, "Three numbers were expected.", "Write [0.5, 1, 1.5].")
        low, middle, high = (self.number("payout", {"payout": each}) for each in paid)
        try:
            return Curve(threshold, target, cap, (low, middle, high))
        except UsageError as error:
            self.fail("target", target, error.message, error.remedy)

    def gate(self, given: dict[str, Any]) -> Gate:
        self.names("key", given, GATE_KEYS)
        bounds = {key: self.number(key, given) for key in ("floor", "ceiling") if key in given}
        shut = self.number("shut", {"shut": Decimal(0), **given})
        try:
            return Gate(self.text_of("source", given), **bounds, shut=shut)
        except UsageError as error:
            self.fail("gate", given.get("source"), error.message, error.remedy)

    def lines(self, measures: int) -> list[int | None]:
        """The line of each measure's header; unknown where they are not written as headers."""
        found = [self.text.count("\n", 0, at.start()) + 1 for at in _HEADER.finditer(self.text)]
        return [*found] if len(found) == measures else [None] * measures

    def fail(self, key: str, value: object, message: str, remedy: str = "") -> NoReturn:
        place = Place(self.file, self.line, key, str(value))
        raise InputError(place, "bad_value", message, remedy=remedy)

    def names(self, what: str, given: dict[str, Any], valid: Iterable[str]) -> None:
        for each in given:
            self.name(what, each, valid)

    def name(self, what: str, value: Any, valid: Iterable[str]) -> str:
        allowed = [str(each) for each in valid]
        if not isinstance(value, str) or value not in allowed:
            remedy = suggestion(str(value), allowed)
            self.fail(what, value, f"There is no such {what}.", remedy)
        return value

    def tables(self, key: str, value: Any) -> list[dict[str, Any]]:
        if not isinstance(value, list):
            self.fail(key, value, "A list of tables was expected.", f"Write [[{key}]].")
        return [self.table(key, each) for each in value]

    def table(self, key: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            self.fail(key, value, "A table was expected.", "Write name = value.")
        return value

    def text_of(self, key: str, given: dict[str, Any]) -> str:
        value = given.get(key, "")
        if not isinstance(value, str) or not value.strip():
            self.fail(key, value, "A name was expected.", f'Write {key} = "…".')
        return value

    def day(self, key: str, given: dict[str, Any]) -> date:
        value = given.get(key)
        if type(value) is not date:
            self.fail(key, value, "A day was expected.", f"Write {key} = 2024-07-01.")
        return value

    def flag(self, key: str, value: Any) -> bool:
        if not isinstance(value, bool):
            self.fail(key, value, "true or false was expected.")
        return value

    def number(self, key: str, given: dict[str, Any]) -> Decimal:
        value = given.get(key)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            self.fail(key, value, "A number was expected.", f"Write {key} = 1.5.")
        number = Decimal(value)
        if not number.is_finite():
            self.fail(key, value, "A finite number was expected.")
        return number
