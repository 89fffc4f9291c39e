"""The job that erases a person, from the ledger and from the application database."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from onefunnel.intake import Progress
from onefunnel.ledger.engines.duckdb import Reader
from onefunnel.ledger.store.register import Register, read_register
from onefunnel.store.erasing import forget
from onefunnel.store.models import Job, Person
from onefunnel.web.jobs.queue import enqueue
from onefunnel.workflows.erasing import erase_party, finish_erasures
from onefunnel.workflows.journaling import drain
from onefunnel.workflows.workspace import Workspace


def ask(party: str, person: Person) -> Job:
    """The job that erases a party; it does not say whom, but to who has the secrets."""
    return enqueue("erase", {"party": _digest(party)}, person)


def work(
    workspace: Workspace, parameters: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any]:
    """Erase a person; done again after a kill, it completes what had begun."""
    drain(workspace, progress)
    progress.step("erasing", 0, None)
    wanted = str(parameters["party"])
    party = workspace.reading(lambda reader: _known_as(reader, wanted))
    erased = 0
    if party is None:
        finish_erasures(workspace)
    else:
        erased = erase_party(workspace, party)
    forget(read_register(workspace.path) or Register())
    return {"parties": erased}


def _known_as(reader: Reader, wanted: str) -> str | None:
    entity = reader.rows("entity")
    for batch in reader.stream(entity.select("party_id").distinct()):
        for party in batch.column(0).to_pylist():
            if hmac.compare_digest(_digest(party), wanted):
                return str(party)
    return None


def _digest(party: str) -> str:
    key = f"onefunnel.erase:{settings.SECRET_KEY!s}".encode()
    return hmac.new(key, party.encode(), hashlib.sha256).hexdigest()
