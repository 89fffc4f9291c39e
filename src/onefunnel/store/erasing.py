"""Erasure in the application database: what people wrote of somebody who is erased.

The register of erasures says who that is, by keyed hashes. So it can be done again at any time:
after a kill, and for a workspace that was restored from a backup.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from onefunnel.ledger.store.register import Register
from onefunnel.store.models import AuditLine, Job, Remark, Upload

SHORTEST = 6
"""Shorter words in a sentence may mean anybody: they are looked for as a whole text only."""
LONGEST_NAME = 6
"""Words in a name, at most."""
SOME = 1_000
TABLES = (Remark, AuditLine, Job, Upload)
_BETWEEN = re.compile(r"[\s,;:\"'<>()=&?!\[\]{}]+|\.(?=\s|$)")


def forget(register: Register) -> int:
    """Take whoever the register names out of comments, the audit log, jobs and uploads.

    Comments on their leads and on them, or that name them in the words of the records, lose their
    text; lines of the audit log lose the subject. Returns how many rows changed. What was written
    over is gone from the file of SQLite as well, unless a transaction is open.
    """
    named = _Named(register)
    _overwrite()
    with transaction.atomic():
        changed = _remarks(named) + _audit(named) + _jobs(named) + _uploads(named)
    _clean_file()
    return changed


class _Named:
    """Whom a register names."""

    def __init__(self, register: Register) -> None:
        self._hash = register.hash
        self._known = {*register.parties, *register.values}
        self._rows = {name: set(keys) for name, keys in register.rows.items()}

    def key(self, kind: str, key: str) -> bool:
        """Whether a key of a record is theirs: a party, an address, a lead, a deal."""
        digest = self._hash(key)
        return digest in self._known or digest in self._rows.get(kind, ())

    def text(self, text: str) -> bool:
        """Whether a text is one of their names, or has one in it."""
        if self._hash(text) in self._known:
            return True
        return any(self._hash(part) in self._known for part in _parts(text))

    def value(self, value: Any) -> bool:
        """The same of anything that JSON can hold."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return any(self.value(each) for pair in value.items() for each in pair)
        return isinstance(value, list) and any(self.value(each) for each in value)


def _parts(text: str) -> Iterator[str]:
    """Every run of a few words: a name or a number may stand in a sentence."""
    words = [word for word in _BETWEEN.split(text) if word]
    for length in range(1, LONGEST_NAME + 1):
        for start in range(len(words) - length + 1):
            part = " ".join(words[start : start + length])
            if len(part) >= SHORTEST:
                yield part


def _remarks(named: _Named) -> int:
    theirs = [
        each.pk
        for each in Remark.objects.exclude(text="").iterator(SOME)
        if named.key(each.subject_kind, each.subject_id) or named.text(each.text)
    ]
    for some in _somes(theirs):
        about = Remark.objects.filter(pk__in=some)
        about.filter(withdrawn_at=None).update(withdrawn_at=timezone.now())
        about.update(text="")
    return len(theirs) + _subjects(Remark, named)


def _subjects(model: type[Remark] | type[AuditLine], named: _Named) -> int:
    """Blank the subjects that name them; how many rows."""
    known = model.objects.exclude(subject_id="").values_list("subject_kind", "subject_id")
    blanked = 0
    for kind, key in list(known.distinct().iterator(SOME)):
        if named.key(kind, key) or named.text(key):
            rows = model.objects.filter(subject_kind=kind, subject_id=key)
            blanked += rows.update(subject_id="")
    return blanked


def _audit(named: _Named) -> int:
    theirs = [
        each.pk
        for each in AuditLine.objects.exclude(detail={}).iterator(SOME)
        if named.value(each.detail)
    ]
    for some in _somes(theirs):
        AuditLine.objects.filter(pk__in=some).update(detail={})
    return len(theirs) + _subjects(AuditLine, named)


def _jobs(named: _Named) -> int:
    theirs = [
        job.pk
        for job in Job.objects.iterator(SOME)
        if any(named.value(each) for each in (job.parameters, job.result, job.error, job.step))
    ]
    for some in _somes(theirs):
        blank = {"parameters": {}, "result": {}, "error": {}, "step": ""}
        Job.objects.filter(pk__in=some).update(**blank)
    return len(theirs)


def _uploads(named: _Named) -> int:
    theirs = [
        each.pk
        for each in Upload.objects.iterator(SOME)
        if named.value(each.seen) or named.text(each.mapping) or named.text(json.dumps(each.files))
    ]
    for some in _somes(theirs):
        Upload.objects.filter(pk__in=some).update(seen={})
    return len(theirs)


def _somes(keys: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(keys), SOME):
        yield keys[start : start + SOME]


def _overwrite() -> None:
    """Have SQLite write zeros over what is removed."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")


def _clean_file() -> None:
    """Leave nothing of what was removed in the file of the database or its log."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            for model in TABLES:
                cursor.execute(f'VACUUM FULL "{model._meta.db_table}"')
