"""A page that rests on everybody's pay, until that is worked out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from onefunnel.store.models import Job
from onefunnel.vocabulary import Permission
from onefunnel.web.site.access import person_of


def waiting(request: HttpRequest, job: Job, template: str) -> HttpResponse:
    """What is not worked out yet; why a job failed is told to who may see everybody's pay."""
    may = person_of(request).may(Permission.PAY)
    about = {
        "job": job,
        "failed": job.ended,
        "error": job.error if may else {},
        "then": request.get_full_path(),
    }
    return render(request, template, about)
