"""What the ledger says of each segment, in plain Python: lead after lead, line after line."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import sqrt
from typing import Any

from onefunnel.funnel.reference.chances import Case
from onefunnel.funnel.reference.company import COMEBACKS, Company, Record, Records, between
from onefunnel.funnel.reference.money import Line, convert_on, lines
from onefunnel.funnel.rules import Rules
from onefunnel.vocabulary import Question

OFFERS = ("offered", "assigned")
WORK = ("attempted", "connected", "qualified")
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


@dataclass
class Sold:
    """A revenue line with what else is known of it."""

    line: Line
    deal_id: str | None
    sku: str | None
    quantity: Fraction | None
    seller: str | None


class Firm:
    """A company's leads, each with its segment, work, outcome and lines."""

    def __init__(self, records: Records, rules: Rules, question: Question) -> None:
        self.company, self.question = Company(records, rules, question), question
        self.leads = self.company.dated["lead"]
        self.by_id = {row["lead_id"]: row for row in self.leads}
        self.sold = self._sold()

    def segment(self, lead: Record) -> str:
        """The lead's segment, else its party's, else ``unknown``."""
        return lead["segment"] or self.company._party_segment(lead["entity"]) or "unknown"

    def lead_of(self, entity: int, deal_id: str | None, at: datetime) -> str | None:
        """The lead that something goes to."""
        deal = self.company.deals.get(deal_id or "")
        if deal is not None and deal["lead_id"] in self.by_id:
            named: str = deal["lead_id"]
            return named
        before = [row for row in self.leads if row["entity"] == entity and row["at"] <= at]
        return before[-1]["lead_id"] if before else None

    def handed_over(self) -> list[Record]:
        """The leads that sales got, ``at`` when it got them."""
        offers = [row for row in self.company.records["handoff"] if row["kind"] in OFFERS]
        dated = [row for row in self.company.dated["handoff"] if row["kind"] in OFFERS]
        found = []
        for lead in self.leads:
            key = lead["lead_id"]
            if offers and not self.is_worked(lead) and key not in {r["lead_id"] for r in offers}:
                continue
            first = min((row["at"] for row in dated if row["lead_id"] == key), default=lead["at"])
            found.append({**lead, "at": first})
        return found

    def is_worked(self, lead: Record) -> bool:
        """Whether a hand-off or a deal shows it."""
        key, rows = lead["lead_id"], self.company.records
        steps = (row["kind"] for row in rows["handoff"] if row["lead_id"] == key)
        return any(kind in WORK for kind in steps) or any(
            deal["lead_id"] == key for deal in rows["deal"]
        )

    def outcome(self, lead: Record) -> tuple[str, datetime]:
        """How the lead ended and when; open: now."""
        key = lead["lead_id"]
        events = [
            (status, event["at"])
            for deal_id, (status, event) in self.company.standing_deals().items()
            if self.lead_of(event["entity"], deal_id, event["at"]) == key
        ]
        events += [
            ("won", row["at"])
            for row in self.company.dated["order_line"]
            if row["quantity"] is not None
            and row["quantity"] > 0
            and self.lead_of(row["entity"], row["deal_id"], row["at"]) == key
        ]
        won = [at for status, at in events if status == "won"]
        if won:
            return "won", max(min(won), lead["at"])
        steps = [row for row in self.company.dated["handoff"] if row["lead_id"] == key]
        lost = [at for status, at in events if status == "lost"]
        lost += [row["at"] for row in steps if row["kind"] == "disqualified"]
        back = [row["at"] for row in steps if row["kind"] in COMEBACKS]
        still_open = any(status == "open" for status, _ in events)
        if lost and not still_open and not any(at > max(lost) for at in back):
            return "lost", max(*lost, lead["at"])
        return "open", self.question.now

    def lines_of(self, lead: Record, won_at: datetime) -> list[Sold]:
        """What goes to the lead, up to the horizon after it was won."""
        horizon = self.question.horizon_days * 86_400
        return [
            each
            for each in self.sold
            if self.lead_of(each.line.entity, each.deal_id, each.line.at) == lead["lead_id"]
            and between(won_at, each.line.at) <= horizon
        ]

    def minutes(self, lead: Record) -> float:
        """The minutes of its hand-offs, else of the activities of sales on it; 0 of none."""
        rows, key = self.company.records, lead["lead_id"]
        own = [row["minutes"] for row in rows["handoff"] if row["lead_id"] == key]
        done = [
            row["minutes"]
            for row in rows["activity"]
            if row["subject_kind"] == "lead"
            and row["subject_id"] == key
            and row["department"] == "sales"
        ]
        handed, rest = (sum(each for each in some if each is not None) for some in (own, done))
        return float(handed or rest)

    def _sold(self) -> list[Sold]:
        every, own = lines(self.company), self.company.dated["order_line"]
        found = []
        for line, row in zip(every[: len(own)], own, strict=True):
            deal = self.company.deals.get(row["deal_id"])
            owner = deal["owner"] if deal else None
            quantity = None if row["quantity"] is None else Fraction(row["quantity"])
            seller = row["seller"] if row["seller"] is not None else owner
            found.append(Sold(line, row["deal_id"], row["sku"], quantity, seller))
        for line in every[len(own) :]:
            deal = self.company.deals.get(line.line_id)
            found.append(Sold(line, line.line_id, None, None, deal["owner"] if deal else None))
        return found


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
