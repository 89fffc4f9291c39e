"""The planner of a trial: a random share of the leads that are left is worked, for how long?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from onefunnel.measures.incentives.result import IncentivesRow
from onefunnel.measures.incentives.trial import Question, Trial, plan_trial
from onefunnel.web.locale import Words
from onefunnel.web.pages.incentives.said import plain, segment_name
from onefunnel.web.pages.incentives.typed import impossible, number

SHARES = (5, 10, 20, 50)
HORIZON_MONTHS = 24
MOST_COST = 1_000_000.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What is planned: the share in percent, and what an hour costs, None where nobody said."""

    share: int = SHARES[0]
    hour_cost: float | None = None


@dataclass(frozen=True, slots=True)
class TrialView:
    """A segment: the leads left a month, and what a trial takes; ``why`` says where it can't."""

    name: Markup
    left: str
    a_month: str
    hours: str
    months: Markup
    leads: str
    why: Markup


def read(given: Mapping[str, str], typed: float | None, words: Words) -> Asked:
    """What an address asks for; ``typed`` is the cost of an hour in the terms. UsageError."""
    share = given.get("share", "")
    if share and share not in {str(each) for each in SHARES}:
        valid = words.listed(words.figures.share(each / 100) for each in SHARES)
        raise impossible(words.say("Share"), share, valid, words)
    cost = number(given, "hour_cost", words.say("Cost of an hour"), words, MOST_COST)
    return Asked(int(share or SHARES[0]), typed if cost is None else cost)


@dataclass(frozen=True, slots=True)
class PlannedTrial:
    """A segment with the leads that are left a month, and its trial: None where it can't be."""

    segment: str | None
    left: float
    trial: Trial | None


def planned_trials(
    rows: Sequence[IncentivesRow],
    share: float,
    hour_cost: float | None,
    horizon_months: int = HORIZON_MONTHS,
) -> tuple[PlannedTrial, ...]:
    """A trial per segment with leads that were left; wins are taken to differ by what they bring.

    It can't be planned where the chance, the contribution or the hours per lead are unknown, or
    what an hour costs.
    """
    return tuple(
        PlannedTrial(row.segment, _left(row), _trial(row, share, hour_cost, horizon_months))
        for row in rows
        if row.segment is not None and _left(row) >= 1.0
    )


def trials(rows: Sequence[IncentivesRow], asked: Asked, words: Words) -> tuple[TrialView, ...]:
    """A line per segment with leads that were left."""
    found = planned_trials(rows, asked.share / 100, asked.hour_cost)
    return tuple(_view(each, asked, words) for each in found)


def _left(row: IncentivesRow) -> float:
    if row.leads is None or row.worked_actual is None:
        return 0.0
    return row.leads - row.worked_actual


def _trial(
    row: IncentivesRow, share: float, hour_cost: float | None, horizon_months: int
) -> Trial | None:
    win, hours = row.win_probability, row.hours_per_lead
    if win is None or not hours or row.contribution_per_win is None or hour_cost is None:
        return None
    brings = float(row.contribution_per_win)
    left = Question(_left(row), win, row.win_unworked or 0.0, brings, hours, hour_cost, abs(brings))
    return plan_trial(left, share, horizon_months=horizon_months)


def _view(each: PlannedTrial, asked: Asked, words: Words) -> TrialView:
    name, left = segment_name(each.segment, words), plain(each.left, words)
    found = each.trial
    if found is None:
        why = words.say("unknown: chance, contribution or hours per lead, or the cost of an hour")
        return TrialView(name, left, "", "", Markup(""), "", why)
    months = Markup("")
    if found.months is not None:
        months = words.count("{n} month", "{n} months", found.months)
    return TrialView(
        name,
        left,
        plain(asked.share / 100 * each.left, words),
        plain(found.hours_per_month, words),
        months,
        plain(found.leads, words) if found.months is not None else "",
        _why(found, words),
    )


def _why(found: Trial, words: Words) -> Markup:
    """Why there is no number of months."""
    code = found.notes[0].code if found.notes else ""
    if code == "refused_no_margin":
        return words.say("An hour brings just what it costs: there is nothing to find.")
    if code == "refused_within_horizon":
        return words.count(
            "Not within {most}: it would take {n} month.",
            "Not within {most}: it would take {n} months.",
            int(found.notes[0].params["months"]),
            most=words.count("{n} month", "{n} months", HORIZON_MONTHS),
        )
    return Markup("")
