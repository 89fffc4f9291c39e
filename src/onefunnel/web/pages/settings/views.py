"""The funnel rules with a preview of what a change does, and the firm."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from onefunnel.vocabulary import Permission
from onefunnel.web.site.access import page


@page(Permission.RULES_PREVIEW)
def settings(request: HttpRequest) -> HttpResponse:
    """Settings."""
    return render(request, "settings/settings.html")
