"""Reading a plan file: every mistake is named with its place and what is allowed."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any, NoReturn, TypeVar

from onefunnel.errors import InputError, Place, suggestion
from onefunnel.pay import plan as terms
from onefunnel.pay.checks import Path, wrong, wrong_members
from onefunnel.pay.plan import Component, Gate, Member, Plan, PlanFile, Pool, Tier
from onefunnel.pay.toml_places import lines_of, nearest
from onefunnel.vocabulary.toml import toml_of

SPELLED = {"first": "from", "last": "to", "start": "from", "quotas": "quota"}
"""Keys of a file whose name in Python is another."""
LISTS = {"components": "component", "pools": "pool"}

T = TypeVar("T")
Convert = Callable[[Path, Any], Any]


def read(text: str, file: str = "plan.toml") -> PlanFile:
    """The plan of a file and those it pays.

    Raises InputError that names the file, the line, the key and the value, and says what is
    allowed: unknown and missing keys, values of another kind, and what :func:`wrong` finds.

    >>> read('nam = "sales"')
    Traceback (most recent call last):
    ...
    onefunnel.errors.InputError: plan.toml, line 1, column 'nam', value 'nam': There is no such key.
    Did you mean 'name'? Valid: ...
    """
    return _Reader(text, file).file_content()


def key_of(attribute: str) -> str:
    """How a file spells a field."""
    return SPELLED.get(attribute, LISTS.get(attribute, attribute))


class _Reader:
    """One file while it is read."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.content = toml_of(text, file, Decimal)
        self.lines = lines_of(text)

    def file_content(self) -> PlanFile:
        given = dict(self.content)
        rows = given.pop("member", [])
        plan = self.made(Plan, (), given, self.plan_keys(), also=("member",))
        found = tuple(self.each(("member",), rows, lambda at, row: self.member(plan, at, row)))
        for fault in (*wrong(plan), *wrong_members(plan, found)):
            self.fail(fault.path, "", "bad_plan", fault.message, fault.remedy)
        return PlanFile(plan, found)

    def plan_keys(self) -> dict[str, Convert]:
        return {
            "name": self.text,
            "currency": self.text,
            "first": self.day,
            "last": self.day,
            "crediting": self.choice(terms.Event),
            "period": self.choice(terms.Unit),
            "accumulate": self.choice(terms.Accumulate),
            "resets": self.flag,
            "clawback_days": self.whole,
            "draw": self.table(terms.Draw, {"amount": self.number, "recoverable": self.flag}),
            "guarantee": self.table(terms.Guarantee, {"amount": self.number}),
            "holdback": self.table(
                terms.Holdback,
                {"share": self.number, "until": self.day, "after_days": self.whole},
            ),
            "components": self.listed(self.table(Component, self.component_keys())),
            "pools": self.listed(
                self.table(
                    Pool,
                    {
                        "name": self.text,
                        "share": self.number,
                        "hurdle": self.number,
                        "parts": self.numbers,
                    },
                )
            ),
        }

    def component_keys(self) -> dict[str, Convert]:
        tier = {"start": self.number, "rate": self.number, "retroactive": self.flag}
        gate = {
            "measure": self.choice(terms.Gauge),
            "at_least": self.number,
            "otherwise": self.number,
        }
        return {
            "name": self.text,
            "base": self.choice(terms.Base),
            "tiers": self.listed(self.table(Tier, tier)),
            "whose": self.choice(terms.Whose),
            "products": self.listed(self.text),
            "segments": self.listed(self.text),
            "first": self.day,
            "last": self.day,
            "tiers_on": self.choice(terms.TiersOn),
            "pays": self.choice(terms.Pays),
            "threshold": self.number,
            "cap": self.number,
            "weight": self.number,
            "gate": self.table(Gate, gate),
        }

    def member(self, plan: Plan, path: Path, value: Any) -> Member:
        """A member's row: plan and days are those of the file where it does not say."""
        keys: dict[str, Convert] = {
            "employee": self.text,
            "first": self.day,
            "last": self.day,
            "quotas": self.quotas,
            "target": self.number,
            "manager": self.text,
        }
        usual = {"plan": plan.name, "first": plan.first, "last": plan.last}
        return self.made(Member, path, value, keys, usual=usual)

    def made(
        self,
        kind: type[T],
        path: Path,
        given: Any,
        keys: Mapping[str, Convert],
        *,
        also: tuple[str, ...] = (),
        usual: dict[str, Any] | None = None,
    ) -> T:
        """A table as what it says, with every key looked at; ``usual`` where it says nothing."""
        if not isinstance(given, dict):
            self.fail(path, given, "bad_value", "A table was expected.", "Write name = value.")
        names = {key_of(attribute): attribute for attribute in keys}
        for key in given:
            if key not in names:
                remedy = suggestion(key, [*names, *also])
                self.fail((*path, key), key, "unknown_name", "There is no such key.", remedy)
        values = dict(usual or {})
        for key, value in given.items():
            values[names[key]] = keys[names[key]]((*path, key), value)
        for each in fields(kind):  # type: ignore[arg-type]
            if each.default is MISSING and each.name not in values:
                key = key_of(each.name)
                self.fail(path, "", "missing_key", f"{key!r} is missing.", f"Write {key} = ….")
        return kind(**values)

    def fail(
        self, path: Path, value: object, code: str, message: str, remedy: str = ""
    ) -> NoReturn:
        named = ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
        place = Place(
            self.file, nearest(self.lines, path), named or None, str(value) if value != "" else None
        )
        raise InputError(place, code, message, remedy=remedy)

    def each(self, path: Path, value: Any, convert: Convert) -> list[Any]:
        if not isinstance(value, list):
            self.fail(path, value, "bad_value", "A list was expected.", "Write [ … ].")
        return [convert((*path, place), one) for place, one in enumerate(value)]

    def listed(self, convert: Convert) -> Convert:
        return lambda path, value: tuple(self.each(path, value, convert))

    def table(self, kind: type[T], keys: Mapping[str, Convert]) -> Convert:
        return lambda path, value: self.made(kind, path, value, keys)

    def choice(self, kind: type[StrEnum]) -> Convert:
        valid = [each.value for each in kind]

        def convert(path: Path, value: Any) -> StrEnum:
            if value not in valid:
                remedy = suggestion(str(value), valid)
                self.fail(path, value, "unknown_name", "The key has no such value.", remedy)
            return kind(value)

        return convert

    def text(self, path: Path, value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            self.fail(path, value, "bad_value", "Text was expected.", 'Write it as "…".')
        return value

    def number(self, path: Path, value: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            self.fail(path, value, "bad_value", "A number was expected.", "Write 0.05 for 5 %.")
        if not Decimal(value).is_finite():
            self.fail(path, value, "bad_value", "A finite number was expected.")
        return Decimal(value)

    def whole(self, path: Path, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            self.fail(path, value, "bad_value", "A whole number was expected.")
        return value

    def flag(self, path: Path, value: Any) -> bool:
        if not isinstance(value, bool):
            self.fail(path, value, "bad_value", "true or false was expected.")
        return value

    def day(self, path: Path, value: Any) -> date:
        if type(value) is not date:
            self.fail(path, value, "bad_value", "A day was expected.", "Write 2024-07-01.")
        return value

    def numbers(self, path: Path, value: Any) -> tuple[tuple[str, Decimal], ...]:
        if not isinstance(value, dict):
            self.fail(path, value, "bad_value", "A table was expected.", "Write name = number.")
        return tuple(sorted((name, self.number((*path, name), n)) for name, n in value.items()))

    def quotas(self, path: Path, value: Any) -> tuple[tuple[str, Decimal], ...]:
        """A quota for all components, or a table with one for each."""
        if isinstance(value, dict):
            return self.numbers(path, value)
        return (("", self.number(path, value)),)


read_plan = lru_cache(maxsize=256)(read)
"""What :func:`read` gives, kept for texts that are read again and again."""
