"""What every measure, stage and setting means, with its version."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from onefunnel.store.models import Job
from onefunnel.vocabulary import Permission
from onefunnel.web.jobs import freshness
from onefunnel.web.locale import Words
from onefunnel.web.pages.definitions import content
from onefunnel.web.site import current
from onefunnel.web.site.access import page, person_of
from onefunnel.workflows.computed import ledger_version
from onefunnel.workflows.rules import current_rules


@page(Permission.FIGURES)
def definitions(request: HttpRequest) -> HttpResponse:
    """Definitions."""
    workspace = current.workspace()
    words: Words = request.words  # type: ignore[attr-defined]
    rules, kept = current_rules(workspace), workspace.settings
    today = kept.calendar.local_day(workspace.clock())
    context = {
        "version": words.figures.count(ledger_version(workspace)),
        "terms": content.term_views(kept.server.stale_days, words),
        "stages": content.stage_views(rules, today, words),
        "measures": content.measure_views(words),
        "dimensions": content.dimension_views(words),
        "formulas": content.formula_views(words),
        "settings": content.setting_views(workspace, rules, words),
        **_versions(request, words),
    }
    return render(request, "definitions/definitions.html", context)


@page(Permission.FIGURES)
def versions(request: HttpRequest) -> HttpResponse:
    """The part of the page that lists the ledger's versions."""
    words: Words = request.words  # type: ignore[attr-defined]
    return render(request, "definitions/versions.html", _versions(request, words))


def _versions(request: HttpRequest, words: Words) -> dict[str, object]:
    found = freshness.look(current.workspace(), person_of(request))
    if isinstance(found, Job):
        return {"waiting": found, "versions": ()}
    return {"waiting": None, "versions": content.version_views(found, words)}
