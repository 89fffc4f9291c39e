"""The addresses of all pages, room by room."""

from django.urls import include, path

ROOMS = (
    "today",
    "funnel",
    "campaigns",
    "attribution",
    "offline",
    "experiments",
    "incentives",
    "bridge",
    "months",
    "terms",
    "statements",
    "scorecards",
    "leads",
    "imports",
    "definitions",
    "settings",
    "people",
    "account",
    "audit",
    "backups",
    "remarks",
    "find",
    "first",
)

urlpatterns = [path("", include(f"onefunnel.web.pages.{room}.urls")) for room in ROOMS]
