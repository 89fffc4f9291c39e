"""The companies that have a name: company X, a healthy one, and one per conflict."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from onefunnel.errors import UnknownName
from onefunnel.simulator.delays import Delay
from onefunnel.simulator.names import LANGUAGES
from onefunnel.simulator.scenario import Channel, Conflicts, Plan, Scenario, Segment, Step

# Company X: 100 leads for gates and 400 for spare parts meet 300 hours; all would take 460.
GATES = Segment(
    "gates",
    share=0.2,
    price=2000.0,
    margin=0.15,
    hours=3.0,
    win=0.25,
    lose=0.65,
    win_delay=Delay("lognormal", 21.0, 0.6),
    lose_delay=Delay("lognormal", 30.0, 0.7),
)
PARTS = Segment(
    "parts",
    share=0.8,
    price=60.0,
    margin=0.6,
    hours=0.4,
    win=0.4,
    lose=0.5,
    win_delay=Delay("lognormal", 5.0, 0.8),
    lose_delay=Delay("lognormal", 9.0, 0.8),
)
HOURS_OF_X = 300.0 / 460.0

STEPS = (
    Step(0.60, Delay("lognormal", 3.0, 1.0)),
    Step(0.33, Delay("weibull", 6.0, 0.8)),
    Step(0.68, Delay("exponential", 4.0), 0.17, Delay("lognormal", 12.0, 0.8)),
    Step(0.64, Delay("lognormal", 3.0, 0.9), 0.21, Delay("weibull", 15.0, 1.2)),
    Step(0.45, Delay("weibull", 60.0, 1.1)),
    Step(0.30, Delay("exponential", 25.0)),
)

ON_PRICE = Plan("price", 0.03)
# What pays as much in all as three per cent of the price did, where the gates alone are worked.
ON_CONTRIBUTION = Plan("contribution", 0.161987)

FIRST_DAYS = {"gregorian": date(2023, 1, 1), "solar_hijri": date(2023, 3, 21)}
"""The first day of a year of each calendar; two years from either have 731 days."""

_CHANNELS = (
    ("search", "google", "cpc", 0.16, 1.10, 2.40, 0.75),
    ("organic", "google", "organic", 0.14, 1.15, 0.30, 0.65),
    ("social", "facebook", "paid_social", 0.11, 0.75, 0.90, 0.60),
    ("email", "newsletter", "email", 0.08, 1.20, 0.20, 0.70),
    ("display", "adnetwork", "display", 0.07, 0.60, 0.50, 0.35),
    ("video", "youtube", "video", 0.06, 0.70, 0.70, 0.50),
    ("referral", "partner", "referral", 0.06, 1.30, 0.80, 0.90),
    ("marketplace", "marketplace", "listing", 0.05, 1.00, 1.50, 0.85),
    ("messenger", "messenger", "chat", 0.04, 0.95, 0.60, 0.70),
    ("radio", "radio", "offline", 0.03, 0.80, 1.10, 0.75),
    ("outdoor", "billboard", "offline", 0.03, 0.75, 1.30, 0.60),
    ("print", "magazine", "offline", 0.03, 0.85, 1.20, 0.65),
    ("fair", "fair", "event", 0.03, 1.40, 6.00, 0.95),
    ("webinar", "webinar", "event", 0.02, 1.25, 2.00, 0.90),
    ("affiliate", "affiliate", "affiliate", 0.02, 0.90, 1.00, 0.40),
    ("telemarketing", "callcentre", "phone", 0.02, 0.80, 3.00, 0.80),
    ("maps", "maps", "local", 0.02, 1.10, 0.40, 0.55),
    ("comparison", "comparison", "listing", 0.01, 1.05, 1.40, 0.70),
    ("podcast", "podcast", "audio", 0.01, 0.95, 0.80, 0.90),
    ("influencer", "influencer", "paid_social", 0.01, 0.70, 1.60, 0.80),
)


def channels(count: int) -> tuple[Channel, ...]:
    """The first so many of the twenty channels, their shares adding up to 1.

    >>> len(channels(4)), round(sum(each.share for each in channels(4)), 9)
    (4, 1.0)
    """
    taken = _CHANNELS[:count]
    total = sum(each[3] for each in taken)
    return tuple(
        Channel(name, source, medium, share / total, quality, cost, recalled)
        for name, source, medium, share, quality, cost, recalled in taken
    )


def healthy(touches: int = 100_000, seed: int = 0, language: str = "en", **more: Any) -> Scenario:
    """A company without the quarrel: hours enough, pay on contribution, every lead followed up.

    About three persons in a hundred buy. ``more`` sets other fields of the :class:`Scenario`.
    """
    count = 20 if touches >= 100_000 else 6
    given: dict[str, Any] = {
        "name": "healthy",
        "segments": (GATES, PARTS),
        "channels": channels(count),
        "steps": STEPS,
        "start": FIRST_DAYS[LANGUAGES[language].calendar],
        "plan": ON_CONTRIBUTION,
        "tested_discount": 0.06,
        "campaigns_per_channel": 3 if touches >= 10_000 else 1,
    }
    given.update(more)
    return Scenario(touches=touches, seed=seed, language=language, **given)


def company_x(touches: int = 100_000, seed: int = 0, language: str = "en", **more: Any) -> Scenario:
    """Company X: too few hours, and pay on the price that pulls them to the gates.

    By the base numbers (100 leads for gates, 400 for parts, 300 hours) the alignment index is
    0.8099, the pay plan costs 1,760 and the missing hours 4,000 of contribution.
    """
    conflicts = Conflicts(hours=HOURS_OF_X, pull=1.0)
    given: dict[str, Any] = {
        "name": "company-x",
        "plan": ON_PRICE,
        "conflicts": conflicts,
        "tested_discount": 0.0,
    }
    given.update(more)
    return healthy(touches, seed, language, **given)


CONFLICTS: Mapping[str, Mapping[str, float]] = {
    "too-few-hours": {"hours": HOURS_OF_X},
    # A plan can pull only where hours are scarce: so this company has those of company X.
    "pulling-pay-plan": {"hours": HOURS_OF_X, "pull": 1.0},
    "no-follow-up": {"follow_up": 0.6, "response_hours": 40.0},
    "poor-leads": {"junk": 0.4},
    "following-discounts": {"discount_slope": 0.01},
    "drifting-responsibilities": {"drift": 0.4},
    "growing-approvals": {"approvals_growth": 2.0},
    "avoiding-heads": {"heads_apart": 0.05},
}
"""The sizes of the conflicts that have a scenario of their own; all else is as in the healthy."""


def with_conflict(
    name: str, touches: int = 100_000, seed: int = 0, language: str = "en", **more: Any
) -> Scenario:
    """The healthy company with one conflict of ``CONFLICTS``."""
    plan = ON_PRICE if name == "pulling-pay-plan" else ON_CONTRIBUTION
    given: dict[str, Any] = {"name": name, "plan": plan, **more}
    return healthy(touches, seed, language, **given).with_conflicts(**CONFLICTS[name])


class _Scenarios(dict[str, Callable[..., Scenario]]):
    """The scenarios by name; asking for another is an UnknownName."""

    def __missing__(self, name: str) -> Callable[..., Scenario]:
        raise UnknownName("scenario", name, self)


SCENARIOS = _Scenarios(
    {
        "company-x": company_x,
        "healthy": healthy,
        **{name: partial(with_conflict, name) for name in CONFLICTS},
    }
)
"""Functions (touches, seed, language, …) that give a :class:`Scenario`, by name."""
