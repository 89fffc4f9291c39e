"""What the page of the funnel shows: its head, its filters, its sections."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.urls import reverse
from markupsafe import Markup

from onefunnel.vocabulary import DIMENSIONS, Permission
from onefunnel.web.locale import Words
from onefunnel.web.locale.terms import DIMENSION_NAMES
from onefunnel.web.pages.funnel.around import Linked
from onefunnel.web.pages.funnel.asking import HORIZONS, Filters, day_text, written
from onefunnel.web.pages.funnel.periods import NAMES
from onefunnel.web.pages.funnel.persons import OWNER
from onefunnel.web.report import Report
from onefunnel.web.report.cells import dimension_value
from onefunnel.web.report.dimensions import dimension_views
from onefunnel.web.report.lede import lede
from onefunnel.web.report.notes import view
from onefunnel.web.report.stages import funnel_view
from onefunnel.web.report.tables import deals_views, leak_views, reason_views

Option = tuple[str, str | Markup, bool]
"""What an address has, what a person reads, whether it is chosen."""
RULES_SHOWN = 12
"""Letters of the hash by which rules are known."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set: what it says, and the address without it."""

    text: Markup
    without: str


def sections(report: Report, around: Linked) -> dict[str, Any]:
    """The context of the sections of the report, with links around their figures."""
    words, filters = around.words, around.filters
    notes = sorted(
        (view(note, words) for note in report.main_notes()), key=lambda note: not note.refused
    )
    return {
        "report": report,
        "lede": lede(report, words),
        "asked": {
            "period": words.period(report.question),
            "rows": "",
            "version": words.say(
                "Ledger {version}", version=words.figures.count(report.ledger_version)
            ),
            "definitions": f"{reverse('definitions')}#",
            "beside": defaultdict(Markup, beside(report, around)),
        },
        "funnel": funnel_view(report, words, around),
        "leaks": leak_views(report, words, around),
        "reasons": reason_views(report, words, around),
        "deals": deals_views(report, words, around),
        "dimensions": dimension_views(report, words, around),
        "notes": notes,
        "notes_about": _notes_about(filters, words),
        "teams_hidden": OWNER in (filters.by, *dict(filters.only)),
        "nothing": bool(filters.only) and not report.funnel.rows,
        "rules": str(report.funnel.parameters.get("rules", ""))[:RULES_SHOWN],
        "known_until": words.instant(report.question.now),
        "horizon": words.figures.days(report.question.horizon_days),
    }


def _notes_about(filters: Filters, words: Words) -> Markup | str:
    """What the remarks are about where they are not about what the page shows."""
    if not filters.only:
        return ""
    return words.say("Where nothing else is said, these remarks are about all records.")


def beside(report: Report, around: Linked) -> dict[str, Markup]:
    """What stands at the foot of each section."""
    return {
        "stages": around.beside("funnel", _widest(report, around)),
        "leaks": around.beside("leaks"),
        "reasons": around.beside("lost_reasons", _losses(report, around)),
        "deals": around.beside("deals", _deals(report, around)),
        "by": around.beside("funnel", by=around.filters.by),
    }


def _count(around: Linked, number: int, measure: str, figure: str, where: Mapping[str, Any]) -> Any:
    if not number:
        return ""
    shown = around.words.count("{n} row", "{n} rows", number)
    return around.rows(shown, measure, figure, where)


def _widest(report: Report, around: Linked) -> Any:
    row = max(report.funnel.rows, key=lambda each: each.entered or 0, default=None)
    if row is None:
        return ""
    return _count(around, row.entered or 0, "funnel", "entered", {"stage": row.stage.value})


def _losses(report: Report, around: Linked) -> Any:
    number = sum(row.lost for row in report.lost_reasons.rows)
    return _count(around, number, "lost_reasons", "lost", {})


def _deals(report: Report, around: Linked) -> Any:
    number = sum(row.won for row in report.deals.rows)
    return _count(around, number, "deals", "won", {})


def form(
    filters: Filters,
    leads: bool,
    words: Words,
    report: Report | None = None,
    name: Callable[[str, str], str] = lambda _, value: value,
) -> dict[str, Any]:
    """The context of the filters; ``name`` says how a value of a dimension is called."""
    return {
        "period": filters.period,
        "periods": _periods(filters, words),
        "horizons": _horizons(filters, words, report),
        "dimensions_offered": _dimensions(filters, leads, words),
        "chips": _chips(filters, words, name),
        "kept": _kept(filters),
        "from_day": day_text(filters.since if filters.period == "own" else None, words.calendar),
        "last_day": _last(filters, words),
        "native_days": words.calendar.name == "gregorian",
        "own_days": filters.period == "own",
        "as_of": filters.as_of,
    }


def _periods(filters: Filters, words: Words) -> list[Option]:
    offered: list[Option] = [("", words.say("All records"), not filters.period)]
    offered += [(name, words.say(text), filters.period == name) for name, text in NAMES.items()]
    return [*offered, ("own", words.say("Own days"), filters.period == "own")]


def _horizons(filters: Filters, words: Words, report: Report | None) -> list[Option]:
    usual = words.say("By the rules")
    if report is not None and filters.horizon is None:
        days = words.figures.days(report.question.horizon_days)
        usual = words.say("By the rules: {days}", days=days)
    return [
        ("", usual, filters.horizon is None),
        *((str(days), words.figures.days(days), filters.horizon == days) for days in HORIZONS),
    ]


def _dimensions(filters: Filters, leads: bool, words: Words) -> list[Option]:
    names = [name for name in DIMENSIONS if leads or name != OWNER]
    nothing = ("", words.say("Nothing"), not filters.by)
    return [nothing, *((n, words.say(DIMENSION_NAMES[n]), filters.by == n) for n in names)]


def _chips(filters: Filters, words: Words, called: Callable[[str, str], str]) -> list[Chip]:
    chips = []
    for name, value in filters.only:
        rest = tuple(each for each in filters.only if each[0] != name)
        known = None if value is None else called(name, value)
        shown = dimension_value({name: known}, words)
        text = words.say("{name}: {value}", name=words.say(DIMENSION_NAMES[name]), value=shown)
        chips.append(Chip(text, address_of(replace(filters, only=rest))))
    return chips


def _kept(filters: Filters) -> list[tuple[str, str]]:
    """What the form does not show and must not lose."""
    kept = [(name, written(value)) for name, value in filters.only]
    return kept + ([("now", filters.now.isoformat())] if filters.now else [])


def _last(filters: Filters, words: Words) -> str:
    if filters.period != "own" or filters.until is None:
        return ""
    return day_text(filters.until - timedelta(days=1), words.calendar)


def address_of(filters: Filters) -> str:
    """The address of the page that asks so."""
    query = filters.query()
    return reverse("funnel") + (f"?{query}" if query else "")


def present(filters: Filters) -> str:
    """The address of the same figures as they are known now."""
    return address_of(replace(filters, as_of=None, now=None))


def rules_address(may: bool) -> str:
    """Where the rules stand: the settings for who may see them, else their definitions."""
    return reverse("settings") + "#versions" if may else reverse("definitions") + "#stages"


RULES_SEEN_BY = Permission.RULES_PREVIEW
