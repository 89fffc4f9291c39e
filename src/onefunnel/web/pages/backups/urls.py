"""Addresses of the room."""

from django.urls import path

from onefunnel.web.pages.backups import views

urlpatterns = [path("backups/", views.backups, name="backups")]
