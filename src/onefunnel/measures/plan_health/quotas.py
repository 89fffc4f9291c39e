"""The tests of quotas and of pay: who reaches them, who is paid for what, who got which leads."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean

import numpy as np

from onefunnel.measures.plan_health.attainment import Case
from onefunnel.measures.plan_health.result import PlanHealthRow
from onefunnel.measures.plan_health.rows import (
    AT_QUOTA,
    GOES_TOGETHER,
    NO_MORE_THAN_CHANCE,
    UNDER_THRESHOLD,
    About,
)
from onefunnel.measures.plan_health.statistics import correlation, ranked, share

PEOPLE = 5
"""Below so many people nothing is said of them."""
CASES = 10
"""Below so many quotas nothing is said of their spread."""
LAST_TENTH = 20
"""Attainments of twice the quota and more are in one tenth."""


def of_quotas(about: About, cases: Sequence[Case], periods: int) -> Iterator[PlanHealthRow]:
    """At or above the quota, below the threshold, the spread; and how many are in each tenth."""
    people = len({each.employee for each in cases})
    if people < PEOPLE:
        for test in ("at_quota", "under_threshold", "spread"):
            yield about.refused(test, "few_people", people, least=PEOPLE)
    else:
        yield _at_quota(about, cases, periods)
        yield _under_threshold(about, cases)
        yield _spread(about, cases)
    tenths = Counter(min(max(int(each.attained * 10), 0), LAST_TENTH) for each in cases)
    for tenth in sorted(tenths):
        yield about.plain("attained", float(tenths[tenth]), len(cases), {"from": tenth / 10})


def _at_quota(about: About, cases: Sequence[Case], periods: int) -> PlanHealthRow:
    clusters = _by_person(cases, [each.attained >= 1 for each in cases])
    reached = sum(yes for yes, _ in clusters)
    params = {"reached": reached, "people": len(clusters), "periods": periods}
    return about.told("at_quota", share(clusters), len(cases), AT_QUOTA, params)


def _under_threshold(about: About, cases: Sequence[Case]) -> PlanHealthRow:
    known = [each for each in cases if each.under is not None]
    if not known:
        return about.refused("under_threshold", "no_threshold")
    clusters = _by_person(known, [bool(each.under) for each in known])
    under = sum(yes for yes, _ in clusters)
    found = share(clusters)
    return about.told("under_threshold", found, len(known), UNDER_THRESHOLD, {"under": under})


def _spread(about: About, cases: Sequence[Case]) -> PlanHealthRow:
    if len(cases) < CASES:
        return about.refused("spread", "few_cases", len(cases), least=CASES)
    q1, median, q3 = np.quantile([each.attained for each in cases], [0.25, 0.5, 0.75])
    params = {"q1": float(q1), "median": float(median), "q3": float(q3)}
    return about.plain("spread", float(q3 - q1), len(cases), params)


def _by_person(cases: Sequence[Case], said: Sequence[bool]) -> list[tuple[int, int]]:
    """How many of each person's cases are so, and how many they are."""
    yes, every = Counter[str](), Counter[str]()
    for each, so in zip(cases, said, strict=True):
        yes[each.employee] += so
        every[each.employee] += 1
    return [(yes[who], every[who]) for who in every]


def leverage(about: About, cases: Sequence[Case]) -> PlanHealthRow:
    """What the best tenth of the periods paid, in multiples of the target pay."""
    paid = [each.paid for each in cases if each.paid is not None]
    if not paid:
        return about.refused("leverage", "no_target")
    if len(paid) < CASES:
        return about.refused("leverage", "few_cases", len(paid), least=CASES)
    return about.plain("leverage", float(np.quantile(paid, 0.9)), len(paid), {})


def pay_performance(
    about: About, pay: Mapping[str, float], brought: Mapping[str, float]
) -> PlanHealthRow:
    """Pay against contribution a day, person by person; both of who has both."""
    pairs = [(round(pay[who], 6), round(brought[who], 6)) for who in sorted({*pay} & {*brought})]
    return _related(about, "pay_performance", pairs, GOES_TOGETHER)


def unfair_quota(
    about: About, cases: Sequence[Case], potential: Mapping[str, float]
) -> PlanHealthRow:
    """The mean attainment of a person against what the leads they got are worth a day."""
    if not potential:
        return about.refused("unfair_quota", "no_leads")
    attained: dict[str, list[float]] = {}
    for each in cases:
        attained.setdefault(each.employee, []).append(each.attained)
    known = sorted({*attained} & {*potential})
    pairs = [(round(fmean(attained[who]), 6), round(potential[who], 6)) for who in known]
    return _related(about, "unfair_quota", pairs, NO_MORE_THAN_CHANCE)


def _related(
    about: About,
    test: str,
    pairs: Sequence[tuple[float, float]],
    healthy: tuple[float, float],
) -> PlanHealthRow:
    if len(pairs) < PEOPLE:
        return about.refused(test, "few_people", len(pairs), least=PEOPLE)
    found = correlation([ranked(pairs)])
    if found is None:
        return about.refused(test, "no_variation", len(pairs))
    proven = healthy == GOES_TOGETHER
    return about.told(test, found, len(pairs), healthy, {}, proven=proven)
