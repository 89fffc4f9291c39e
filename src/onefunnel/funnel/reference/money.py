"""Money of a company, line after line, with fractions."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from onefunnel.funnel.reference.chances import Case, Curve, curve, moved_by, say, surviving_at
from onefunnel.funnel.reference.company import Company, between
from onefunnel.vocabulary import STAGES, Stage

PURCHASE = Stage.PURCHASE.position


@dataclass
class Line:
    """A dated order line or a won deal; None is unknown. ``priced``: a line, or a deal's amount."""

    line_id: str
    entity: int
    at: datetime
    amount: Fraction | None
    contribution: Fraction | None
    priced: bool = True


def rounded(amount: Fraction, places: str = "0.0001") -> Decimal:
    """Half away from zero."""
    with localcontext() as context:
        context.prec = 60
        exact = Decimal(amount.numerator) / Decimal(amount.denominator)
        return exact.quantize(Decimal(places), rounding=ROUND_HALF_UP)


def convert(
    company: Company, amount: Fraction | None, currency: str | None, at: datetime
) -> Fraction | None:
    """Into the question's currency by the latest rate on or before the day in UTC."""
    return convert_on(company, amount, currency, at.astimezone(UTC).date())


def convert_on(
    company: Company, amount: Fraction | None, currency: str | None, day: date
) -> Fraction | None:
    """The same for a day."""
    target = company.question.currency
    if amount is None or currency is None or currency == target:
        return amount
    if rate := _rate(company, currency, target, day):
        return Fraction(rounded(amount * rate))
    if rate := _rate(company, target, currency, day):
        return Fraction(rounded(amount / rate))
    return None


def _rate(company: Company, currency: str, base: str, day: date) -> Fraction | None:
    past = [
        row
        for row in company.records["rate"]
        if (row["currency"], row["base"]) == (currency, base)
        and row["day"] is not None
        and row["day"] <= day
        and row["rate"] is not None
        and row["rate"] > 0
    ]
    if not past:
        return None
    return Fraction(max(past, key=lambda row: (row["day"], row["rate_id"]))["rate"])


def lines(company: Company) -> list[Line]:
    """Dated order lines, and won deals that no order line names."""
    found = []
    for row in company.dated["order_line"]:
        quantity, price, cost = row["quantity"], row["net_price"], row["unit_cost"]
        amount = contribution = None
        if quantity is not None and price is not None:
            amount = Fraction(quantity) * Fraction(price)
            if cost is not None:
                contribution = Fraction(quantity) * (Fraction(price) - Fraction(cost))
        amount = convert(company, amount, row["currency"], row["at"])
        contribution = convert(company, contribution, row["currency"], row["at"])
        line = Line(row["order_line_id"], row["entity"], row["at"], amount, contribution)
        found.append(line)
    named = {row["deal_id"] for row in company.records["order_line"]}
    for deal_id, (status, event) in company.standing_deals().items():
        if status == "won" and deal_id not in named:
            amount, currency = _last_amount(company, deal_id)
            priced = amount is not None
            amount = convert(company, amount, currency, event["at"])
            found.append(Line(deal_id, event["entity"], event["at"], amount, None, priced))
    return found


def _last_amount(company: Company, deal_id: str) -> tuple[Fraction | None, str | None]:
    stated = [
        row
        for row in company.dated["deal_event"]
        if row["deal_id"] == deal_id and row["amount"] is not None
    ]
    return (Fraction(stated[-1]["amount"]), stated[-1]["currency"]) if stated else (None, None)


def total(amounts: list[Fraction | None]) -> Decimal | None:
    """The sum of what is known: 0 of nothing, None if there is something but all is unknown."""
    known = [amount for amount in amounts if amount is not None]
    if amounts and not known:
        return None
    return rounded(sum(known, Fraction(0)))


def cases(company: Company, entities: list[int], start: int, end: int) -> list[Case]:
    """How each entity that was observed to enter one stage went on to a later one."""
    found = []
    for entity in entities:
        entries = company.entries[entity]
        entry, following = entries[start], entries[end]
        if entry is None or not company.observed(entity, STAGES[start]):
            continue
        loss = company.losses.get(entity)
        if following is not None:
            if company.observed(entity, STAGES[end]):
                found.append((between(entry, following), "moved"))
        elif end <= PURCHASE and loss is not None and loss[0] >= entry:
            found.append((between(entry, loss[0]), "lost"))
        else:
            found.append((between(entry, company.question.now), "censored"))
    return found


def left_out(company: Company, entities: list[int], start: int, end: int) -> int:
    """How many of them went on at a time that is only implied."""
    return sum(
        1
        for entity in entities
        if company.observed(entity, STAGES[start])
        and company.entries[entity][end] is not None
        and not company.observed(entity, STAGES[end])
    )


def shown(company: Company, stage: Stage) -> bool:
    """Whether the ledger holds any row of a table that the stage's rules read."""
    return any(company.records[rule.fact] for rule in company.rules.of(stage).rules)


class Expectations:
    """What open cases are worth: the chance to buy in the rest of the horizon, times a buyer."""

    def __init__(self, company: Company, every_line: list[Line]) -> None:
        self.company = company
        self.curves: dict[int, list[Curve]] = {}
        everybody = list(company.entries)
        for start in range(PURCHASE):
            each = cases(company, everybody, start, PURCHASE)
            out = left_out(company, everybody, start, PURCHASE)
            if not say(each, company.question.horizon_days, out).refused:
                self.curves[start] = curve(each)
        sums = []
        for entity, entries in company.entries.items():
            bought = entries[PURCHASE]
            mine = [
                line.contribution
                for line in every_line
                if line.entity == entity and bought is not None and line.at >= bought
            ]
            if mine and None not in mine:
                sums.append(sum((each for each in mine if each is not None), Fraction(0)))
        self.worth = sum(sums, Fraction(0)) / len(sums) if sums else None

    def of(self, entities: list[int], stage: Stage) -> Decimal | None:
        """The expected contribution of those of the entities that are open; None: refused."""
        if self.worth is None or not self.curves:
            return None
        worth, judged, unjudged = Fraction(0), 0, 0
        for entity in entities:
            entries = self.company.entries[entity]
            if entries[PURCHASE] is not None or entity in self.company.losses:
                continue
            position = max(k for k, entry in enumerate(entries) if entry is not None)
            if position in self.curves:
                judged += 1
                worth += self.worth * self._chance(position, entries[position])
            else:
                unjudged += 1
        if stage.position < PURCHASE and unjudged and not judged:
            return None
        return rounded(worth)

    def _chance(self, position: int, since: datetime | None) -> Fraction:
        assert since is not None
        horizon = self.company.question.horizon_days * 86_400
        age = between(since, self.company.question.now) // 86_400 * 86_400
        steps = self.curves[position]
        left = surviving_at(steps, age)
        if age >= horizon or left <= 0:
            return Fraction(0)
        chance = (moved_by(steps, horizon) - moved_by(steps, age)) / left
        return Fraction(Decimal(chance).quantize(Decimal("1e-12")))
