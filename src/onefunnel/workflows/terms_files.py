"""Put terms into force: a file is read before it counts, and makes a ledger version."""

import re
from collections.abc import Callable, Mapping

from onefunnel.errors import UsageError
from onefunnel.ledger.disk.head import Head, read_head, replace_file
from onefunnel.measures.attribution import agreed
from onefunnel.measures.attribution import recording as experiments
from onefunnel.measures.incentives import ranges
from onefunnel.measures.scorecard import reading as scorecards
from onefunnel.pay import reading as plans
from onefunnel.vocabulary.terms import ATTRIBUTION, EXPERIMENTS, INCENTIVES, PAY, SCORECARDS
from onefunnel.vocabulary.toml import toml_of
from onefunnel.workflows.terms import current_terms, name_in_force
from onefunnel.workflows.workspace import Workspace

KIND = "terms"
FOLDERS = (EXPERIMENTS, PAY, SCORECARDS)
NAME = re.compile(rf"{ATTRIBUTION}|{INCENTIVES}|({'|'.join(FOLDERS)})/[\w][\w .-]*\.toml")
READ: Mapping[str, Callable[[str, str], object]] = {
    PAY: plans.read,
    SCORECARDS: scorecards.load,
    INCENTIVES: ranges.read,
    ATTRIBUTION: agreed.read,
    EXPERIMENTS: experiments.read,
}
"""What reads the files of a place, and raises InputError where it can't."""


def place_of(text: str, file_name: str) -> str:
    r"""Where a file of terms belongs by what it says: in a folder, or in none.

    Raises InputError where it is no TOML.

    >>> place_of('name = "sales"\ncrediting = "invoice"', "sales.toml")
    'pay/sales.toml'
    """
    keys = toml_of(text, file_name).keys()
    if "crediting" in keys:
        return f"{PAY}/{file_name}"
    if "level" in keys:
        return f"{SCORECARDS}/{file_name}"
    if "dimension" in keys:
        return f"{EXPERIMENTS}/{file_name}"
    return ATTRIBUTION if keys and keys <= agreed.TABLES.keys() else INCENTIVES


def check(name: str, text: str) -> None:
    """Raise UsageError where no file of terms has this name, InputError where it can't be read."""
    _check_name(name)
    READ[name.split("/")[0]](text, name)


def put_terms(
    workspace: Workspace, files: Mapping[str, str | None], instead_of: str | None = None
) -> Head:
    """Write files of terms (None removes one) and make a ledger version of them; the head then.

    ``instead_of`` is the digest of the terms that the change was made to: where others stand by
    now, UsageError, and nothing changes. All files are read before one is written; where no version
    can be made, they are as they were.
    """
    for name, text in files.items():
        if text is None:
            _check_name(name)
        else:
            check(name, text)
    with workspace.writing() as batch:
        standing = current_terms(workspace)
        if instead_of is not None and standing.digest != instead_of:
            raise UsageError("The terms have changed since.", remedy="Look at them once more.")
        before = {name: standing.text(name) for name in files}
        write_terms(workspace, files)
        try:
            name_in_force(workspace, batch)
            if batch.next_head != batch.head:
                batch.commit(workspace.clock(), KIND, ", ".join(files))
        except BaseException:
            write_terms(workspace, before)
            raise
    return read_head(workspace.ledger)


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} is no file of terms.",
            remedy=f"Name it {ATTRIBUTION}, {INCENTIVES}, {PAY}/NAME.toml, "
            f"{SCORECARDS}/NAME.toml or {EXPERIMENTS}/NAME.toml.",
        )


def write_terms(workspace: Workspace, files: Mapping[str, str | None]) -> None:
    """Write files of terms (None removes one) as they are; the next batch names them."""
    for name, text in files.items():
        path = workspace.path / name
        if text is None:
            path.unlink(missing_ok=True)
            continue
        path.parent.mkdir(exist_ok=True)
        replace_file(path, text)
