"""The planner: how many people an experiment needs, and how long they take to come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

from markupsafe import Markup

from onefunnel.measures.attribution.experiments import Planned, plan
from onefunnel.measures.attribution.recorded import Counted, Of
from onefunnel.web.locale import Words
from onefunnel.web.locale.terms import DIMENSION_NAMES, VALUE_NAMES
from onefunnel.web.pages.incentives.typed import impossible, number
from onefunnel.workflows.reachable import Tried

SHARES = (10, 20, 50, 80, 90)
POWERS = (80, 90, 95)
MONTHS = (1, 2, 3, 6, 12, 24)
SHARE, POWER, HORIZON = 50, 80, 6
MOST_PEOPLE = 1e9
LONGEST = 200
"""Characters of a name."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is planned, shares in percent; None where nobody said.

    ``rate`` is the part that converts without what is tried, ``change`` what is to be found, in
    percentage points; ``share`` of the people get it. ``of`` names what would be tried, empty where
    nobody says: then nothing is taken from the records.
    """

    people: float | None = None
    rate: float | None = None
    change: float | None = None
    share: int = SHARE
    months: int = HORIZON
    power: int = POWER
    dimension: Of = Of.CHANNEL
    of: str = ""
    value: Counted = Counted.CUSTOMERS

    @property
    def tried(self) -> Tried | None:
        """What would be tried, where it is named."""
        return Tried(self.dimension, self.of, self.value) if self.of else None

    @property
    def key(self) -> str:
        """Of what the numbers of the form are."""
        return f"{self.dimension} {self.value} {self.of}" if self.of else ""


@dataclass(frozen=True, slots=True)
class PlanView:
    """What an experiment takes; ``why`` says where it can't be done in time, and is empty else."""

    months: Markup
    treated: str
    control: str
    power: str
    smallest: str
    why: Markup


def read(given: Mapping[str, str], words: Words) -> Asked:
    """What an address asks for. UsageError for what can't be.

    ``was`` is of what the form's numbers were: where something else is chosen now, they are left
    over, and those of the records take their place.
    """
    people = number(given, "people", words.say("People a month"), words, MOST_PEOPLE)
    rate = number(given, "rate", words.say("Convert anyhow"), words, 100)
    change = number(given, "change", words.say("Change to find"), words, 100)
    asked = Asked(
        people or None,
        rate,
        change or None,
        _number_of(given, "share", SHARES, SHARE, words.say("Share treated"), words),
        _number_of(given, "months", MONTHS, HORIZON, words.say("At most"), words),
        _number_of(given, "power", POWERS, POWER, words.say("Chance to find it"), words),
        Of(_one_of(given, "dimension", tuple(Of), Of.CHANNEL, words.say("What is tried"), words)),
        given.get("of", "").strip()[:LONGEST],
        Counted(
            _one_of(
                given, "value", tuple(Counted), Counted.CUSTOMERS, words.say("What counts"), words
            )
        ),
    )
    was = given.get("was", "")
    if was and asked.of and was != asked.key:
        asked = replace(asked, people=None, rate=None)
    check(asked, words)
    return asked


def check(asked: Asked, words: Words) -> None:
    """UsageError where more would convert than there are people."""
    if asked.rate is not None and asked.change is not None and asked.rate + asked.change > 100:
        most = words.figures.share(1 - asked.rate / 100)
        valid = words.say("a change of at most {most}", most=most)
        raise impossible(words.say("Change to find"), f"{asked.change:g}", valid, words)


def planned(asked: Asked, words: Words) -> PlanView | None:
    """The plan; None where something is not said yet."""
    if asked.people is None or asked.rate is None or asked.change is None:
        return None
    found = plan(
        asked.people,
        asked.rate / 100,
        asked.change / 100,
        share=asked.share / 100,
        horizon_months=asked.months,
        power=asked.power / 100,
    )
    return _view(found, asked, words)


def offered(words: Words) -> dict[str, list[tuple[int | str, Markup | str]]]:
    """What the fields of choice offer: value and words."""
    share = words.figures.share
    return {
        "share": [(each, share(each / 100)) for each in SHARES],
        "months": [(each, words.count("{n} month", "{n} months", each)) for each in MONTHS],
        "power": [(each, share(each / 100)) for each in POWERS],
        "dimension": [(each.value, words.say(DIMENSION_NAMES[each])) for each in Of],
        "value": [(each.value, words.say(VALUE_NAMES[each])) for each in reversed(Counted)],
    }


def _view(found: Planned, asked: Asked, words: Words) -> PlanView:
    count = words.figures.count
    months = Markup("")
    if found.months is not None:
        months = words.count("{n} month", "{n} months", found.months)
    return PlanView(
        months,
        count(ceil(found.treated)),
        count(ceil(found.control)),
        words.figures.share(found.power),
        points(found.smallest, words),
        _why(found, asked, words),
    )


def points(share: float, words: Words) -> str:
    """A difference of shares in percentage points.

    >>> points(0.00312, Words("en"))
    '0.31'
    """
    return words.figures.number(100 * share)


def _why(found: Planned, asked: Asked, words: Words) -> Markup:
    """Why there is no number of months."""
    if found.months is not None:
        return Markup("")
    return words.count(
        "No: it would take {n} month, and there are {most}.",
        "No: it would take {n} months, and there are {most}.",
        int(found.notes[0].params["months"]),
        most=words.count("{n} month", "{n} months", asked.months),
    )


def _number_of(
    given: Mapping[str, str],
    name: str,
    valid: tuple[int, ...],
    usual: int,
    label: Markup,
    words: Words,
) -> int:
    shown = [words.figures.count(each) for each in valid]
    return int(_one_of(given, name, tuple(map(str, valid)), str(usual), label, words, shown))


def _one_of(
    given: Mapping[str, str],
    name: str,
    valid: tuple[str, ...],
    usual: str,
    label: Markup,
    words: Words,
    shown: Sequence[str] = (),
) -> str:
    text = given.get(name, "")
    if text and text not in valid:
        raise impossible(label, text, words.listed(shown or valid), words)
    return text or usual
