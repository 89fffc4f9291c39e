"""From a report to its page."""

from collections import defaultdict
from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from onefunnel.web.locale import Words
from onefunnel.web.locale.terms import CALENDAR_NAMES
from onefunnel.web.report.context import (
    DEFINITIONS,
    FIRST_TABLES,
    commands,
    holding_views,
    import_command,
    quarantine_views,
    rows_command,
)
from onefunnel.web.report.dimensions import dimension_views
from onefunnel.web.report.fonts import styles
from onefunnel.web.report.lede import lede
from onefunnel.web.report.model import Report
from onefunnel.web.report.notes import view
from onefunnel.web.report.stages import funnel_view
from onefunnel.web.report.tables import deals_views, leak_views, reason_views

STYLE_PLACE = "/* styles */"


def render(report: Report, language: str) -> str:
    """The report as one HTML page in ``en``, ``fa``, ``ro``, ``ru`` or ``vi``.

    The page holds its fonts and styles, refers to nothing outside, and needs no script. Names from
    the records are escaped. Raises UnknownName for another language.
    """
    words = Words(language, currency=report.currency, calendar=report.calendar)
    page = _environment().get_template("report.html").render(_context(report, words))
    # The fonts depend on the letters of the page, so the styles come last.
    return page.replace(STYLE_PLACE, styles(page, language), 1)


def _context(report: Report, words: Words) -> dict[str, object]:
    return {
        "_": words.say,
        "count": words.count,
        "words": words,
        "figures": words.figures,
        "report": report,
        "style_place": Markup(STYLE_PLACE),
        "lede": lede(report, words),
        "asked": _asked(report, words),
        "days": words.figures.days(report.question.horizon_days),
        "funnel": funnel_view(report, words),
        "leaks": leak_views(report, words),
        "deals": deals_views(report, words),
        "reasons": reason_views(report, words),
        "dimensions": dimension_views(report, words),
        "holdings": holding_views(report, words),
        "quarantine": quarantine_views(report, words),
        "notes": sorted(
            (view(note, words) for note in report.main_notes()), key=lambda note: not note.refused
        ),
        "notes_about": "",
        "definitions": DEFINITIONS,
        "first_tables": FIRST_TABLES,
        "commands": commands(report),
        "import_command": import_command(report),
        "calendar": words.say(CALENDAR_NAMES[report.calendar.name]),
        "rows_command": rows_command(report),
    }


def _asked(report: Report, words: Words) -> dict[str, object]:
    """What stands at the foot of every section."""
    version = words.figures.count(report.ledger_version)
    return {
        "definitions": "#definition-",
        "beside": defaultdict(Markup),
        "period": words.period(report.question),
        "rows": words.say("The rows behind it"),
        "version": words.say("Ledger {version}", version=version),
    }


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=ChoiceLoader(
            [PackageLoader("onefunnel.web.report"), PackageLoader("onefunnel.web")]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["code"] = _code
    return environment


def _code(name: str) -> Markup:
    return Markup('<code dir="ltr">{}</code>').format(name)
