"""Addresses of the room."""

from django.urls import path

from onefunnel.web.pages.definitions import views

urlpatterns = [
    path("definitions/", views.definitions, name="definitions"),
    path("definitions/versions/", views.versions, name="definitions_versions"),
]
