"""The commands. Data goes to standard output, progress and messages to standard error.

Exit status: 0 done, 1 the answer is no, 2 wrong use, 3 bad input, 4 the system failed.
"""

import os
import sys
from typing import Annotated, Any, NoReturn, Optional

import typer
from rich.console import Console

from onefunnel import __version__, bootstrap
from onefunnel.cli import (
    answers,
    closing,
    exporting,
    importing,
    keeping,
    people,
    planning,
    serving,
    undoing,
)
from onefunnel.cli.options import WorkspacePath
from onefunnel.errors import OnefunnelError, exit_status

app = typer.Typer(
    name="onefunnel",
    help="One funnel that marketing and sales both own, in money.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
errors = Console(stderr=True, highlight=False, soft_wrap=True)
INTERRUPTED = 130  # what Typer answers when Ctrl-C is pressed
# Typer carries a Click of its own: its errors are not those of the package of that name.
WrongCall: type[Any] = next(
    each for each in typer.BadParameter.__mro__ if each.__name__ == "ClickException"
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"onefunnel {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """One funnel that marketing and sales both own, in money."""


@app.command()
def init(
    workspace: WorkspacePath,
    currency: Annotated[str, typer.Option(help="ISO 4217 code of every amount.")] = "EUR",
    timezone: Annotated[str, typer.Option(help="Time zone, such as Europe/Bucharest.")] = "UTC",
    language: Annotated[str, typer.Option(help="en, ru, ro, fa or vi.")] = "en",
    calendar: Annotated[str, typer.Option(help="gregorian or solar_hijri.")] = "gregorian",
    country: Annotated[
        str, typer.Option(help="ISO 3166 code, for telephone numbers without one.")
    ] = "",
    name: Annotated[Optional[str], typer.Option(help="Name to show.")] = None,  # noqa: UP045
) -> None:
    """Make a workspace in a new folder."""
    made = bootstrap.init_workspace(
        workspace,
        currency=currency,
        timezone=timezone,
        language=language,
        calendar_name=calendar,
        country=country,
        name=name,
    )
    errors.print(f"Made {made.path}. Next: onefunnel import {made.path} FOLDER", markup=False)
    errors.print("Whoever can read this folder can read everything in it.", style="dim")


app.command("import")(importing.import_command)
app.command("undo")(undoing.undo_command)
app.command("quarantine")(importing.quarantine_command)
app.command("drain")(importing.drain_command)
app.command("unlink")(importing.unlink_command)
app.command("show")(answers.show_command)
app.command("rows")(answers.rows_command)
app.command("report")(answers.report_command)
app.command("export")(exporting.export_command)
app.command("terms")(closing.terms_command)
app.command("experiment")(planning.experiment_command)
app.command("close")(closing.close_command)
app.command("closed")(closing.closed_command)
app.command("demo")(serving.demo_command)
app.command("serve")(serving.serve_command)
app.command("people")(people.people_command)
app.command("erase")(keeping.erase_command)
app.command("backup")(keeping.backup_command)
app.command("restore")(keeping.restore_command)
app.command("upgrade")(keeping.upgrade_command)
app.command("doctor")(keeping.doctor_command)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit status."""
    bootstrap.collect_seldom()
    try:
        status = app(arguments, standalone_mode=False)
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit):  # Typer makes the second of the first
        _leave_quietly()
    except (typer.Abort, KeyboardInterrupt):
        status = INTERRUPTED
    except Exception as error:
        status = explained(error)
    if status == INTERRUPTED:
        _say("Interrupted. The ledger holds whole batches only: it is as it was, or complete.")
        status = 4
    sys.exit(status if isinstance(status, int) else 0)


def explained(error: Exception) -> int:
    """Say what is wrong, and the exit status for it."""
    if isinstance(error, WrongCall):
        error.show()
        return 2
    if isinstance(error, OSError) and error.strerror:
        _say(f"{error.strerror}: {error.filename}" if error.filename else error.strerror)
    elif isinstance(error, OnefunnelError):
        _say(str(error))
    else:
        _say(f"{type(error).__name__}: {error}")
    return exit_status(error)


def _say(text: str) -> None:
    errors.print(f"onefunnel: {text}", style="red", markup=False)


def _leave_quietly() -> NoReturn:
    """Whoever read our output needs no more of it: that is no failure, and there is no message."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(0)


if __name__ == "__main__":
    main()
