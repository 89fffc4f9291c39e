"""The day at a glance: the sentence, contribution, alarms, what waits."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from onefunnel.vocabulary import Permission
from onefunnel.web.site.access import page


@page(Permission.OWN_ACCOUNT)
def today(request: HttpRequest) -> HttpResponse:
    """Today."""
    return render(request, "today/today.html")
