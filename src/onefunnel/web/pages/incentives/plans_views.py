"""The designer of plans, and the check before a campaign."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from onefunnel.measures.incentives.between import Marketed, market_of
from onefunnel.measures.incentives.ranges import ranges_of
from onefunnel.vocabulary import Permission
from onefunnel.web.pages.incentives import campaign, design
from onefunnel.web.pages.incentives.views import MEASURE, head, looked_up, words_of
from onefunnel.web.site import current
from onefunnel.web.site.access import page
from onefunnel.workflows.terms import current_terms


@page(Permission.FIGURES)
def design_plan(request: HttpRequest) -> HttpResponse:
    """A plan within limits, from the leads of a month."""

    def shown(marketed: Marketed, names: tuple[str, ...]) -> dict[str, Any]:
        words = words_of(request)
        asked = design.read(request.GET.dict(), names, words)
        return {
            "view": design.view(marketed, asked, words),
            "margins": [(each, words.figures.share(each / 100)) for each in design.MARGINS],
            "strengths": [(each, words.figures.share(each / 100)) for each in design.STRENGTHS],
            "months": words.figures.count(design.PERIODS),
        }

    return _answered(request, "incentives/design.html", shown)


@page(Permission.FIGURES)
def campaign_check(request: HttpRequest) -> HttpResponse:
    """Who will not call the leads of a campaign, and why."""

    def shown(marketed: Marketed, names: tuple[str, ...]) -> dict[str, Any]:
        words = words_of(request)
        typed = ranges_of(current_terms(current.workspace())).hour_cost
        asked = campaign.read(request.GET.dict(), names, typed, words)
        return {"view": campaign.view(marketed, asked, words), "planned": asked.planned}

    return _answered(request, "incentives/campaign.html", shown)


def _answered(
    request: HttpRequest,
    template: str,
    shown: Callable[[Marketed, tuple[str, ...]], dict[str, Any]],
) -> HttpResponse:
    """The page over the market of a month; until its answer is there, the page that waits."""
    found = looked_up(request)
    if isinstance(found, HttpResponse):
        return found
    months, month, answers = found
    answer = answers.found[MEASURE].answer
    marketed = market_of(answer.rows)
    segments = marketed.market.segments if marketed.market else ()
    names = tuple(each.segment for each in segments)
    context = {
        **head(request, months, month),
        **shown(marketed, names),
        "version": words_of(request).figures.count(answer.ledger_version),
    }
    if not request.headers.get("HX-Request"):
        return render(request, template, context)
    part = render(request, template.replace(".html", "_part.html"), context)
    part.headers["HX-Retarget"], part.headers["HX-Reswap"] = "#whole", "outerHTML"
    return part
