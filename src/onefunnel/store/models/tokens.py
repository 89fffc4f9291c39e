"""Personal tokens: what a program shows instead of a password."""

from django.db import models


class Token(models.Model):
    """A token of a person; it may do what the person may. Only its hash is kept.

    ``start`` are its first letters, by which its owner knows it again.
    """

    person = models.ForeignKey("store.Person", on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    start = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
