"""From the company's scorecard to those of teams: targets are shared out, and sums are kept."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from onefunnel.errors import UsageError
from onefunnel.measures.scorecard.curve import Curve
from onefunnel.measures.scorecard.findings import Finding, finding
from onefunnel.measures.scorecard.plan import Level, Measure, Scorecard
from onefunnel.vocabulary import Department
from onefunnel.vocabulary.apportioning import apportioned, money


def decomposed(
    scorecard: Scorecard,
    shares: Mapping[str, Decimal],
    level: Level = Level.TEAM,
    department: Department | None = None,
) -> tuple[Scorecard, ...]:
    """A scorecard per name in ``shares``, in its order, of a department where the whole has none.

    Threshold, target and cap of an additive measure are shared out to four decimals and sum to
    those of the whole exactly (to four decimals, where the whole has more). Those of a ratio stay
    as they are: a team has no part of a margin. Raises UsageError where shares are not above 0 or
    do not sum to 1.
    """
    check_shares(shares)
    curves = [_shared_curves(measure, list(shares.values())) for measure in scorecard.measures]
    return tuple(
        replace(
            scorecard,
            level=level,
            of=name,
            department=scorecard.department or department,
            measures=tuple(
                replace(measure, curve=curve[at])
                for measure, curve in zip(scorecard.measures, curves, strict=True)
            ),
        )
        for at, name in enumerate(shares)
    )


def parts_of(whole: Scorecard, cards: Sequence[Scorecard], day: date) -> tuple[Scorecard, ...]:
    """The scorecards that a whole is shared out to on a day: those of teams, else of persons.

    Those of a company's departments are none: what is in common stands on them with one target.
    """
    if whole.level not in (Level.COMPANY, Level.DEPARTMENT):
        return ()
    below = [
        each for each in cards if each.holds_on(day) and whole.department in (None, each.department)
    ]
    teams, persons = (
        tuple(each for each in below if each.level is level) for level in (Level.TEAM, Level.PERSON)
    )
    return teams or persons


def check_parts(whole: Scorecard, cards: Sequence[Scorecard]) -> tuple[Finding, ...]:
    """The additive measures of a whole that are not shared out to its parts, from any day on.

    Nothing where it has no parts: it is not shared out at all then.
    """
    begins = {each.valid_from for each in cards if whole.holds_on(each.valid_from)}
    held = [parts_of(whole, cards, day) for day in sorted({whole.valid_from, *begins})]
    found = [each for parts in held if parts for each in not_shared_out(whole, parts)]
    return tuple(dict.fromkeys(found))


def not_shared_out(whole: Scorecard, parts: Sequence[Scorecard]) -> tuple[Finding, ...]:
    """The additive measures whose targets on the parts don't sum to that of the whole."""
    found = []
    for measure in whole.measures:
        targets = [
            each.curve.target
            for part in parts
            for each in part.measures
            if each.source == measure.source
        ]
        shared, target = sum(targets, Decimal()), measure.curve.target
        if measure.additive and shared != target:
            params = {"whole": target, "shared": shared, "missing": target - shared}
            found.append(finding("target_not_shared_out", whole, measure, of=whole.of, **params))
    return tuple(found)


def shared_out(amount: Decimal, shares: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """An amount, such as a common pool, by fixed shares: to four decimals, the sum kept.

    Raises UsageError where shares are not above 0 or do not sum to 1.

    >>> half = Decimal("0.5")
    >>> {name: str(part) for name, part in shared_out(Decimal(9), {"a": half, "b": half}).items()}
    {'a': '4.5000', 'b': '4.5000'}
    """
    check_shares(shares)
    parts = [Fraction(amount) * Fraction(share) for share in shares.values()]
    return dict(zip(shares, apportioned(parts, money(Fraction(amount))), strict=True))


def check_shares(shares: Mapping[str, Decimal]) -> None:
    """Raise UsageError unless the shares are above 0 and sum to 1."""
    total = sum(shares.values(), Decimal())
    if total != 1 or any(share <= 0 for share in shares.values()):
        raise UsageError(f"The shares sum to {total}.", remedy="Give shares above 0 that sum to 1.")


def _shared_curves(measure: Measure, shares: Sequence[Decimal]) -> list[Curve]:
    curve = measure.curve
    if not measure.additive:
        return [curve] * len(shares)
    named = {str(at): share for at, share in enumerate(shares)}
    bounds = [
        shared_out(each, named).values() for each in (curve.threshold, curve.target, curve.cap)
    ]
    return [replace(curve, threshold=t, target=g, cap=c) for t, g, c in zip(*bounds, strict=True)]
