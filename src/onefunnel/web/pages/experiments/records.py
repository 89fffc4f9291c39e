"""What the records say of people and rate, where the planner is told what would be tried."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse
from markupsafe import Markup

from onefunnel.measures.attribution.recorded import Counted
from onefunnel.web.jobs.reachable import OnRecord
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.experiments.plan import Asked
from onefunnel.web.pages.terms.plans import held
from onefunnel.workflows.reachable import Reachable

NAMED = 12
"""So many names are offered where the one that was typed is not on record."""
DIGITS = 4
"""A rate is taken as exactly as that; the rest is chance."""
BECAME: Mapping[Counted, str] = {
    Counted.CUSTOMERS: N_(
        "From your records of {period}: {met} people met {name}, about {people} a month, and "
        "{converted} of them ({rate}) became customers. Change it if you know better."
    ),
    Counted.LEADS: N_(
        "From your records of {period}: {met} people met {name}, about {people} a month, and "
        "{converted} of them ({rate}) became leads. Change it if you know better."
    ),
}


@dataclass(frozen=True, slots=True)
class Named:
    """Something that was met, and the address that plans to try it."""

    name: Markup
    address: str


@dataclass(frozen=True, slots=True)
class Records:
    """Where the numbers come from, or why there are none; then ``names`` are what was met."""

    said: Markup
    found: bool = False
    names: tuple[Named, ...] = ()


def filled(asked: Asked, known: OnRecord) -> Asked:
    """The same, with what nobody typed as it is on record."""
    found = known.reachable
    if found is None:
        return asked
    people = float(max(1, round(found.people)))
    rate = float(f"{100 * found.rate:.{DIGITS}g}")
    return replace(
        asked,
        people=people if asked.people is None else asked.people,
        rate=rate if asked.rate is None else asked.rate,
    )


def records(asked: Asked, known: OnRecord, words: Words) -> Records:
    """Where the numbers come from, in words."""
    if known.period is None:
        return Records(
            words.say(
                "Your records hold no full month of touches and of what counts: type the numbers "
                "yourself."
            )
        )
    period = words.days(known.period.since, known.period.until)
    if known.reachable is not None:
        return Records(_said(asked, known.reachable, period, words), True)
    said = words.say(
        "In your records of {period} nobody met {name}, or nobody converted: type the numbers "
        "yourself.",
        period=period,
        name=held(asked.of),
    )
    return Records(said, names=tuple(_named(each, asked) for each in known.names[:NAMED]))


def _said(asked: Asked, found: Reachable, period: str, words: Words) -> Markup:
    figures = words.figures
    return words.say(
        BECAME[asked.value],
        period=period,
        name=held(asked.of),
        met=figures.count(found.paths),
        people=figures.count(max(1, round(found.people))),
        converted=figures.count(found.converted),
        rate=f"{figures.share(found.rate)} {figures.interval(*found.rate_interval, found.rate)}",
    )


def _named(name: str, asked: Asked) -> Named:
    told = {"dimension": asked.dimension.value, "of": name, "value": asked.value.value}
    change = {} if asked.change is None else {"change": f"{asked.change:g}"}
    return Named(held(name), f"{reverse('experiments')}?{urlencode({**told, **change})}#plan")
