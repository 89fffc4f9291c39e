"""Who may sign in, in which role; links that let people in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from onefunnel.vocabulary import Permission
from onefunnel.web.site.access import page


@page(Permission.PEOPLE)
def people(request: HttpRequest) -> HttpResponse:
    """People."""
    return render(request, "people/people.html")
