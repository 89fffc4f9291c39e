"""The measure ``conversion`` in plain Python."""

from onefunnel.funnel.reference.chances import Said, say
from onefunnel.funnel.reference.company import Company, Records
from onefunnel.funnel.reference.money import PURCHASE, cases, left_out, shown
from onefunnel.funnel.reference.stages import entered, entered_values, of_values, population
from onefunnel.funnel.result import ConversionRow
from onefunnel.funnel.rules import Rules
from onefunnel.vocabulary import STAGES, Question


def conversion(records: Records, rules: Rules, question: Question) -> tuple[ConversionRow, ...]:
    """Every stage to the next, and every stage that anybody was observed to enter to purchase."""
    company = Company(records, rules, question)
    pairs = []
    for start in STAGES:
        seen = any(company.observed(entity, start) for entity in company.entries)
        for end in STAGES[start.position + 1 :]:
            adjacent = end.position == start.position + 1
            if adjacent or (end.position == PURCHASE and seen):
                pairs.append((start, end))
    rows = []
    for values in entered_values(company):
        for start, end in pairs:
            cohort = entered(company, of_values(company, values), start)
            each = cases(company, cohort, start.position, end.position)
            surveyed = population(company, start) or population(company, end)
            out = left_out(company, cohort, start.position, end.position)
            given = not surveyed and shown(company, end)
            said = say(each, question.horizon_days, out) if given else Said()
            rows.append(
                ConversionRow(
                    from_stage=start,
                    to_stage=end,
                    at_risk=len(each),
                    conversion=said.moved,
                    conversion_low=said.low,
                    conversion_high=said.high,
                    lost=said.lost,
                    horizon_days=question.horizon_days,
                    median_days=said.median_days,
                    maturity=said.maturity,
                    dimensions=dict(zip(question.by, values, strict=True)),
                )
            )
    return tuple(rows)
