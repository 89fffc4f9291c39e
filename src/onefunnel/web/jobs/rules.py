"""Jobs about funnel rules: what other rules would change, and putting them into force."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from onefunnel.funnel.result import FunnelRow
from onefunnel.funnel.rules import load
from onefunnel.intake import Progress
from onefunnel.store.models import Person
from onefunnel.vocabulary import Note
from onefunnel.web.site.audit import write
from onefunnel.workflows.asked import Asked
from onefunnel.workflows.asking import ask
from onefunnel.workflows.computed import compute_answer
from onefunnel.workflows.rules import put_into_force
from onefunnel.workflows.workspace import Workspace


def preview(
    workspace: Workspace, parameters: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any]:
    """The funnel under the rules in force and under those of ``text``, stage by stage."""
    proposed = load(parameters["text"])
    progress.step("rules in force", 0, 2)
    before = compute_answer(workspace, "funnel", Asked()).answer
    progress.step("rules proposed", 1, 2)
    after = ask(workspace, "funnel", Asked(), proposed)
    return {
        "version": before.ledger_version,
        "before": [_figures(row, before.notes) for row in before.rows],
        "after": [_figures(row, after.notes) for row in after.rows],
    }


def apply(
    workspace: Workspace, parameters: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any]:
    """Put the rules of ``text`` into force: a ledger version of their own."""
    progress.step("rules", 0, None)
    head = put_into_force(workspace, parameters["text"], parameters["instead_of"])
    person = Person.objects.filter(pk=parameters["person"]).first()
    write(person, "rules_applied", "rules", head.rules, version=head.version)
    return {"version": head.version, "rules": head.rules}


def _figures(row: FunnelRow, notes: Sequence[Note]) -> dict[str, Any]:
    """What a preview compares; money is earned and expected together, unknown where both are."""
    parts = [row.realised_contribution, row.expected_contribution]
    known = [each for each in parts if each is not None]
    return {
        "stage": row.stage.value,
        "owner": row.owner.value,
        "entered": row.entered,
        "conversion": row.conversion,
        "refused": any(
            note.code == "refused_conversion" and note.params.get("stage", row.stage) == row.stage
            for note in notes
        ),
        "horizon_days": row.horizon_days,
        "money": str(sum(known, Decimal(0))) if known else None,
    }
