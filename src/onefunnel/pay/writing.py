"""Writing a plan file: what is as it is by default is left out."""

from collections.abc import Iterable, Iterator
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from onefunnel.pay.content import number
from onefunnel.pay.plan import Component, Member, Plan, PlanFile
from onefunnel.pay.reading import LISTS, key_of


def written(content: PlanFile) -> str:
    r"""A plan and its members as a file that reads as the same.

    >>> from onefunnel.pay.plan import Event, Unit
    >>> plan = Plan("sales", "EUR", date(2024, 1, 1), Event.INVOICE, Unit.MONTH)
    >>> written(PlanFile(plan)).splitlines()[2]
    'from = 2024-01-01'
    """
    plan = content.plan
    blocks = ["\n".join(_pairs(plan, ("draw", "guarantee", "holdback", *LISTS)))]
    for name in ("draw", "guarantee", "holdback"):
        if (table := getattr(plan, name)) is not None:
            blocks.append("\n".join([f"[{name}]", *_pairs(table)]))
    for attribute, name in LISTS.items():
        blocks += ["\n".join([f"[[{name}]]", *_pairs(each)]) for each in getattr(plan, attribute)]
    blocks += ["\n".join(["[[member]]", *_member(plan, row)]) for row in content.members]
    return "\n\n".join(blocks) + "\n"


def written_components(components: Iterable[Component]) -> str:
    r"""Components as they stand in a plan file.

    >>> from onefunnel.pay.plan import Base, Tier
    >>> tier = Tier(Decimal(0), Decimal("0.03"))
    >>> written_components([Component("gates", Base.REVENUE, (tier,))]).splitlines()[-1]
    'tiers = [{ from = 0, rate = 0.03 }]'
    """
    return "\n\n".join("\n".join(["[[component]]", *_pairs(each)]) for each in components) + "\n"


def _member(plan: Plan, row: Member) -> Iterator[str]:
    usual = [name for name in ("first", "last") if getattr(row, name) == getattr(plan, name)]
    return _pairs(row, ("plan", *usual))


def _pairs(table: Any, without: tuple[str, ...] = ()) -> Iterator[str]:
    """The fields of a table that are not as by default, each as a line."""
    for each in fields(table):
        value = getattr(table, each.name)
        if each.name not in without and (each.default is MISSING or value != each.default):
            yield f"{key_of(each.name)} = {_value(value, each.name)}"


def _value(value: Any, name: str = "") -> str:
    r"""A value as TOML spells it.

    >>> _value(Decimal("0.050")), _value(("a", 'b"')), _value(True)
    ('0.05', '["a", "b\\""]', 'true')
    """
    if name == "quotas" and [key for key, _ in value] == [""]:
        return number(value[0][1])
    if name in ("quotas", "parts"):
        return "{ " + ", ".join(f"{quoted(key)} = {number(each)}" for key, each in value) + " }"
    if is_dataclass(value):
        return "{ " + ", ".join(_pairs(value)) + " }"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | int):
        return number(Decimal(value))
    if isinstance(value, tuple):
        return "[" + ", ".join(_value(each) for each in value) + "]"
    return quoted(str(value))


def quoted(value: str) -> str:
    r"""A text as TOML spells it.

    >>> quoted('a "b"')
    '"a \\"b\\""'
    """
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(_character(each) for each in escaped) + '"'


def _character(each: str) -> str:
    return f"\\u{ord(each):04x}" if ord(each) < 0x20 or ord(each) == 0x7F else each
