"""From what is on record, what is typed and what plans pay to the inputs of the comparison."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from onefunnel.funnel.estimates import SMALLEST_COHORT, Estimate, Refusal, refusal_params
from onefunnel.measures.incentives.hours import available
from onefunnel.measures.incentives.notes import note
from onefunnel.measures.incentives.paid_bases import EVERYTHING, OF_BASE, Products
from onefunnel.measures.incentives.paying import PayOfEach, Payroll, payroll_of
from onefunnel.measures.incentives.plans import InForce
from onefunnel.measures.incentives.quantities import Quantity, product, total
from onefunnel.measures.incentives.ranges import On, Ranges, Typed
from onefunnel.measures.incentives.records import Mean, Recorded, Records
from onefunnel.measures.incentives.response import Staff
from onefunnel.measures.incentives.segments import NOTHING, Segment, Sheet
from onefunnel.pay.plan import Base, Component
from onefunnel.vocabulary import Note, Question

HOUR = Quantity.exact(1.0 / 60.0)


@dataclass(slots=True)
class Remarks:
    """What is gathered while a sheet is filled in: names of segments by what is said of them."""

    typed: list[str] = field(default_factory=list)
    few_wins: list[str] = field(default_factory=list)
    margin_typed: list[str] = field(default_factory=list)
    left_as_lost: list[str] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Filled:
    """The sheet, who answers a plan with steps, and remarks; what each is paid a win by a plan."""

    sheet: Sheet
    staff: tuple[Staff, ...]
    notes: tuple[Note, ...]
    pay_of_each: PayOfEach


def fill(records: Records, ranges: Ranges, plans: InForce, question: Question) -> Filled:
    """The sheet of a question; a segment must have leads.

    What is typed for a segment goes before the records, other ranges stand in where they say
    nothing. A chance is the incidence at the horizon; without hand-offs and deals nobody knows who
    was worked, then wins are given instead. A lead that is left is taken never to be won where too
    few were left to tell.
    """
    return _Filler(records, ranges, plans, question).filled()


class _Filler:
    """Fills the sheet of one question."""

    def __init__(
        self, records: Records, ranges: Ranges, plans: InForce, question: Question
    ) -> None:
        self.records, self.ranges, self.plans = records, ranges, plans
        self.products: Products = plans.products
        self.question, self.remarks = question, Remarks()
        self.by_name: Mapping[str, Recorded] = {each.segment: each for each in records.segments}

    def filled(self) -> Filled:
        hours = available(self.ranges, self.records, self.question)
        self.remarks.typed += hours.typed
        payroll = payroll_of(self.plans, self.records, self.base_of)
        segments = tuple(self.segment(each, payroll) for each in self.records.segments)
        typed_pay = any(self.ranges.of(name).pay_per_win is not None for name in self.by_name)
        notes = (*self.plans.notes, *hours.notes, *payroll.notes, *self.notes())
        sheet, staff = Sheet(segments, hours.hours), () if typed_pay else payroll.staff
        return Filled(sheet, staff, notes, payroll.of_each)

    def segment(self, on_record: Recorded, payroll: Payroll) -> Segment:
        name, typed = on_record.segment, self.ranges.of(on_record.segment)
        self.remarks.typed += [
            f"{key} ({name})" for key in Typed.__slots__ if getattr(typed, key) is not None
        ]
        leads = Quantity.exact(float(on_record.leads))
        spend = on_record.spend
        found = Segment(
            name,
            leads=leads,
            hours_per_lead=self.hours_per_lead(on_record),
            contribution_per_win=self.contribution_per_win(on_record),
            pay_per_win=self.pay_per_win(name, payroll),
            worked=self.worked(on_record),
            win_probability=typed.win_probability,
            win_unworked=typed.win_unworked or NOTHING,
            spend=None if spend is None or spend < 0.0 else Quantity.exact(spend),
            revenue_per_win=self.mean(on_record, "revenue", EVERYTHING).quantity,
        )
        return self.with_chances(found, on_record)

    def with_chances(self, segment: Segment, on_record: Recorded) -> Segment:
        """The chances that are not typed; wins where nothing shows who was worked."""
        typed, horizon = self.ranges.of(segment.name), self.question.horizon_days
        if typed.win_probability is not None:
            return segment
        if not self.records.traced:
            every = self.estimated(on_record.chance_of_all(horizon))
            if every is None:
                return segment
            wins = product(Quantity.exact(float(on_record.leads)), every)
            worked = segment.worked or _between(wins.best, float(on_record.leads))
            return replace(segment, wins=wins, worked=worked)
        chance = self.estimated(on_record.chance(horizon))
        if typed.win_unworked is not None:
            return replace(segment, win_probability=chance)
        left = on_record.chance_left(horizon)
        if left.refusal is not None and on_record.worked < on_record.leads:
            self.remarks.left_as_lost.append(segment.name)
        return replace(segment, win_probability=chance, win_unworked=_chance(left) or NOTHING)

    def estimated(self, said: Estimate) -> Quantity | None:
        if said.refusal is not None:
            self.remarks.refusals.append(said.refusal)
        return _chance(said)

    def worked(self, on_record: Recorded) -> Quantity | None:
        share = self.ranges.of(on_record.segment).worked_share
        if share is not None:
            return product(Quantity.exact(float(on_record.leads)), share)
        return Quantity.exact(float(on_record.worked)) if self.records.traced else None

    def hours_per_lead(self, on_record: Recorded) -> Quantity | None:
        typed = self.ranges.of(on_record.segment).minutes_per_lead
        if typed is not None:
            return product(typed, HOUR)
        minutes = on_record.minutes.positive
        if minutes is None and self.ranges.minutes_per_lead is not None:
            self.say_typed("minutes_per_lead")
            minutes = self.ranges.minutes_per_lead
        return None if minutes is None else product(minutes, HOUR)

    def contribution_per_win(self, on_record: Recorded) -> Quantity | None:
        typed = self.ranges.of(on_record.segment).contribution_per_win
        if typed is not None:
            return typed
        found = self.contribution(on_record, EVERYTHING)
        if found is None and self.mean(on_record, "told", EVERYTHING).size < SMALLEST_COHORT:
            self.remarks.few_wins.append(on_record.segment)
        return found

    def contribution(self, on_record: Recorded, products: tuple[str, ...]) -> Quantity | None:
        """What a win brings by such products: what is told, and by the margin what is not."""
        own = self.ranges.of(on_record.segment).margin
        revenue = self.mean(on_record, "revenue", products).quantity
        if own is not None:
            return None if revenue is None else _part(revenue, own)
        told = self.mean(on_record, "told", products).quantity
        untold = self.mean(on_record, "untold", products)
        if told is None or untold == Mean(untold.size, 0.0, 0.0):
            return told
        margin, rest = self.ranges.margin, untold.quantity
        if margin is None or rest is None:
            return None
        self.say_typed("margin")
        if on_record.segment not in self.remarks.margin_typed:
            self.remarks.margin_typed.append(on_record.segment)
        return total(told, _part(rest, margin))

    def base_of(self, part: Component, name: str) -> Quantity | None:
        """What a win of a segment counts for a component of a plan."""
        on_record = self.by_name[name]
        if part.base is not Base.MARGIN:
            return self.mean(on_record, OF_BASE[part.base], part.products).quantity
        typed = self.ranges.of(name).contribution_per_win
        if typed is not None and not part.products:
            return typed
        return self.contribution(on_record, part.products)

    def pay_per_win(self, name: str, payroll: Payroll) -> Quantity | None:
        typed, rule = self.ranges.of(name).pay_per_win, self.ranges.pay
        if typed is not None:
            return typed
        if self.plans.plans or rule is None:
            return payroll.per_win.get(name)
        self.say_typed("pay")
        on_record = self.by_name[name]
        base = self.mean(on_record, "revenue", EVERYTHING).quantity
        if rule.on is On.MARGIN:
            own = self.ranges.of(name).contribution_per_win
            base = own or self.contribution(on_record, EVERYTHING)
        return None if base is None else _part(base, rule.rate)

    def mean(self, on_record: Recorded, kind: str, products: tuple[str, ...]) -> Mean:
        return on_record.brought[self.products.column(kind, products)]

    def say_typed(self, name: str) -> None:
        if name not in self.remarks.typed:
            self.remarks.typed.append(name)

    def notes(self) -> Iterator[Note]:
        said, records = self.remarks, self.records
        if said.typed:
            yield note("typed_inputs", inputs=", ".join(said.typed))
        for params in refusal_params(said.refusals, self.question.horizon_days):
            yield note("refused_win_probability", **params)
        for code, names in (
            ("left_taken_as_lost", said.left_as_lost),
            ("margin_typed", said.margin_typed),
            ("lost_segment", [name for name in self.ranges.segments if name not in self.by_name]),
        ):
            if names:
                yield note(code, segments=", ".join(names))
        if said.few_wins:
            few = ", ".join(said.few_wins)
            yield note("few_wins", segments=few, needed=SMALLEST_COHORT)
        unpriced = sum(each.wins - self.mean(each, "revenue", ()).size for each in records.segments)
        if unpriced:
            yield note("wins_without_amount", wins=unpriced)
        if not records.traced:
            yield note("worked_unknown")
        if records.unassigned:
            amount = f"{records.unassigned:.2f} {self.question.currency}"
            yield note("spend_without_segment", amount=amount)


def _chance(said: Estimate) -> Quantity | None:
    if said.moved is None or said.low is None or said.high is None:
        return None
    # Rounding must not take a bound past the estimate.
    low, high = min(said.low, said.moved), max(said.high, said.moved)
    return Quantity.estimated(said.moved, low, high)


def _between(low: float, high: float) -> Quantity:
    """All that is known is the ends; the middle is as good as any."""
    return Quantity.typed_range(low, (low + high) / 2.0, high)


def _part(amount: Quantity, rate: Quantity) -> Quantity:
    """A share from 0 up of an amount that may be negative."""
    ends = [end * share for end in (amount.low, amount.high) for share in (rate.low, rate.high)]
    typed = amount.typed or rate.typed
    return Quantity(amount.best * rate.best, min(ends), max(ends), typed)
