"""Addresses of the room."""

from django.urls import path

from onefunnel.web.pages.account import views

urlpatterns = [
    path("account/", views.account, name="account"),
    path("account/tokens/", views.make_token, name="make_token"),
    path("account/tokens/<int:number>/revoke/", views.revoke_token, name="revoke_token"),
]
