"""What people say beside what was tracked, in plain Python: one person after the other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from math import sqrt
from typing import Any

from onefunnel.funnel.incidence import Z_95, wilson
from onefunnel.funnel.reference.company import Company, Record, Records
from onefunnel.funnel.reference.money import Line, lines, rounded
from onefunnel.funnel.rules import Rules
from onefunnel.measures.attribution.agreed import agreed_of
from onefunnel.measures.self_reported.result import SelfReportedRow
from onefunnel.vocabulary import Question, Stage
from onefunnel.vocabulary.apportioning import apportioned

Name = str | None
Case = tuple[str, str]


@dataclass(frozen=True)
class Person:
    """An entity that came in the period: what was tracked, and what it said, if it answered."""

    entity: int
    tracked: Name
    answered: bool
    said: Name
    bought: bool
    brought: tuple[Line, ...]


def self_reported(
    records: Records, rules: Rules, question: Question
) -> tuple[SelfReportedRow, ...]:
    """The rows of the measure, from records with ``entity`` among them."""
    company = Company(records, rules, question)
    every, entities = lines(company), set(company.codes.values())
    people = [each for entity in entities for each in _people(company, entity, every)]
    direct = agreed_of(question.terms).settings.direct
    cases = [
        (each.tracked, each.said)
        for each in people
        if each.tracked is not None and each.said is not None and each.tracked not in direct
    ]
    names = sorted({n for each in people for n in _names(each)}, key=lambda n: _in_order((n,)))
    cells = _cells(people)
    return (
        *(row for row in cells if row.kind == "pair"),
        *(row for row in cells if row.kind == "silent"),
        *(_channel(name, people, cells, cases, direct) for name in names),
        _whole(cells, cases),
    )


def _people(company: Company, entity: int, every: Sequence[Line]) -> list[Person]:
    """The entity as a person, if it left a lead, bought or answered, and came in the period."""
    touches = [row for row in company.dated["touch"] if row["entity"] == entity]
    answers = [row for row in touches if row["kind"] == "self_report"]
    contacts = [row for row in touches if row["kind"] != "self_report"]
    leads = [row for row in company.dated["lead"] if row["entity"] == entity]
    entries = company.entries.get(entity)
    bought = entries is not None and entries[Stage.PURCHASE.position] is not None
    if not (leads or answers or bought):
        return []
    origin = next(iter(leads or contacts), None)
    if not company.in_period(_came(origin, entries, answers)):
        return []
    usable = [row["channel"] for row in answers if row["channel"] is not None]
    mine = tuple(line for line in every if line.entity == entity)
    tracked = origin["channel"] if origin else None
    said = usable[0] if usable else None
    return [Person(entity, tracked, bool(answers), said, bought, mine)]


def _came(
    origin: Record | None, entries: list[datetime | None] | None, answers: list[Record]
) -> datetime | None:
    if origin is not None:
        came: datetime = origin["at"]
        return came
    if entries is not None and entries[0] is not None:
        return entries[0]
    return answers[0]["at"] if answers else None


def _cells(people: Sequence[Person]) -> list[SelfReportedRow]:
    """A row for what was tracked and said, or not said; amounts sum to their rounded sum."""
    found, exact = [], []
    keys = {(each.tracked, each.said, each.answered) for each in people}
    for key in sorted(keys, key=lambda each: (_in_order(each[:2]), not each[2])):
        group = [each for each in people if (each.tracked, each.said, each.answered) == key]
        every = [line for each in group for line in each.brought]
        known = [line.contribution for line in every if line.contribution is not None]
        exact.append(sum(known, Fraction(0)) if known or not every else None)
        unknown = sum(line.contribution is None and line.priced for line in every)
        kind = "pair" if key[2] else "silent"
        bought = sum(each.bought for each in group)
        found.append(SelfReportedRow(kind, *key[:2], len(group), bought, None, unknown))
    amounts = [each for each in exact if each is not None]
    rest = iter(apportioned(amounts, rounded(sum(amounts, Fraction(0)))))
    return [
        replace(row, contribution=None if amount is None else next(rest))
        for row, amount in zip(found, exact, strict=True)
    ]


def _together(kind: str, name: Name, cells: Sequence[SelfReportedRow]) -> SelfReportedRow:
    told = [row.contribution for row in cells if row.contribution is not None]
    return SelfReportedRow(
        kind,
        name,
        name,
        sum(row.entities for row in cells),
        sum(row.customers for row in cells),
        sum(told, Decimal("0.0000")) if told or not cells else None,
        sum(row.unknown_contribution_lines for row in cells),
    )


def _channel(
    name: Name,
    people: Sequence[Person],
    cells: Sequence[SelfReportedRow],
    cases: Sequence[Case],
    direct: frozenset[str],
) -> SelfReportedRow:
    answering = [each for each in people if each.answered]
    dark = [each for each in answering if each.tracked is None or each.tracked in direct]
    fields: dict[str, Any] = {
        "answers": sum(each.said == name for each in answering),
        "share_tracked": sum(each.tracked == name for each in people) / len(people),
    }
    if answering:
        tracked = sum(each.tracked == name for each in answering)
        fields["answering_share_tracked"] = tracked / len(answering)
    fields |= _share("share_said", [each.said == name for each in answering], 30)
    fields |= _share("dark_share", [each.said == name for each in dark], 30)
    if name is not None:
        mine = [tracked == name for tracked, said in cases if said == name]
        fields["compared"] = len(mine)
        if len(cases) >= 30:
            fields |= _share("agreement", mine, 5)
            binary = [(str(one == name), str(other == name)) for one, other in cases]
            fields |= _kappa(binary)
    mine_tracked = [row for row in cells if row.tracked == name]
    return replace(_together("channel", name, mine_tracked), **fields)


def _whole(cells: Sequence[SelfReportedRow], cases: Sequence[Case]) -> SelfReportedRow:
    answers = sum(row.entities for row in cells if row.kind == "pair")
    fields: dict[str, Any] = {"answers": answers, "compared": len(cases)}
    fields |= _share("agreement", [tracked == said for tracked, said in cases], 30)
    classes = {name for case in cases for name in case}
    if len(cases) >= max(30, 2 * len(classes) ** 2):
        fields |= _kappa(cases)
    return replace(_together("all", None, cells), **fields)


def _kappa(cases: Sequence[Case]) -> dict[str, float]:
    """By the influence of each case: the square of its mean over n is the variance."""
    n = len(cases)
    first = {name: sum(one == name for one, _ in cases) / n for case in cases for name in case}
    second = {name: sum(other == name for _, other in cases) / n for name in first}
    agreed = sum(one == other for one, other in cases) / n
    chance = sum(first[name] * second[name] for name in first)
    if 1.0 in (*first.values(), *second.values()):
        return {}
    moved = [
        ((one == other) - agreed) / (1 - chance)
        - (1 - agreed) * (second[one] + first[other] - 2 * chance) / (1 - chance) ** 2
        for one, other in cases
    ]
    value = (agreed - chance) / (1 - chance)
    half = Z_95 * sqrt(sum(each**2 for each in moved)) / n
    low, high = value - half, value + half
    if agreed in (0, 1):
        low, high = ((end - chance) / (1 - chance) for end in wilson(agreed, n))
    return {"kappa": value, "kappa_low": max(low, -1.0), "kappa_high": min(high, 1.0)}


def _share(name: str, cases: Sequence[bool], needed: int) -> dict[str, float]:
    if len(cases) < needed:
        return {}
    low, high = wilson(sum(cases) / len(cases), len(cases))
    return {name: sum(cases) / len(cases), f"{name}_low": low, f"{name}_high": high}


def _names(person: Person) -> tuple[Name, ...]:
    return (person.tracked, person.said) if person.answered else (person.tracked,)


def _in_order(names: tuple[Name, ...]) -> tuple[tuple[bool, str], ...]:
    return tuple((name is None, name or "") for name in names)
