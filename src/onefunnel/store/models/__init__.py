"""The tables of the application database."""

from onefunnel.store.models.agreed import SignOff, Understanding
from onefunnel.store.models.audit import AuditLine
from onefunnel.store.models.jobs import Heartbeat, Job
from onefunnel.store.models.people import Invitation, Person
from onefunnel.store.models.remarks import Mention, Remark
from onefunnel.store.models.tokens import Token
from onefunnel.store.models.uploads import Upload

__all__ = [
    "AuditLine",
    "Heartbeat",
    "Invitation",
    "Job",
    "Mention",
    "Person",
    "Remark",
    "SignOff",
    "Token",
    "Understanding",
    "Upload",
]
