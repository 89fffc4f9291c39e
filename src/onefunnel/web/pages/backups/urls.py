"""Addresses of the room."""

from django.urls import path

from onefunnel.web.pages.backups import views

urlpatterns = [
    path("backups/", views.backups, name="backups"),
    path("backups/make/", views.make, name="backup_make"),
    path("backups/upload/", views.upload, name="backup_upload"),
    path("backups/work/<uuid:job>/", views.work, name="backup_work"),
    path("backups/file/<str:name>", views.download, name="backup_download"),
    path("backups/file/<str:name>/verify/", views.verify, name="backup_verify"),
    path("backups/file/<str:name>/delete/", views.delete, name="backup_delete"),
    path("backups/file/<str:name>/restore/", views.restore, name="backup_restore"),
]
