"""Addresses of the room."""

from django.urls import path

from onefunnel.web.pages.find import views

urlpatterns = [path("find/", views.find, name="find")]
