"""Long work: what was asked for, how far it is, what came of it; and the worker's heartbeat."""

import uuid
from typing import ClassVar

from django.db import models


class State(models.TextChoices):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(models.Model):
    """One piece of long work. ``key`` tells equal jobs that have not ended: they are one.

    ``lane`` keeps questions from waiting for imports: the worker runs one job of each lane at a
    time. ``parameters`` and ``result`` are JSON and hold no personal data. ``error`` has code,
    message and remedy.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    lane = models.CharField(max_length=20)
    key = models.CharField(max_length=64)
    parameters = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    step = models.CharField(max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    result = models.JSONField(default=dict)
    error = models.JSONField(default=dict)
    asked_by = models.ForeignKey(
        "store.Person", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """One unfinished job per key."""

        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "lane", "asked_at"], name="job_queue"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["key"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="job_unfinished_once",
            ),
        ]

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in (State.DONE, State.FAILED)

    @property
    def share(self) -> float | None:
        """How much is done, from 0 to 1; None where it is not known."""
        return min(self.done / self.total, 1.0) if self.total else None


class Heartbeat(models.Model):
    """When the worker was last seen alive."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
