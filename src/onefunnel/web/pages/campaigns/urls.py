"""Addresses of the room."""

from django.urls import path

from onefunnel.web.pages.campaigns import files, views

urlpatterns = [
    path("campaigns/", views.campaigns, name="campaigns"),
    path("campaigns/file/", files.answer, name="campaigns_file"),
]
