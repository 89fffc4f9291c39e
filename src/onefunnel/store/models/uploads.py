"""Files that were dropped into the import page, until they are imported or thrown away."""

import uuid

from django.db import models


class Upload(models.Model):
    """One drop: a folder of the workspace with its files, and how they are to be read.

    ``files`` lists name and bytes; ``mapping`` is a mapping file as text, empty where the files are
    read as they are or by ``preset``. ``seen`` is what was recognised, as the page shows it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("store.Person", on_delete=models.SET_NULL, null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    files = models.JSONField(default=list)
    preset = models.CharField(max_length=40, blank=True)
    mapping = models.TextField(blank=True)
    seen = models.JSONField(default=dict)
    job = models.ForeignKey("store.Job", on_delete=models.SET_NULL, null=True, related_name="+")
    imported_at = models.DateTimeField(null=True)
