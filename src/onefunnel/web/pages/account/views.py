"""One's own name, language, password, second factor and tokens."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from onefunnel.vocabulary import Permission
from onefunnel.web.site.access import page


@page(Permission.OWN_ACCOUNT)
def account(request: HttpRequest) -> HttpResponse:
    """Account."""
    return render(request, "account/account.html")
