"""The joint funnel in money, its filters, the rows behind each figure."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from onefunnel.vocabulary import Permission
from onefunnel.web.site.access import page


@page(Permission.FIGURES)
def funnel(request: HttpRequest) -> HttpResponse:
    """Funnel."""
    return render(request, "funnel/funnel.html")
