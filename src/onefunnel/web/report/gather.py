"""Gather what a report is made of, all at one ledger version."""

from dataclasses import replace

from onefunnel.ledger.disk.system import QUARANTINE
from onefunnel.ledger.engines.duckdb import Reader
from onefunnel.ledger.schema import TABLES
from onefunnel.web.report.model import QuarantineCount, Report
from onefunnel.workflows.asking import Asked, ask, question_of
from onefunnel.workflows.workspace import Workspace

DIMENSION = "channel"


def gather(workspace: Workspace, asked: Asked) -> Report:
    """The answers of a report over a period, the records held, and what is in the quarantine."""
    question, version = question_of(workspace, asked)
    fixed = replace(asked, as_of=version, now=question.now)
    return Report(
        workspace=workspace.name,
        folder=str(workspace.path),
        calendar=workspace.settings.calendar,
        ledger_version=version,
        made_at=workspace.clock(),
        question=question,
        funnel=ask(workspace, "funnel", fixed),
        leaks=ask(workspace, "leaks", fixed),
        deals=ask(workspace, "deals", fixed),
        lost_reasons=ask(workspace, "lost_reasons", fixed),
        by_dimension=(ask(workspace, "funnel", replace(fixed, by=(DIMENSION,))),),
        totals=workspace.reading(lambda reader: _totals(reader, version)),
        quarantine=workspace.reading(lambda reader: _quarantined(reader, version)),
    )


def _totals(reader: Reader, version: int) -> dict[str, int]:
    counted = {}
    for name in TABLES:
        if name in reader.head.tables:
            rows = reader.table(name, version)
            counted[name] = reader.fetch(rows.aggregate(n=rows.count()))["n"][0].as_py()
    return {name: n for name, n in counted.items() if n}


def _quarantined(reader: Reader, version: int) -> tuple[QuarantineCount, ...]:
    rows = reader.table(QUARANTINE.name, version)
    counted = rows.group_by("fact", "code").aggregate(n=rows.count()).order_by("fact", "code")
    return tuple(
        QuarantineCount(each["fact"], each["code"], each["n"])
        for each in reader.fetch(counted).to_pylist()
    )
