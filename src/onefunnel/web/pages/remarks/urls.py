"""Addresses of the room."""

from django.urls import path

from onefunnel.web.pages.remarks import views

urlpatterns = [
    path("remarks/", views.remarks, name="remarks"),
    path("remarks/<int:number>/withdraw/", views.withdraw, name="withdraw_remark"),
]
