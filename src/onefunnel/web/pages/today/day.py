"""Everything Today says, as far as it is worked out."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from markupsafe import Markup

from onefunnel.store.models import Job, Person
from onefunnel.vocabulary import Answer, Permission
from onefunnel.web.jobs import freshness
from onefunnel.web.jobs.questions import Answers
from onefunnel.web.locale import Words
from onefunnel.web.pages.today.answers import answers
from onefunnel.web.pages.today.campaigns import Campaigns, campaigns
from onefunnel.web.pages.today.contribution import contribution
from onefunnel.web.pages.today.counts import deals, handoff
from onefunnel.web.pages.today.periods import Span, Spoken, spoken_of
from onefunnel.web.pages.today.quarrel import alignment, ignored, paradox_lines
from onefunnel.web.pages.today.spent import sees
from onefunnel.web.pages.today.tiles import Tile, judged_month
from onefunnel.web.pages.today.unjudged import unjudged
from onefunnel.web.pages.today.warnings import Line, Missing, leak_lines, missing, stale_lines
from onefunnel.web.report import Report
from onefunnel.web.report.lede import lede
from onefunnel.workflows import sample
from onefunnel.workflows.freshness import Freshness
from onefunnel.workflows.rules import current_rules
from onefunnel.workflows.workspace import Workspace

NOTHING = Markup("")


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is not worked out yet, as ``parts/waiting.html`` shows a job."""

    say: Markup
    state: str = "running"
    step: str = "answers"
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """What Today shows: nothing, a job to wait for, or why there is none; else the figures.

    ``leaks`` are the alarms: paradoxes, then leaks, each dearest first; ``unjudged`` says why there
    may be paradoxes that nobody sees; ``stale`` the tables that are out of date. ``judged`` is the
    month whose leaks are looked at, ``can_compare`` says that there is a month to compare it with,
    ``compared`` that both are worked out. ``parts`` counts what is there to show.
    """

    fresh: Freshness | None = None
    waiting: Waiting | None = None
    failed: Job | None = None
    lede: tuple[Markup, Markup] = (NOTHING, NOTHING)
    judged: Markup = NOTHING
    can_compare: bool = False
    compared: bool = False
    tiles: tuple[Tile, ...] = ()
    leaks: tuple[Line, ...] = ()
    unjudged: tuple[Markup, ...] = ()
    spends: bool = False
    campaigns: Campaigns | None = None
    stale: tuple[Line, ...] = ()
    missing: tuple[Missing, ...] = ()

    @property
    def parts(self) -> int:
        """How many parts are there: the page that waits is drawn anew when one more is."""
        there = len(self.tiles) + len(self.leaks) + len(self.unjudged)
        told = (self.fresh is not None) + bool(self.lede[0]) + (self.campaigns is not None)
        return told + there + self.compared


def day_of(workspace: Workspace, person: Person, words: Words) -> Day:
    """What Today shows to a person who may see figures."""
    fresh = freshness.look(workspace, person)
    if isinstance(fresh, Job):
        if fresh.ended:
            return Day(failed=fresh)
        return Day(waiting=Waiting(words.say("Looking at what the ledger holds."), fresh.state, ""))
    lacking = missing(fresh, words)
    spoken = _spoken(workspace, fresh)
    if spoken is None:
        return Day(fresh, lede=_nothing(fresh, words), missing=lacking)
    asked = answers(workspace, spoken, person)
    judged = asked.has("funnel", "leaks")
    compared = asked.has("leaks_before", "funnel_before")
    return Day(
        fresh,
        waiting=_waiting(asked, words) if asked.missing and not asked.failed else None,
        failed=asked.failed,
        lede=lede(_report(workspace, asked, fresh), words) if judged else (NOTHING, NOTHING),
        judged=judged_month(spoken, words),
        can_compare=spoken.judged_before is not None,
        compared=compared,
        tiles=_tiles(asked, spoken, words),
        leaks=_alarms(asked, spoken, words, judged and compared),
        unjudged=_unjudged(asked, words),
        spends=sees(person),
        campaigns=campaigns(asked, spoken, words) if sees(person) else None,
        stale=_stale(workspace, fresh, person, words),
        missing=lacking,
    )


def _spoken(workspace: Workspace, fresh: Freshness) -> Spoken | None:
    first, last = fresh.first_event(), fresh.last_event()
    if first is None or last is None or fresh.latest is None:
        return None
    kept = workspace.settings
    return spoken_of(
        Span(first, last, datetime.fromisoformat(fresh.latest)),
        workspace.clock(),
        kept.calendar,
        kept.server.stale_days,
        current_rules(workspace).horizon_days,
    )


def _nothing(fresh: Freshness, words: Words) -> tuple[Markup, Markup]:
    if not fresh.tables:
        return words.say("There is nothing to say yet: the ledger holds no records."), Markup("")
    return words.say("There is nothing to say yet: no record is of a touch, a lead or a deal."), (
        Markup("")
    )


def _waiting(asked: Answers, words: Words) -> Waiting:
    total = len(asked.found) + len(asked.missing)
    say = words.say(
        "Working the figures out: {done} of {total}.",
        done=words.figures.count(len(asked.found)),
        total=words.figures.count(total),
    )
    return Waiting(say, share=len(asked.found) / total)


def _tiles(asked: Answers, spoken: Spoken, words: Words) -> tuple[Tile, ...]:
    """The tiles that can be made of what is worked out."""
    names = ["until", "start", "new"]
    if spoken.before is not None:
        names += ["start_before", "new_before"]
    made = (
        contribution(asked, spoken, words) if asked.has(*names) else None,
        handoff(asked, spoken, words) if asked.has("funnel", "leaks") else None,
        deals(asked, spoken, words) if asked.has("deals") else None,
        ignored(asked, spoken, words) if asked.has("incentives") else None,
        alignment(asked, spoken, words) if asked.has("incentives") else None,
    )
    return tuple(tile for tile in made if tile is not None)


def _alarms(asked: Answers, spoken: Spoken, words: Words, compared: bool) -> tuple[Line, ...]:
    """The paradoxes, then the leaks that grew, as far as they are worked out."""
    found = paradox_lines(asked, spoken, words) if asked.has("paradox") else ()
    return (*found, *(leak_lines(asked, spoken, words) if compared else ()))


def _unjudged(asked: Answers, words: Words) -> tuple[Markup, ...]:
    """Why the paradox can't be judged; nothing where it can."""
    return unjudged(asked.found["paradox"].answer.notes, words) if asked.has("paradox") else ()


def _stale(
    workspace: Workspace, fresh: Freshness, person: Person, words: Words
) -> tuple[Line, ...]:
    if sample.shown(workspace) is not None:
        return ()  # its records ended long ago, and everybody is told that they are not the firm's
    address = reverse("imports") if person.may(Permission.IMPORT) else ""
    now: datetime = workspace.clock()
    return stale_lines(fresh, now, workspace.settings.server.stale_days, words, address)


def _report(workspace: Workspace, asked: Answers, fresh: Freshness) -> Report:
    """The month whose leaks are counted, as the sentences of the report take it."""
    funnel = asked.found["funnel"]
    return Report(
        workspace=workspace.name,
        folder="",
        calendar=workspace.settings.calendar,
        ledger_version=funnel.answer.ledger_version,
        made_at=workspace.clock(),
        question=funnel.question,
        funnel=funnel.answer,
        leaks=asked.found["leaks"].answer,
        deals=Answer("deals", ()),
        lost_reasons=Answer("lost_reasons", ()),
        totals={name: held.records for name, held in fresh.tables.items()},
    )
