"""What Today asks of campaigns, of which days, and for whom."""

from collections.abc import Mapping

from onefunnel.store.models import Person
from onefunnel.vocabulary import Department, Permission, Role
from onefunnel.web.pages.campaigns.asking import USUAL, Wanted
from onefunnel.web.pages.funnel.asking import OWN, Filters
from onefunnel.web.pages.today.periods import Period, Spoken
from onefunnel.workflows.asked import Asked

MEASURE = "acquisition"
BY, WHOLE = "campaigns", "campaigns_whole"
"""The names under which the two answers are found."""


def sees(person: Person) -> bool:
    """Whether a person is shown campaigns: those of marketing, and the director."""
    role = person.in_role
    ours = role is Role.DIRECTOR or role.department is Department.MARKETING
    return ours and person.may(Permission.FIGURES)


def questions(spoken: Spoken) -> Mapping[str, tuple[str, Asked]]:
    """What is asked: by campaign and undivided, as the page of campaigns asks of these days."""
    asked = wanted(spoken)
    return {BY: (MEASURE, asked.asked()), WHOLE: (MEASURE, asked.whole())}


def period(spoken: Spoken) -> Period:
    """The latest months whose leads have had their time, else the current one."""
    return spoken.ripe or spoken.current


def wanted(spoken: Spoken) -> Wanted:
    """The page of campaigns of these days."""
    days = period(spoken)
    return Wanted(Filters(period=OWN, since=days.since, until=days.until, by=USUAL))
