"""Addresses of the room."""

from django.urls import path

from onefunnel.web.pages.attribution import files, views

urlpatterns = [
    path("attribution/", views.attribution, name="attribution"),
    path("attribution/file/", files.answer, name="attribution_file"),
]
