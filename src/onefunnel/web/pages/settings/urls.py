"""Addresses of the room."""

from django.urls import path

from onefunnel.web.pages.settings import views

urlpatterns = [path("settings/", views.settings, name="settings")]
