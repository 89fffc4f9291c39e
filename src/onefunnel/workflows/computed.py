"""Answers that are worked out already: read without an engine, by what was asked of which version.

A page looks here first. What is not here is worked out by the worker and kept: an answer as JSON,
rows behind a figure as an Arrow file. They lie with the other kept results and go with them.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import feather

from onefunnel.errors import Confidential, InputError, OnefunnelError
from onefunnel.ledger.disk.head import read_head, replace_file
from onefunnel.version import RELEASE
from onefunnel.vocabulary.terms import PAY, SCORECARDS
from onefunnel.workflows.asking import Asked, ask, question_of, rows_behind
from onefunnel.workflows.closed import closed_answer
from onefunnel.workflows.encoded import Computed, decoded, encoded
from onefunnel.workflows.kept import FOLDER
from onefunnel.workflows.named import with_names
from onefunnel.workflows.staff import keep_staff
from onefunnel.workflows.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Rows:
    """Which rows: those behind a figure of a measure, in one row of its answer."""

    measure: str
    asked: Asked
    figure: str
    where: tuple[tuple[str, str | None], ...] = ()


def kept_answer(workspace: Workspace, measure: str, asked: Asked) -> Computed | None:
    """The answer of a measure if it is worked out already, else None."""
    try:
        text = _answer_path(workspace, measure, asked).read_text("utf-8")
    except FileNotFoundError:
        return None
    return decoded(json.loads(text))


def compute_answer(workspace: Workspace, measure: str, asked: Asked) -> Computed:
    """Work the answer of a measure out, and keep it. Raises as :func:`ask` does."""
    question, version = question_of(workspace, asked)
    made = closed_answer(workspace, measure, asked)
    if made is None:
        answer = ask(workspace, measure, asked)
        made, version = Computed(answer, question), answer.ledger_version
    if "owner" in asked.by:
        keep_staff(workspace, version)
    path = _answer_path(workspace, measure, asked, version)
    _keep(path, json.dumps(encoded(made), ensure_ascii=False))
    return made


def kept_rows(workspace: Workspace, rows: Rows) -> pa.Table | None:
    """The rows behind a figure if they are worked out already, mapped and not read; else None."""
    path = _rows_path(workspace, rows)
    if not path.is_file():
        return None
    return feather.read_table(path, memory_map=True)


def compute_rows(workspace: Workspace, rows: Rows) -> int:
    """Work the rows behind a figure out, and keep them; how many they are.

    With them is the ``name`` by which a person knows each customer, so that no page looks it up.
    """
    behind = rows_behind(
        workspace, rows.measure, rows.asked, rows.figure, dict(rows.where), with_names
    )
    if "owner" in rows.asked.by:
        keep_staff(workspace, behind.ledger_version)
    path = _rows_path(workspace, rows, behind.ledger_version)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    feather.write_feather(behind.rows, beside, compression="uncompressed")
    beside.replace(path)
    return len(behind.rows)


def ledger_version(workspace: Workspace) -> int:
    """The last complete version: what a page asks of."""
    return read_head(workspace.ledger).version


def _answer_path(
    workspace: Workspace, measure: str, asked: Asked, version: int | None = None
) -> Path:
    return _path(workspace, {"answer": measure, **asdict(asked)}, asked, version, "json")


def _rows_path(workspace: Workspace, rows: Rows, version: int | None = None) -> Path:
    return _path(workspace, {"rows": asdict(rows)}, rows.asked, version, "arrow")


def _path(
    workspace: Workspace, what: Mapping[str, Any], asked: Asked, version: int | None, kind: str
) -> Path:
    kept = workspace.settings
    at = version if version is not None else asked.as_of
    at = ledger_version(workspace) if at is None else at
    needed = {
        **what,
        "release": RELEASE,
        "currency": kept.currency,
        "zone": kept.timezone,
        "calendar": kept.calendar_name,
    }
    digest = hashlib.sha256(json.dumps(needed, sort_keys=True, default=str).encode()).hexdigest()
    return workspace.path / FOLDER / str(at) / f"{digest}.{kind}"


def _keep(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, text)


def said_of(error: Exception) -> dict[str, str]:
    """An error as a job keeps it: code, message, remedy.

    Of what is wrong with a pay plan or a scorecard it says only that: many may see a job, and the
    message may hold somebody's quota.

    >>> from onefunnel.errors import Place
    >>> place = Place("pay/sales.toml", 12, "member.2.quota", "-437.19")
    >>> said_of(InputError(place, "bad_value", "Not this."))["message"]
    "The terms can't be used."
    """
    if _is_confidential(error):
        remedy = "Who may change them sees why on the page Terms, and by `onefunnel terms`."
        return {"code": "error", "message": "The terms can't be used.", "remedy": remedy}
    if isinstance(error, OnefunnelError):
        return {"code": error.code, "message": error.message, "remedy": error.remedy}
    return {"code": "system", "message": type(error).__name__, "remedy": ""}


def _is_confidential(error: Exception) -> bool:
    if isinstance(error, InputError):
        return error.place.file.split("/")[0] in (PAY, SCORECARDS)
    return isinstance(error, Confidential)
