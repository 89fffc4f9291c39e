"""The tree of errors. Each has a stable code, an exit status, an HTTP status, and a remedy.

.. code-block:: text

    OnefunnelError
    ├── UsageError              2, 400   the call is wrong
    │   ├── UnknownName                  a measure, dimension, preset … that does not exist
    │   └── NotAWorkspace                the folder is not a workspace, or already is one
    ├── InputError              3, 422   what was given can't be read as a whole
    ├── Refused                 1, 409   the data can't support the figure; the reason is said
    ├── CheckFailed             1, 409   the answer of a check is no
    └── SystemFailed            4, 500   the system failed
        ├── Busy                4, 503   another writer holds the workspace; try again
        └── Damaged             4, 500   what is stored is not what was written

Whether trying again can help is ``retry``. One function maps an error to an exit status
(:func:`exit_status`), the web maps ``http_status``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


class OnefunnelError(Exception):
    """Root of the tree: what is wrong in one sentence, and what to do about it.

    >>> str(UsageError("The period ends before it begins.", remedy="Swap --from and --to."))
    'The period ends before it begins. Swap --from and --to.'
    """

    code = "error"
    exit_status = 4
    http_status = 500
    retry = False

    def __init__(self, message: str, *, remedy: str = "", code: str | None = None) -> None:
        super().__init__(" ".join(part for part in (message, remedy) if part))
        self.message = message
        self.remedy = remedy
        if code is not None:
            self.code = code


class UsageError(OnefunnelError):
    """The call is wrong: an option that can't be, a name that does not exist."""

    code = "usage"
    exit_status = 2
    http_status = 400


class UnknownName(UsageError):
    """A name that does not exist; the valid ones and the nearest are said.

    >>> print(UnknownName("measure", "funel", ["funnel", "deals"]))
    There is no measure 'funel'. Did you mean 'funnel'? Valid: deals, funnel.
    """

    code = "unknown_name"

    def __init__(self, what: str, name: str, valid: Iterable[str]) -> None:
        self.what, self.name, self.valid = what, name, tuple(sorted(valid))
        super().__init__(f"There is no {what} {name!r}.", remedy=suggestion(name, self.valid))


class NotAWorkspace(UsageError):
    """The folder is not a workspace, or is one already."""

    code = "not_a_workspace"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the input: file, line (from 1, the header is 1), column name, value. None: whole."""

    file: str
    line: int | None = None
    column: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        """File, line, column and value, as far as they are known.

        >>> str(Place("touch.csv", 7, "kind", "clik"))
        "touch.csv, line 7, column 'kind', value 'clik'"
        """
        parts = [self.file]
        if self.line is not None:
            parts.append(f"line {self.line}")
        if self.column is not None:
            parts.append(f"column {self.column!r}")
        if self.value is not None:
            parts.append(f"value {self.value[:80]!r}")
        return ", ".join(parts)


class InputError(OnefunnelError):
    """What was given can't be read as a whole; the ledger is as it was.

    >>> print(InputError(Place("touch.csv", 1, "chanel"), "unknown_column",
    ...     "There is no such column in 'touch'.", remedy="Did you mean 'channel'?"))
    touch.csv, line 1, column 'chanel': There is no such column in 'touch'. Did you mean 'channel'?
    """

    exit_status = 3
    http_status = 422

    def __init__(self, place: Place, code: str, message: str, *, remedy: str = "") -> None:
        super().__init__(f"{place}: {message}", remedy=remedy, code=code)
        self.place = place


class Confidential(UsageError):
    """A wrong use whose message names what is somebody's own, such as a row of a pay plan."""


class Refused(OnefunnelError):
    """The data can't support the figure; the message is the reason."""

    code = "refused"
    exit_status = 1
    http_status = 409


class CheckFailed(OnefunnelError):
    """The answer of a check is no."""

    code = "check_failed"
    exit_status = 1
    http_status = 409


class SystemFailed(OnefunnelError):
    """The system failed: disk, memory, a server that does not answer."""

    code = "system"


class Busy(SystemFailed):
    """Another writer holds the workspace."""

    code = "busy"
    http_status = 503
    retry = True


class Damaged(SystemFailed):
    """What is stored is not what was written."""

    code = "damaged"


def suggestion(name: str, valid: Iterable[str]) -> str:
    """The nearest valid name, if one is near, and the valid ones.

    >>> suggestion("chanel", ["channel", "page"])
    "Did you mean 'channel'? Valid: channel, page."
    """
    names = tuple(valid)
    return " ".join(part for part in (nearest(name, names), f"Valid: {', '.join(names)}.") if part)


def nearest(name: str, valid: Iterable[str]) -> str:
    """The nearest valid name as a question, empty where none is near; for lists that are long.

    >>> nearest("eurr", ["EUR", "USD"]), nearest("x", ["EUR", "USD"])
    ("Did you mean 'EUR'?", '')
    """
    names = {each.lower(): each for each in valid}
    near = get_close_matches(name.lower(), names, n=1, cutoff=0.6)
    return f"Did you mean {names[near[0]]!r}?" if near else ""


def exit_status(error: BaseException) -> int:
    """The exit status of an error: that of the tree, 4 for any other."""
    return error.exit_status if isinstance(error, OnefunnelError) else 4
