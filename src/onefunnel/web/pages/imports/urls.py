"""Addresses of the room."""

from django.urls import path

from onefunnel.web.pages.imports import file_views, mending_views, undo_views, views

urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/template.zip", views.template, name="import_template"),
    path("imports/quarantine/", mending_views.quarantine, name="quarantine"),
    path("imports/quarantine/waiting/<uuid:job>/", mending_views.waiting, name="mend_waiting"),
    path("imports/quarantine/<str:key>/", mending_views.group, name="quarantine_group"),
    path("imports/quarantine/<str:key>/mend/", mending_views.mend, name="mend"),
    path("imports/quarantine/<str:key>/replace/", mending_views.replace, name="mend_replace"),
    path("imports/quarantine/<str:key>/discard/", mending_views.discard, name="mend_discard"),
    path("imports/quarantine/<str:key>/rows.csv", mending_views.download, name="mend_rows"),
    path("imports/versions/<int:version>/undo/", undo_views.undo, name="undo"),
    path("imports/undo/<uuid:job>/", undo_views.seen, name="undo_seen"),
    path("imports/<uuid:upload>/", views.upload, name="upload"),
    path("imports/<uuid:upload>/state/", views.state, name="upload_state"),
    path("imports/<uuid:upload>/try/", views.try_all, name="upload_try"),
    path("imports/<uuid:upload>/import/", views.bring_in, name="upload_import"),
    path("imports/<uuid:upload>/throw-away/", views.throw_away, name="upload_throw_away"),
    path("imports/<uuid:upload>/mapping/", file_views.text, name="upload_mapping"),
    path("imports/<uuid:upload>/mapping.toml", file_views.download, name="upload_download"),
    path("imports/<uuid:upload>/<int:number>/", file_views.columns, name="upload_file"),
    path("imports/<uuid:upload>/<int:number>/take/", file_views.take, name="upload_take"),
    path("imports/<uuid:upload>/<int:number>/written/", file_views.written, name="upload_written"),
    path("imports/<uuid:upload>/<int:number>/rows/", file_views.preview, name="upload_preview"),
]
