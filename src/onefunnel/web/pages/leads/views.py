"""Leads and customers, each with the journey across all records."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from onefunnel.vocabulary import Permission
from onefunnel.web.site.access import page


@page(Permission.RECORDS)
def leads(request: HttpRequest) -> HttpResponse:
    """Leads."""
    return render(request, "leads/leads.html")
