"""Comments on figures, leads and campaigns, and the people they mention."""

from typing import ClassVar

from django.db import models


class Remark(models.Model):
    """A comment. ``subject_kind`` is ``figure``, ``lead``, ``customer`` or ``campaign``.

    A figure's ``subject_id`` is what was asked, as text; ``ledger_version`` is the one that was
    looked at. What is withdrawn keeps its place and loses its text.
    """

    subject_kind = models.CharField(max_length=20)
    subject_id = models.CharField(max_length=500)
    text = models.TextField(max_length=4000)
    author = models.ForeignKey("store.Person", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)
    ledger_version = models.BigIntegerField(default=0)

    class Meta:
        """By what they are about."""

        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["subject_kind", "subject_id", "written_at"], name="remark_about"),
        ]


class Mention(models.Model):
    """A person named in a comment; it waits on Today until it is read."""

    remark = models.ForeignKey(Remark, on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey("store.Person", on_delete=models.CASCADE, related_name="mentions")
    read_at = models.DateTimeField(null=True)

    class Meta:
        """Once per comment and person."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["remark", "person"], name="mention_once"),
        ]
