"""What every measure, stage and setting means, with its version."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from onefunnel.vocabulary import Permission
from onefunnel.web.site.access import page


@page(Permission.FIGURES)
def definitions(request: HttpRequest) -> HttpResponse:
    """Definitions."""
    return render(request, "definitions/definitions.html")
