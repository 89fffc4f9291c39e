"""The measure ``offline_conversions`` in plain Python."""

from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from itertools import pairwise

from onefunnel.funnel.reference.company import Company, Record, Records, between
from onefunnel.funnel.reference.money import PURCHASE, lines, total
from onefunnel.funnel.rules import Rules
from onefunnel.measures.offline_conversions.conversions import ACCEPTED, ANSWERS, Conversion
from onefunnel.measures.offline_conversions.platforms import (
    ERASED,
    LIMITS,
    UNKNOWN,
    Click,
    Platform,
    read,
)
from onefunnel.measures.offline_conversions.result import OfflineConversionsRow
from onefunnel.measures.offline_conversions.statuses import LOOKED_BACK, OBJECTION, Status
from onefunnel.vocabulary import Question

DAY = 86_400


@dataclass(frozen=True)
class Piece:
    """A line that was sold, or what came back of it."""

    amount: Fraction | None
    contribution: Fraction | None
    quantity: Fraction | None
    back_at: datetime | None = None


@dataclass(frozen=True)
class Met:
    """A conversion."""

    of: Conversion
    key: str
    entity: int
    at: datetime
    taken_at: datetime | None = None
    conversion_id: str = ""
    revenue: Fraction | None = None
    contribution: Fraction | None = None
    changed_at: datetime | None = None


def offline_conversions(
    records: Records, rules: Rules, question: Question
) -> tuple[OfflineConversionsRow, ...]:
    """A row for each platform and kind."""
    plain = Plain(Company(records, rules, question))
    return tuple(plain.row(platform, of) for platform in Platform for of in Conversion)


class Plain:
    """A company's conversions of the period, its clicks and purchases."""

    def __init__(self, company: Company) -> None:
        self.company, self.now = company, company.question.now
        self.clicks = self._clicks()
        self.purchases = self._purchases()
        self.kept_out = self._kept_out()
        every = [*self._leads(), *self._accepted(), *self._customers()]
        valued = [self._valued(each, every) for each in every]
        self.conversions = [each for each in valued if company.in_period(each.at)]

    def row(self, platform: Platform, of: Conversion) -> OfflineConversionsRow:
        """The figures of a platform and a kind."""
        ours = [each for each in self.conversions if each.of is of]
        by_status = {
            status: [each for each in ours if self.status(each, platform)[0] is status]
            for status in Status
        }
        told = by_status[Status.RETURNED]
        return OfflineConversionsRow(
            platform=platform.value,
            of=of.value,
            conversions=len(ours),
            **{status.value: len(found) for status, found in by_status.items()},
            to_adjust=len(self.adjusted(platform, of)),
            revenue=total([each.revenue for each in told]),
            contribution=total([each.contribution for each in told]),
            without_revenue=sum(each.revenue is None for each in told),
            without_contribution=sum(each.contribution is None for each in told),
        )

    def adjusted(self, platform: Platform, of: Conversion) -> list[Met]:
        """Those that a platform must be told of anew."""
        fresh = (Status.RETURNED, Status.TAKEN_BACK, Status.EXPIRED)
        return [
            each
            for each in self.conversions
            if each.of is of
            and (each.taken_at or each.changed_at)
            and self.status(each, platform)[0] in fresh
        ]

    def status(self, met: Met, platform: Platform) -> tuple[Status, tuple[datetime, Click] | None]:
        """What becomes of a conversion at a platform, and its click."""
        limits = LIMITS[platform]
        before = [
            (at, click)
            for at, _, entity, click in self.clicks
            if entity == met.entity and at <= met.at
        ]
        ours = [each for each in before if each[1].platform == platform.value]
        last = ours[-1] if ours else None
        if met.entity in self.kept_out:
            return Status.KEPT_OUT, last
        if last is not None:
            since = last[0] if limits.from_click else met.at
            if between(last[0], met.at) > limits.click * DAY:
                return Status.TOO_OLD, last
            if met.taken_at is not None:
                return Status.TAKEN_BACK, last
            late = between(since, self.now) > limits.upload * DAY
            return (Status.EXPIRED if late else Status.RETURNED), last
        unknown = [at for at, click in before if click.platform == UNKNOWN]
        if unknown and between(max(unknown), met.at) <= LOOKED_BACK * DAY:
            return Status.NOT_ASSIGNED, None
        return (Status.OTHER_PLATFORM if before else Status.WITHOUT_CLICK), None

    def _clicks(self) -> list[tuple[datetime, str, int, Click]]:
        found = []
        for row in self.company.dated["touch"]:
            if row["click_id"] is not None:
                said = (row["source"], row["channel"], row["medium"])
                click = read(row["click_id"], *said)
                if click is not None:
                    found.append((row["at"], row["touch_id"], row["entity"], click))
        return sorted(found, key=lambda each: each[:2])

    def _kept_out(self) -> set[int]:
        objecting = {
            row["party_id"]
            for row in self.company.records["party"]
            if OBJECTION in (row["attributes"] or "").replace(" ", "").lower()
        }
        return {
            code
            for party, code in self.company.codes.items()
            if party.startswith(ERASED) or party in objecting
        }

    def _leads(self) -> list[Met]:
        return [
            Met(Conversion.LEAD, row["lead_id"], row["entity"], row["at"])
            for row in self.company.dated["lead"]
        ]

    def _accepted(self) -> list[Met]:
        steps: dict[str, list[Record]] = {}
        for row in self.company.dated["handoff"]:
            if row["kind"] in ANSWERS:
                steps.setdefault(row["lead_id"], []).append(row)
        found = []
        for lead_id, answers in steps.items():
            first = next((row for row in answers if row["kind"] == ACCEPTED), None)
            if first is not None:
                last = answers[-1]
                taken = None if last["kind"] == ACCEPTED else last["at"]
                met = Met(Conversion.ACCEPTED, lead_id, first["entity"], first["at"], taken)
                found.append(met)
        return found

    def _customers(self) -> list[Met]:
        found = []
        for entity, entries in self.company.entries.items():
            bought = entries[PURCHASE]
            if bought is not None:
                found.append(Met(Conversion.CUSTOMER, str(entity), entity, bought))
        return found

    def _purchases(self) -> dict[int, dict[datetime, dict[str, list[Piece]]]]:
        """Per entity and instant the lines that were sold, and what came back of each."""
        own = {row["order_line_id"]: row for row in self.company.records["order_line"]}
        every = lines(self.company)
        ordered = len(self.company.dated["order_line"])
        found: dict[int, dict[datetime, dict[str, list[Piece]]]] = {}
        sold: dict[str, list[Piece]] = {}
        for place, line in enumerate(every):
            row = own[line.line_id] if place < ordered else {"quantity": None, "returns": None}
            quantity = None if row["quantity"] is None else Fraction(row["quantity"])
            if row["returns"] is not None or (quantity is not None and quantity <= 0):
                continue
            pieces = [Piece(line.amount, line.contribution, quantity)]
            name = f"{'order_line' if place < ordered else 'deal'}:{line.line_id}"
            found.setdefault(line.entity, {}).setdefault(line.at, {})[name] = pieces
            if place < ordered:
                sold[line.line_id] = pieces
        for line in every[:ordered]:
            row = own[line.line_id]
            if row["returns"] in sold:
                back = None if row["quantity"] is None else Fraction(row["quantity"])
                piece = Piece(line.amount, line.contribution, back, line.at)
                sold[row["returns"]].append(piece)
        return found

    def _valued(self, met: Met, every: list[Met]) -> Met:
        """The conversion with the first purchase at or after it, before the next of its kind."""
        same = sorted(
            (each for each in every if (each.of, each.entity) == (met.of, met.entity)),
            key=lambda each: (each.at, each.key),
        )
        following = {each.key: after.at for each, after in pairwise(same)}
        until = following.get(met.key)
        is_customer = met.of is Conversion.CUSTOMER
        smallest = min(party for party, code in self.company.codes.items() if code == met.entity)
        bought = [
            at
            for at in sorted(self.purchases.get(met.entity, {}))
            if at >= met.at and (until is None or at < until)
        ]
        if not bought:
            return replace(met, conversion_id=smallest if is_customer else met.key)
        purchase = self.purchases[met.entity][bought[0]]
        pieces = [piece for each in purchase.values() for piece in each]
        backs = [piece.back_at for piece in pieces if piece.back_at is not None]
        changed = max(backs, default=None)
        gone = is_customer and all(_is_gone(each) for each in purchase.values())
        return replace(
            met,
            conversion_id=min(purchase) if is_customer else met.key,
            revenue=_sum([piece.amount for piece in pieces]),
            contribution=_sum([piece.contribution for piece in pieces]),
            changed_at=changed,
            taken_at=changed if gone else met.taken_at,
        )


def _is_gone(pieces: list[Piece]) -> bool:
    """Whether all of a line was returned."""
    quantities = [piece.quantity for piece in pieces]
    if len(pieces) == 1 or None in quantities:
        return False
    return sum((each for each in quantities if each is not None), Fraction(0)) <= 0


def _sum(amounts: list[Fraction | None]) -> Fraction | None:
    known = [each for each in amounts if each is not None]
    return sum(known, Fraction(0)) if len(known) == len(amounts) else None
