"""Addresses of the room."""

from django.urls import path

from onefunnel.web.pages.experiments import views

urlpatterns = [
    path("experiments/", views.experiments, name="experiments"),
    path("experiments/record/", views.record, name="experiments_record"),
]
