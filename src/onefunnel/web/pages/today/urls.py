"""Addresses of the room."""

from django.urls import path

from onefunnel.web.pages.today import views

urlpatterns = [
    path("", views.today, name="today"),
    path("today/figures/", views.figures, name="today_figures"),
]
