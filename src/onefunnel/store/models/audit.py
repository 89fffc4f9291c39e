"""Who saw and did what."""

from typing import ClassVar

from django.db import models


class AuditLine(models.Model):
    """One thing that somebody saw or did. Lines are added, never changed; erasure blanks subjects.

    ``action`` is a word such as ``seen``, ``imported``, ``rules_changed``; the subject is what it
    was done to: a page, a lead, a person, a backup.
    """

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    person = models.ForeignKey(
        "store.Person", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    action = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.CharField(max_length=300, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        """Newest first, by who and by what."""

        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["subject_kind", "subject_id"], name="audit_subject"),
            models.Index(fields=["person", "-at"], name="audit_person"),
        ]
