"""Addresses of the room."""

from django.urls import path

from onefunnel.web.pages.funnel import views

urlpatterns = [path("funnel/", views.funnel, name="funnel")]
