"""Measures of a ledger brought up to date after more touches, and beside it from nothing.

A task for each of :data:`benchmarks.data.REFRESHED` on both sides.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.data import Data, read_through
from benchmarks.watch import Watch

if TYPE_CHECKING:
    from onefunnel.workflows.workspace import Workspace

NEVER_DENSE = 1 << 60


def funnel(data: Data, watch: Watch) -> Any:
    """The joint funnel of a ledger that has answered it, after one per cent more touches."""
    return _brought_up_to_date("funnel", data, watch)


def funnel_from_nothing(data: Data, watch: Watch) -> Any:
    """The same of the ledger with the one per cent in it, from facts and who is who."""
    return _from_nothing("funnel", data, watch)


def acquisition(data: Data, watch: Watch) -> Any:
    """What was spent and who came of it, after one per cent more touches."""
    return _brought_up_to_date("acquisition", data, watch)


def acquisition_from_nothing(data: Data, watch: Watch) -> Any:
    """The same from facts and who is who."""
    return _from_nothing("acquisition", data, watch)


def attribution(data: Data, watch: Watch) -> Any:
    """All models with their intervals, after one per cent more touches."""
    return _brought_up_to_date("attribution", data, watch)


def attribution_from_nothing(data: Data, watch: Watch) -> Any:
    """The same from facts and who is who."""
    return _from_nothing("attribution", data, watch)


def _from_nothing(measure: str, data: Data, watch: Watch) -> Any:
    from benchmarks import ours
    from onefunnel import bootstrap

    ours.warm_up(data, measure)
    workspace = bootstrap.open_workspace(data.after)
    ours.forget_all(workspace)
    return ours.answered(workspace, watch, measure)


def _brought_up_to_date(measure: str, data: Data, watch: Watch) -> Any:
    """All that is worked out of the new facts is: putting them in order is left to the question."""
    from benchmarks import ours
    from onefunnel import bootstrap

    ours.warm_up(data, measure)
    with _copied(data.before) as folder:
        workspace = bootstrap.open_workspace(folder)
        _import_only(workspace, data.more_csv)
        return ours.answered(workspace, watch, measure)


def _import_only(workspace: Workspace, touches: Path) -> None:
    """Import touches, and put nothing in order."""
    from onefunnel.intake import silent
    from onefunnel.workflows.importing import import_paths

    read_through([touches])
    engine = replace(workspace.settings.engine, dense_from=NEVER_DENSE)
    lazy = replace(workspace, settings=replace(workspace.settings, engine=engine))
    import_paths(lazy, [touches], silent)


@contextmanager
def _copied(workspace: Path) -> Iterator[Path]:
    """A copy of a workspace, gone afterwards; data files are linked, since nobody changes them."""
    folder = workspace.with_name(f"{workspace.name}-copy")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(workspace, folder, copy_function=_link_or_copy)
    yield folder
    shutil.rmtree(folder)


def _link_or_copy(source: str, target: str) -> None:
    if source.endswith(".parquet"):
        Path(target).hardlink_to(source)
    else:
        shutil.copy2(source, target)
