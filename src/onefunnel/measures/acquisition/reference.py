"""The measure ``acquisition`` in plain Python: lead after lead, row after row."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from onefunnel.funnel.reference.chances import Said, say, wilson
from onefunnel.funnel.reference.company import Company, Records, between
from onefunnel.funnel.reference.money import Line
from onefunnel.funnel.rules import Rules
from onefunnel.measures.acquisition.records_reference import PURCHASE, Contact, Plain, Values
from onefunnel.measures.acquisition.result import AcquisitionRow
from onefunnel.vocabulary import Question, Stage
from onefunnel.vocabulary.apportioning import apportioned, money

Amounts: TypeAlias = list[Decimal | None]


def acquisition(records: Records, rules: Rules, question: Question) -> tuple[AcquisitionRow, ...]:
    """One row per combination of dimension values of anything in the period, unknown last."""
    plain = Plain(Company(records, rules, question))
    values = plain.values()
    found = _Rows(plain)
    columns = (
        *plain.costs(values),
        found.sums(values, lambda line: [line.amount]),
        found.sums(values, lambda line: [line.contribution]),
        found.sums(values, lambda line: [line.contribution] if found.repeats(line) else []),
    )
    return tuple(
        found.row(each, [column[place] for column in columns]) for place, each in enumerate(values)
    )


class _Rows:
    """The figures of each combination of values."""

    def __init__(self, plain: Plain) -> None:
        self.plain, self.company, self.question = plain, plain.company, plain.question
        of_entity = {row["entity"]: plain.of(row) for row in plain.customers}
        self.sold = [
            (of_entity[line.entity], line) for line in plain.lines if line.entity in of_entity
        ]

    def repeats(self, line: Line) -> bool:
        """Whether a line came with or after its buyer's own entry into loyalty."""
        again = self.company.own[Stage.CUSTOMER_LOYALTY].get(line.entity)
        return again is not None and line.at >= again

    def sums(self, values: list[Values], part: Callable[[Line], list[Fraction | None]]) -> Amounts:
        """The sum of a part of the customers' lines in each row; None where none is known."""
        found: dict[Values, list[Fraction | None]] = {each: [] for each in values}
        for own, line in self.sold:
            found[own] += part(line)
        told = {
            each: sum((one for one in amounts if one is not None), Fraction(0))
            for each, amounts in found.items()
            if not amounts or any(one is not None for one in amounts)
        }
        whole = money(sum(told.values(), Fraction(0)))
        rounded = dict(zip(told, apportioned(list(told.values()), whole), strict=True))
        return [rounded.get(each) for each in values]

    def row(self, values: Values, amounts: Amounts) -> AcquisitionRow:
        """A row; ``amounts`` are spend, the part shared out, and the three sums."""
        spend, shared, revenue, contribution, repeat = amounts
        plain = self.plain
        leads = [row for row in plain.leads if plain.of(row) == values]
        accepted, rejected = (
            [row for row in leads if row["answer"] == answer] for answer in ("accepted", "rejected")
        )
        customers = sum(1 for row in plain.customers if plain.of(row) == values)
        said, hours = self.wins(leads), self.hours(leads)
        rate = len(accepted) / len(accepted + rejected) if accepted + rejected else None
        low, high = (None, None) if rate is None else wilson(rate, len(accepted + rejected))
        reason, times = self.top(rejected)
        return AcquisitionRow(
            spend=spend,
            touches=sum(1 for row in plain.touches if plain.of(row) == values),
            leads=len(leads),
            accepted=len(accepted),
            rejected=len(rejected),
            customers=customers,
            revenue=revenue,
            contribution=contribution,
            repeat_contribution=repeat,
            cost_per_lead=_quotient(spend, len(leads)),
            cost_per_accepted=_quotient(spend, len(accepted)),
            cost_per_customer=_quotient(spend, customers),
            return_on_spend=float(contribution / spend)
            if spend and contribution is not None
            else None,
            top_rejection_reason=reason,
            top_rejection_reason_leads=times,
            spend_shared=shared,
            unknown_contribution_lines=sum(
                1
                for own, line in self.sold
                if own == values and line.contribution is None and line.priced
            ),
            acceptance_rate=rate,
            acceptance_rate_low=low if low is None else max(0.0, low),
            acceptance_rate_high=high if high is None else min(1.0, high),
            win_rate=said.moved,
            win_rate_low=said.low,
            win_rate_high=said.high,
            horizon_days=self.question.horizon_days,
            maturity=said.maturity,
            hours=hours,
            contribution_per_hour=_quotient(contribution, hours),
            dimensions=dict(zip(self.question.by, values, strict=True)),
        )

    def top(self, rejected: list[Contact]) -> tuple[str | None, int]:
        """The reason of most rejected leads, of equals the first by name, unknown last."""
        counted = Counter(row["reason"] for row in rejected)
        order = sorted(counted, key=lambda reason: (-counted[reason], reason is None, reason or ""))
        return (order[0], counted[order[0]]) if order else (None, 0)

    def wins(self, leads: list[Contact]) -> Said:
        """How the buyers went on from the first of their leads."""
        first: dict[int, datetime] = {}
        for row in leads:
            first[row["entity"]] = min(row["at"], first.get(row["entity"], row["at"]))
        cases, left_out = [], 0
        for entity, since in first.items():
            entries = self.company.entries.get(entity)
            bought = entries[PURCHASE.position] if entries else None
            loss = self.company.losses.get(entity)
            if bought is not None and bought < since:
                continue
            if bought is not None and not self.company.observed(entity, PURCHASE):
                left_out += 1
            elif bought is not None:
                cases.append((between(since, bought), "moved"))
            elif loss is not None and loss[0] >= since:
                cases.append((between(since, loss[0]), "lost"))
            else:
                cases.append((between(since, self.question.now), "censored"))
        return say(cases, self.question.horizon_days, left_out)

    def hours(self, leads: list[Contact]) -> float | None:
        """The hours on record: of hand-offs, else of the activities of sales."""
        minutes: dict[str, list[float]] = defaultdict(list)
        for row in self.company.records["handoff"]:
            minutes[f"handed {row['lead_id']}"].append(row["minutes"] or 0.0)
        for row in self.company.records["activity"]:
            if row["subject_kind"] == "lead" and row["department"] == "sales":
                minutes[f"done {row['subject_id']}"].append(row["minutes"] or 0.0)
        of_each = (
            sum(minutes[f"handed {row['lead_id']}"]) or sum(minutes[f"done {row['lead_id']}"])
            for row in leads
        )
        return sum(of_each) / 60 or None


def _quotient(amount: Decimal | None, number: float | None) -> Decimal | None:
    return None if amount is None or not number else money(Fraction(amount) / Fraction(number))
