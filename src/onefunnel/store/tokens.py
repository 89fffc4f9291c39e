"""Personal tokens: making one, taking it back, and whose a token is. Only hashes are kept."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from onefunnel.store.models import Person, Token
from onefunnel.vocabulary import Permission

PREFIX = "of_"
"""What every token begins with, so that one left in a file is found again."""
SHOWN = 10
NOTED_EVERY = timedelta(minutes=1)


def make(person: Person, name: str, valid_for: timedelta) -> tuple[Token, str]:
    """A new token of a person, and its secret, which is known only now."""
    secret = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        person=person,
        name=name.strip(),
        start=secret[:SHOWN],
        digest=digest(secret),
        expires_at=timezone.now() + valid_for,
    )
    return token, secret


def find(secret: str) -> Token | None:
    """The token of a secret with its person; None where it is unknown, revoked or too old."""
    if not secret.startswith(PREFIX):
        return None
    found = Token.objects.select_related("person").filter(digest=digest(secret)).first()
    return found if found is not None and works(found, timezone.now()) else None


def person_of(secret: str) -> Person | None:
    """Who shows a token: an active person who may have one, else None. Its use is noted."""
    token = find(secret)
    if token is None or not token.person.may(Permission.TOKENS):
        return None
    _used(token, timezone.now())
    return token.person


def revoke(tokens: Iterable[Token]) -> None:
    """Take tokens back; what is revoked already keeps its moment."""
    which = [token.pk for token in tokens]
    Token.objects.filter(pk__in=which, revoked_at=None).update(revoked_at=timezone.now())


def works(token: Token, now: datetime) -> bool:
    """Whether a token is neither revoked nor too old."""
    return token.revoked_at is None and now < token.expires_at


def digest(secret: str) -> str:
    """What is kept of a secret; it is long and random, so that a plain hash suffices."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _used(token: Token, now: datetime) -> None:
    """Note the use, once a minute at most: a program may call many times a second."""
    old = Q(used_at=None) | Q(used_at__lt=now - NOTED_EVERY)
    if token.used_at is None or token.used_at < now - NOTED_EVERY:
        Token.objects.filter(old, pk=token.pk).update(used_at=now)
