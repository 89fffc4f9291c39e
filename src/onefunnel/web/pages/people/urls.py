"""Addresses of the room."""

from django.urls import path

from onefunnel.web.pages.people import views

urlpatterns = [path("people/", views.people, name="people")]
