"""What people say of figures and terms under their own name: signed off, understood."""

from typing import ClassVar

from django.db import models


class SignOff(models.Model):
    """A person's name under a figure: ``kind`` is ``bridge``, ``subject`` the period, ``2024-06``.

    ``digest`` is a hash of what was signed: figures that have changed since are not signed any
    more. ``role`` is the person's at that time.
    """

    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    ledger_version = models.BigIntegerField()
    person = models.ForeignKey("store.Person", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)
    signed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Once per person and content."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["kind", "subject", "digest", "person"], name="sign_off_once"
            ),
        ]


class Understanding(models.Model):
    """What a person answered to the questions on their own scorecard, one row per attempt.

    ``scorecard`` is its file, ``digest`` what it said then, ``chosen`` the place chosen for each
    question; whether that is right is worked out anew, never stored.
    """

    scorecard = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    person = models.ForeignKey("store.Person", on_delete=models.PROTECT, related_name="+")
    attempt = models.PositiveIntegerField()
    chosen = models.JSONField()
    answered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Attempts count up."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["scorecard", "digest", "person", "attempt"], name="attempt_once"
            ),
        ]
