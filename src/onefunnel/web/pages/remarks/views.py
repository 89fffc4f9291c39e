"""Comments on figures, leads and campaigns, and the people they mention."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from onefunnel.vocabulary import Permission
from onefunnel.web.site.access import page


@page(Permission.FIGURES)
def remarks(request: HttpRequest) -> HttpResponse:
    """Comments."""
    return render(request, "remarks/remarks.html")
