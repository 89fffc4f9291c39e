"""Who saw and did what."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from onefunnel.vocabulary import Permission
from onefunnel.web.site.access import page


@page(Permission.AUDIT)
def audit(request: HttpRequest) -> HttpResponse:
    """Audit log."""
    return render(request, "audit/audit.html")
