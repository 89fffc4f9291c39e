"""Addresses of the room."""

from django.urls import path

from onefunnel.web.pages.bridge import views

urlpatterns = [
    path("bridge/", views.bridge, name="bridge"),
    path("bridge/sign/", views.sign, name="bridge_sign"),
]
