"""Identity: which records are about the same person or the same organisation.

``subjects`` says whom each fact is about, ``identifiers`` what there is to tell people apart by,
``resolve`` who is the same, ``organisations`` who belongs where. Nothing here runs a query: the
expressions are run elsewhere, and their answers handed to ``resolve`` as Arrow tables.
"""

from onefunnel.identity.normalise import phone_keys
from onefunnel.identity.organisations import organisations
from onefunnel.identity.query import identifiers
from onefunnel.identity.resolve import resolve
from onefunnel.identity.subjects import all_subjects, subjects

__all__ = [
    "all_subjects",
    "identifiers",
    "organisations",
    "phone_keys",
    "resolve",
    "subjects",
]
