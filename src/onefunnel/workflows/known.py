"""Whose each record is, by entity code: of all tables but touches, kept while nothing changes.

To look up by text whom each of millions of hand-offs is about takes as long as all that a funnel
asks of them afterwards. It is done once, when who is who is known, and read from then on.
"""

from collections.abc import Mapping
from pathlib import Path

import ibis
import ibis.expr.types as ir
from ibis.util import gen_name

from onefunnel.funnel.base import KNOWN
from onefunnel.funnel.dense.reading import people
from onefunnel.funnel.rules import Rules
from onefunnel.funnel.subjects import USED, columns_read, rows_with_subjects, with_entity
from onefunnel.ledger.disk.system import ENTITY
from onefunnel.ledger.engines.duckdb import Reader
from onefunnel.ledger.schema import before, over
from onefunnel.vocabulary import Question
from onefunnel.workflows.rest import PEOPLE, kept_known
from onefunnel.workflows.workspace import Workspace

TABLES = (PEOPLE, *(f"{KNOWN}{name}" for name in USED if name != "touch"))
"""What is kept: everybody whom a record is about, and the records of each table with their codes.

See :func:`onefunnel.funnel.dense.reading.people` and
:func:`onefunnel.funnel.subjects.known_rows`.
"""


def known(workspace: Workspace, reader: Reader, rules: Rules, question: Question) -> Path:
    """The folder of :data:`TABLES`, of the ledger until ``question.now``."""
    columns = {name: columns_read(name, rules) for name in USED if name != "touch"}
    needed = {"files": TABLES, "columns": columns, "now": question.now}

    def fill(folder: Path) -> None:
        with workspace.beside(reader) as other:
            _fill(other, rules, question, folder)

    return kept_known(workspace, reader, needed, fill)


def open_known(
    reader: Reader, folder: Path, names: tuple[str, ...] = TABLES
) -> Mapping[str, ir.Table]:
    """Read :data:`TABLES` from the folder that was filled."""
    return {name: reader.open_file(gen_name(name), _path(folder, name)) for name in names}


def _fill(reader: Reader, rules: Rules, question: Question, folder: Path) -> None:
    facts = reader.facts()
    none = facts["touch"].filter(ibis.literal(False))
    rows = rows_with_subjects(before(over(facts, {"touch": none}), question.now), rules)
    # Held: a subject is looked up through other tables, and needed twice.
    held = {name: reader.hold(each) for name, each in rows.items() if name != "touch"}
    everybody = people(list(held.values()), reader.table(ENTITY.name))
    reader.write(everybody, _path(folder, PEOPLE))
    entity = open_known(reader, folder, (PEOPLE,))[PEOPLE]
    for name, each in held.items():
        reader.write(with_entity(name, each, entity), _path(folder, f"{KNOWN}{name}"))
        reader.drop(each)


def _path(folder: Path, name: str) -> Path:
    return folder / f"{name}.parquet"
