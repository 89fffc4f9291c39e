"""Addresses of the door."""

from django.urls import path

from onefunnel.web.pages.first import views

urlpatterns = [
    path("enter/link/<str:secret>/", views.join, name="join"),
    path("enter/language/", views.speak, name="speak"),
]
