"""The leads of a firm in plain Python: their segment, work, outcome and lines, one by one."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from onefunnel.funnel.reference.company import COMEBACKS, Company, Record, Records, between
from onefunnel.funnel.reference.money import Line, lines
from onefunnel.funnel.rules import Rules
from onefunnel.vocabulary import Question

OFFERS = ("offered", "assigned")
WORK = ("attempted", "connected", "qualified")


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
