"""Addresses of the room."""

from django.urls import path

from onefunnel.web.pages.account import views

urlpatterns = [path("account/", views.account, name="account")]
