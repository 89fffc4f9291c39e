"""The palette: pages, leads, customers, campaigns by a few letters."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from onefunnel.vocabulary import Permission
from onefunnel.web.site.access import page


@page(Permission.OWN_ACCOUNT)
def find(request: HttpRequest) -> HttpResponse:
    """Find anything."""
    return render(request, "find/find.html")
