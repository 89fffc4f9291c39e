"""Addresses of the room."""

from django.urls import path

from onefunnel.web.pages.leads import views

urlpatterns = [path("desk/", views.leads, name="leads")]
