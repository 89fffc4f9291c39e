"""Addresses of the room."""

from django.urls import path

from onefunnel.web.pages.statements import health, views

urlpatterns = [
    path("statements/", views.statements, name="statements"),
    path("statements/health/", health.health, name="plan_health"),
    path("statements/file/", views.file, name="statement_file"),
    path("statements/rows/", views.rows, name="statement_rows"),
    path("statements/of/<path:employee>/", views.of, name="statement_of"),
    path("statements/file-of/<path:employee>/", views.file_of, name="statement_file_of"),
    path("statements/rows-of/<path:employee>/", views.rows_of, name="statement_rows_of"),
]
