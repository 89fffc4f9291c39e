"""The desk's list as a page shows it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse
from markupsafe import Markup

from onefunnel.web.locale import Words
from onefunnel.web.pages.leads.journey import bdi
from onefunnel.web.pages.leads.terms import STANDS, STATES
from onefunnel.workflows.directory.reading import Directory, Lead, Wanted

SHOWN = 50
LONGEST = 200
SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is asked for, as the address says it; ``after`` is a place in the list."""

    stands: str = ""
    channel: str = ""
    q: str = ""
    after: int = 0

    @staticmethod
    def of(given: Mapping[str, str]) -> "Asked":
        """From an address; what can't be is left out."""
        stands, after = given.get("stands", ""), given.get("after", "")
        return Asked(
            stands if stands in STANDS else "",
            given.get("channel", ""),
            given.get("q", "").strip()[:LONGEST],
            int(after) if after.isascii() and after.isdigit() and len(after) < 16 else 0,
        )

    @property
    def wanted(self) -> Wanted:
        """The same, as the directory is asked."""
        channel: tuple[str | None, ...] = ()
        if self.channel == "unknown":
            channel = (None,)
        elif self.channel:
            quoted = len(self.channel) > 1 and self.channel[0] == self.channel[-1] == '"'
            channel = (self.channel[1:-1] if quoted else self.channel,)
        return Wanted(self.stands, channel, self.q)

    @property
    def address(self) -> str:
        """The address of the list."""
        given = {"stands": self.stands, "channel": self.channel, "q": self.q, "after": self.after}
        query = urlencode({name: value for name, value in given.items() if value})
        return reverse("leads") + (f"?{query}" if query else "")


@dataclass(frozen=True, slots=True)
class LeadView:
    """A row of the list."""

    address: str
    name: Markup
    page: Markup
    channel: Markup
    campaign: Markup
    created: str
    shape: str
    state: Markup
    waits: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice of a filter: its value or address, its name, how many leads."""

    value: str
    name: Markup
    leads: str
    current: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list; ``following`` is the address of the next one, empty on the last."""

    leads: Sequence[LeadView]
    stands: Sequence[Choice]
    channels: Sequence[Choice]
    total: str
    following: str
    start: str


def listed(directory: Directory, asked: Asked, words: Words) -> Listed:
    """A page of the list. A lead's own key, searched for, finds it alone."""
    exact = directory.lead(asked.q) if asked.q else None
    found = [exact] if exact else directory.leads(asked.wanted, asked.after, SHOWN + 1)
    shown = found[:SHOWN]
    more = len(found) > SHOWN
    tally = directory.tally()
    return Listed(
        leads=[view(each, directory, words) for each in shown],
        stands=_stands(tally, asked, words),
        channels=_channels(tally, asked, words),
        total=words.figures.count(sum(leads for _, _, leads in tally)),
        following=replace(asked, after=shown[-1].place).address if more else "",
        start=replace(asked, after=0).address if asked.after else "",
    )


def view(lead: Lead, directory: Directory, words: Words) -> LeadView:
    """A lead as a row."""
    shape, state = STATES[lead.state]
    since = lead.waiting_since
    waited = (directory.now - since).total_seconds() if since else 0.0
    day = words.calendar.local_day
    return LeadView(
        address=reverse("lead", kwargs={"lead": lead.lead_id}),
        name=bdi(lead.name) if lead.name else words.say("Without a name"),
        page=told(lead.page, words),
        channel=told(lead.channel, words),
        campaign=told(lead.campaign, words),
        created=words.day(day(lead.created_at)) if lead.created_at else "",
        shape=shape,
        state=words.say(state),
        waits=words.figures.days(max(waited, 0.0) / SECONDS_A_DAY) if since else "",
    )


def told(value: str | None, words: Words) -> Markup:
    """A value from the records, or that it is unknown."""
    return words.say("unknown") if value is None else bdi(value)


def _stands(
    tally: Sequence[tuple[str, str | None, int]], asked: Asked, words: Words
) -> list[Choice]:
    counts: Counter[str] = Counter()
    within = asked.wanted.channel
    for stands, channel, leads in tally:
        if not within or channel == within[0]:
            counts[stands] += leads
            counts[""] += leads
    return [
        Choice(
            replace(asked, stands=value, after=0).address,
            words.say(name),
            words.figures.count(counts[value]),
            asked.stands == value,
        )
        for value, name in STANDS.items()
        if counts[value] or value in ("", "waiting", "worked", "won", "lost")
    ]


def _channels(
    tally: Sequence[tuple[str, str | None, int]], asked: Asked, words: Words
) -> list[Choice]:
    counts: Counter[str | None] = Counter()
    for stands, channel, leads in tally:
        counts[channel] += leads if asked.stands in ("", stands) else 0
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0] or ""))
    return [
        Choice(
            value := "unknown" if name is None else f'"{name}"' if name == "unknown" else name,
            told(name, words),
            words.figures.count(leads),
            asked.channel == value,
        )
        for name, leads in ordered
    ]
