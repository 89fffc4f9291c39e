"""Addresses of the door and of the first run."""

from django.urls import path

from onefunnel.web.pages.first import beginning, demonstration, trial, views

urlpatterns = [
    path("enter/link/<str:secret>/", views.join, name="join"),
    path("enter/language/", views.speak, name="speak"),
    path("enter/once/<str:secret>/", demonstration.once, name="once"),
    path("enter/as/", demonstration.see_as, name="see_as"),
    path("first/", beginning.firm, name="first"),
    path("first/records/", beginning.records, name="first_records"),
    path("first/skip/", beginning.skip, name="first_skip"),
    path("first/sample/", trial.look, name="first_sample"),
    path("first/own/", trial.own, name="first_own"),
    path("first/wait/<str:kind>/", trial.wait, name="first_wait"),
]
