"""The palette: pages, leads, customers, campaigns by a few letters."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from onefunnel.vocabulary import Permission
from onefunnel.web.pages.find.hits import hits
from onefunnel.web.site.access import page, person_of

LONGEST = 200


@page(Permission.OWN_ACCOUNT)
def find(request: HttpRequest) -> HttpResponse:
    """What a few letters may mean: a part for the palette, a page without it."""
    query = request.GET.get("q", "").strip()[:LONGEST]
    words = request.words  # type: ignore[attr-defined]
    found = hits(query, person_of(request), words)
    part = request.headers.get("HX-Request")
    values = {"hits": found, "q": query}
    return render(request, "find/found.html" if part else "find/find.html", values)
