"""Addresses of the room."""

from django.urls import path

from onefunnel.web.pages.audit import views

urlpatterns = [
    path("audit/", views.audit, name="audit"),
    path("audit/audit.csv", views.export, name="audit_export"),
]
