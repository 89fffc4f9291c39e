"""Addresses of the room."""

from django.urls import path

from onefunnel.web.pages.imports import views

urlpatterns = [path("imports/", views.imports, name="imports")]
