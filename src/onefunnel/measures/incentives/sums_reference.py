"""What the ledger says of each segment, in plain Python: lead after lead, line after line."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import sqrt
from typing import Any

from onefunnel.funnel.reference.chances import Case
from onefunnel.funnel.reference.company import Record, between
from onefunnel.funnel.reference.money import convert_on
from onefunnel.measures.incentives.records_reference import Firm, Sold

Said = tuple[int, float, float]
"""How many values, their mean, and its standard error (NaN of one value)."""


@dataclass
class Plain:
    """A segment: leads and worked of the period; cases, wins and minutes of the history."""

    leads: int = 0
    worked: int = 0
    worked_cases: list[Case] = field(default_factory=list)
    left_cases: list[Case] = field(default_factory=list)
    wins: int = 0
    brought: dict[str, list[Fraction]] = field(default_factory=lambda: defaultdict(list))
    minutes: list[float] = field(default_factory=list)


def segments(
    firm: Firm, history_days: int, products: tuple[tuple[str, ...], ...]
) -> dict[str, Plain]:
    """Every segment with leads in the period or the history."""
    question = firm.question
    end = question.end or question.now
    found: dict[str, Plain] = defaultdict(Plain)
    for lead in firm.handed_over():
        plain, worked = found[firm.segment(lead)], firm.is_worked(lead)
        if firm.company.in_period(lead["at"]):
            plain.leads += 1
            plain.worked += worked
        past = question.end is None or lead["at"] < end
        if past and lead["at"] >= end - timedelta(days=history_days):
            _look_at(firm, plain, lead, worked, products)
    return dict(found)


def _look_at(
    firm: Firm, plain: Plain, lead: Record, worked: bool, products: tuple[tuple[str, ...], ...]
) -> None:
    outcome, at = firm.outcome(lead)
    seconds = between(lead["at"], at)
    ended = {"won": "moved", "lost": "lost", "open": "censored"}[outcome]
    (plain.worked_cases if worked else plain.left_cases).append((seconds, ended))
    if worked and firm.minutes(lead) > 0:
        plain.minutes.append(firm.minutes(lead))
    if outcome == "won" and seconds <= firm.question.horizon_days * 86_400:
        plain.wins += 1
        sold = firm.lines_of(lead, at)
        for place, names in enumerate(products):
            for kind, value in added(sold, names).items():
                if sold and value is not None:
                    plain.brought[f"{kind}_{place}"].append(value)


def added(sold: list[Sold], names: tuple[str, ...]) -> dict[str, Fraction | None]:
    """What lines add up to by kind, of products of these names (of all); None where unknown."""
    kinds = ("revenue", "told", "untold", "units", "sales")
    if names and any(each.sku is None for each in sold):
        return dict.fromkeys(kinds)
    own = [each for each in sold if not names or each.sku in names]
    nothing = Fraction(0)
    found: dict[str, Fraction | None] = dict.fromkeys(kinds)
    if all(each.line.amount is not None for each in own):
        found["revenue"] = sum((each.line.amount or nothing for each in own), nothing)
        found["told"] = sum((each.line.contribution or nothing for each in own), nothing)
        unknown = [each for each in own if each.line.contribution is None]
        found["untold"] = sum((each.line.amount or nothing for each in unknown), nothing)
    if all(each.quantity is not None for each in own):
        found["units"] = sum((each.quantity or nothing for each in own), nothing)
    found["sales"] = Fraction(sum(-1 if (each.quantity or 0) < 0 else 1 for each in own))
    return found


def said(values: list[Any]) -> Said:
    """How many values, their mean and its standard error."""
    size = len(values)
    if not size:
        return 0, 0.0, 0.0
    mean = sum(Fraction(each) for each in values) / size
    if len(set(values)) == 1:
        return size, float(mean), 0.0
    square = sum((Fraction(each) - mean) ** 2 for each in values) / (size - 1)
    return size, float(mean), sqrt(square / size)


def spend(firm: Firm) -> dict[str | None, list[Fraction | None]]:
    """The amounts spent in the period by segment, None where one is unknown."""
    question, found = firm.question, defaultdict(list)
    for row in firm.company.records["spend"]:
        day: date | None = row["day"]
        if day is not None and firm.company.in_period(question.calendar.start_of_day(day)):
            amount = None if row["amount"] is None else Fraction(row["amount"])
            found[row["segment"]].append(convert_on(firm.company, amount, row["currency"], day))
    return dict(found)


def credited(
    firm: Firm, since: datetime, until: datetime, products: tuple[tuple[str, ...], ...]
) -> dict[tuple[str, str], dict[str, Fraction]]:
    """By seller and segment what was sold between two instants, as far as it is known."""
    found: dict[tuple[str, str], list[Sold]] = defaultdict(list)
    for each in firm.sold:
        line = each.line
        if each.seller is not None and since <= line.at < until:
            lead = firm.lead_of(line.entity, each.deal_id, line.at)
            own = firm.company._party_segment(line.entity) or "unknown"
            segment = firm.segment(firm.by_id[lead]) if lead is not None else own
            found[each.seller, segment].append(each)
    return {
        key: {
            f"{kind}_{place}": value
            for place, names in enumerate(products)
            for kind, value in _known(sold, names).items()
        }
        for key, sold in found.items()
    }


def _known(sold: list[Sold], names: tuple[str, ...]) -> dict[str, Fraction]:
    own = [each for each in sold if not names or each.sku in names]
    nothing = Fraction(0)
    untold = [each for each in own if each.line.contribution is None]
    return {
        "revenue": sum((each.line.amount or nothing for each in own), nothing),
        "told": sum((each.line.contribution or nothing for each in own), nothing),
        "untold": sum((each.line.amount or nothing for each in untold), nothing),
        "units": sum((each.quantity or nothing for each in own), nothing),
        "sales": Fraction(sum(-1 if (each.quantity or 0) < 0 else 1 for each in own)),
    }
