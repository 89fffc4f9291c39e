"""The rows and notes of the measure ``acquisition``, from the answers of its queries."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from onefunnel.funnel.collected import (
    Collected,
    Values,
    cohort_of,
    groups,
    in_order,
    left_out_of,
    rows_of,
)
from onefunnel.funnel.estimates import Estimate, estimate
from onefunnel.funnel.incidence import wilson
from onefunnel.funnel.rules import Rules
from onefunnel.measures.acquisition.costs import charges
from onefunnel.measures.acquisition.remarks import remarks
from onefunnel.measures.acquisition.result import AcquisitionRow
from onefunnel.measures.acquisition.sharing import NOTHING, Spend, parts, rounded
from onefunnel.vocabulary import Note, Question
from onefunnel.vocabulary.apportioning import money

FREE = Spend(Decimal("0.0000"), Decimal("0.0000"))
MINUTES_AN_HOUR = 60


def assemble(
    collected: Collected, rules: Rules, question: Question
) -> tuple[tuple[AcquisitionRow, ...], tuple[Note, ...]]:
    """A row per dimension values that anything fell into, in order; without dimensions one.

    Raises InputError where ``attribution.toml`` can't be read.
    """
    cohorts = _Cohorts(collected, question)
    found = tuple(cohorts.row(values) for values in cohorts.values)
    return found, tuple(
        remarks(cohorts.answers, cohorts.charged, cohorts.estimates, found, question)
    )


class _Cohorts:
    """The answers of the queries, read once."""

    def __init__(self, collected: Collected, question: Question) -> None:
        self.answers, self.question = collected, question
        by = question.by
        self.touches, self.leads, self.reasons, self.hours, self.customers, self.money = (
            rows_of(collected[name], by)
            for name in ("touches", "leads", "reasons", "hours", "customers", "money")
        )
        self.cohorts = groups(collected["durations"], by)
        self.charged = charges(collected, question)
        self.values = self._values()
        self.spend = rounded(self.charged.costs)
        self.estimates = {values: self._estimate(values) for values in self.values}
        self.revenue = self._sums("revenue", "priced", "lines")
        self.contribution = self._sums("contribution", "told", "lines")
        self.repeated = self._sums("repeated", "repeat_told", "repeat_lines")

    def row(self, values: Values) -> AcquisitionRow:
        leads = self.leads.get(values, {})
        accepted, rejected = leads.get("accepted", 0), leads.get("rejected", 0)
        answered, said = accepted + rejected, self.estimates[values]
        rate = accepted / answered if answered else None
        low, high = wilson(rate, answered) if rate is not None else (None, None)
        spend = self._spend(values)
        amount, shared = (spend.amount, spend.shared) if spend else (None, None)
        customers = self.customers.get(values, {}).get("customers", 0)
        contribution, hours = self.contribution[values], self._hours(values)
        reason = self.reasons.get(values, {})
        return AcquisitionRow(
            spend=amount,
            touches=self.touches.get(values, {}).get("touches", 0),
            leads=leads.get("leads", 0),
            accepted=accepted,
            rejected=rejected,
            customers=customers,
            revenue=self.revenue[values],
            contribution=contribution,
            repeat_contribution=self.repeated[values],
            cost_per_lead=_per(amount, leads.get("leads", 0)),
            cost_per_accepted=_per(amount, accepted),
            cost_per_customer=_per(amount, customers),
            return_on_spend=_ratio(contribution, amount),
            top_rejection_reason=reason.get("reason"),
            top_rejection_reason_leads=reason.get("leads", 0),
            spend_shared=shared,
            unknown_contribution_lines=self.money.get(values, {}).get("unknown", 0),
            acceptance_rate=rate,
            acceptance_rate_low=low,
            acceptance_rate_high=high,
            win_rate=said.moved,
            win_rate_low=said.low,
            win_rate_high=said.high,
            horizon_days=self.question.horizon_days,
            maturity=said.maturity,
            hours=hours,
            contribution_per_hour=_per(contribution, hours),
            dimensions=dict(zip(self.question.by, values, strict=True)),
        )

    def _values(self) -> list[Values]:
        """The values of every row, in order: those with anything, or that spend names."""
        if not self.question.by:
            return [()]
        found = {*self.touches, *self.leads, *self.customers, *self.charged.costs}
        return sorted(found, key=in_order)

    def _estimate(self, values: Values) -> Estimate:
        part = self.cohorts.get(values)
        return estimate(cohort_of(part), self.question.horizon_days, left_out_of(part))

    def _spend(self, values: Values) -> Spend | None:
        return self.spend.get(values, FREE) if self.charged.any else None

    def _hours(self, values: Values) -> float | None:
        minutes = self.hours.get(values, {}).get("minutes")
        return float(minutes) / MINUTES_AN_HOUR if minutes else None

    def _sums(self, name: str, known: str, lines: str) -> dict[Values, Decimal | None]:
        """Sums of what is known, which add up; None where there are lines and none is known."""
        found: dict[Values, Decimal | None] = dict.fromkeys(self.values)
        told = {values: self.money.get(values, {}) for values in self.values}
        told = {values: row for values, row in told.items() if _is_known(row, known, lines)}
        exact = [Fraction(row.get(name) or NOTHING) for row in told.values()]
        found.update(zip(told, parts(exact), strict=True))
        return found


def _is_known(row: Mapping[str, Any], known: str, lines: str) -> bool:
    return not row.get(lines) or bool(row[known])


def _per(amount: Decimal | None, number: float | None) -> Decimal | None:
    """An amount per lead, customer or hour; None where there is none or the amount is unknown.

    >>> _per(Decimal("100.0000"), 3), _per(Decimal(1), 0), _per(None, 2)
    (Decimal('33.3333'), None, None)
    """
    return money(Fraction(amount) / Fraction(number)) if amount is not None and number else None


def _ratio(amount: Decimal | None, divisor: Decimal | None) -> float | None:
    return float(Fraction(amount) / Fraction(divisor)) if amount is not None and divisor else None
