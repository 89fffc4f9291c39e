"""What the pages of pay are made of, as far as it is worked out."""

from dataclasses import dataclass
from datetime import date

from onefunnel.pay.plan import PlanFile
from onefunnel.store.models import Job, Person
from onefunnel.web.jobs import closings
from onefunnel.web.jobs.questions import look_up
from onefunnel.web.pages.statements.own import PAYOUTS, Own, own, readable_plans
from onefunnel.workflows.asked import Asked
from onefunnel.workflows.closed import Closed
from onefunnel.workflows.encoded import Computed
from onefunnel.workflows.terms import current_terms
from onefunnel.workflows.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Paid:
    """Everybody's lines, the closed months, the plans; never given to a template as it is."""

    computed: Computed
    closed: tuple[Closed, ...]
    files: tuple[PlanFile, ...]
    whole: bool
    day: date

    @property
    def version(self) -> int:
        """The ledger version that it is of."""
        return self.computed.answer.ledger_version

    def own(self, employee_id: str) -> Own:
        """What one employee may see of it."""
        return own(self.computed.answer, self.files, employee_id)


def look(workspace: Workspace, person: Person) -> Paid | Job:
    """Everybody's pay where it is worked out already, else a job to wait for."""
    asked = look_up(workspace, {PAYOUTS: (PAYOUTS, Asked())}, person)
    closed = closings.look(workspace, person)
    if asked.missing:
        return asked.missing[0]
    if isinstance(closed, Job):
        return closed
    files, whole = readable_plans(current_terms(workspace))
    computed = asked.found[PAYOUTS]
    day = workspace.settings.calendar.local_day(computed.question.now)
    return Paid(computed, closed, files, whole, day)
