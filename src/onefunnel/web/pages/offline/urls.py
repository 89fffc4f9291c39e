"""Addresses of the room."""

from django.urls import path

from onefunnel.web.pages.offline import views

urlpatterns = [
    path("campaigns/conversions/", views.conversions, name="offline_conversions"),
    path("campaigns/conversions/file/", views.file, name="offline_conversions_file"),
]
