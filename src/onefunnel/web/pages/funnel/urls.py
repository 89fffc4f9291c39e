"""Addresses of the room."""

from django.urls import path

from onefunnel.web.pages.funnel import files, rows, views

urlpatterns = [
    path("funnel/", views.funnel, name="funnel"),
    path("funnel/file/", files.answer, name="funnel_file"),
    path("rows/", rows.rows, name="rows"),
    path("rows/file/", files.rows, name="rows_file"),
]
