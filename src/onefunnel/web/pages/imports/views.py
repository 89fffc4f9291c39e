"""Files come in: recognised, mapped, tried, imported; the quarantine."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from onefunnel.vocabulary import Permission
from onefunnel.web.site.access import page


@page(Permission.IMPORT)
def imports(request: HttpRequest) -> HttpResponse:
    """Imports."""
    return render(request, "imports/imports.html")
