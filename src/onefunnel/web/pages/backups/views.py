"""Backups of the workspace: made, taken away, restored."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from onefunnel.vocabulary import Permission
from onefunnel.web.site.access import page


@page(Permission.KEEP)
def backups(request: HttpRequest) -> HttpResponse:
    """Backups."""
    return render(request, "backups/backups.html")
