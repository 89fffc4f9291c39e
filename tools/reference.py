"""Write the reference pages that the code itself says: ``python -m tools.reference``.

A test holds the pages to the code, so that none can grow old.
"""

import inspect
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import typer

from onefunnel import errors
from onefunnel.cli.app import app
from onefunnel.ledger.schema import TABLES
from onefunnel.measures.registry import MEASURES
from onefunnel.settings import EngineSettings, IdentitySettings, Limits, Settings

FOLDER = Path(__file__).parents[1] / "docs" / "reference"
WRITTEN = "<!-- Written by `python -m tools.reference`; change the code, not this page. -->"


def pages() -> dict[str, str]:
    """The pages by file name."""
    made = {
        "tables.md": _tables(),
        "commands.md": _commands(),
        "measures.md": _measures(),
        "settings.md": _settings(),
        "errors.md": _errors(),
    }
    return {name: "\n".join([*lines, ""]) for name, lines in made.items()}


def _tables() -> list[str]:
    lines = [WRITTEN, "", "# Tables", ""]
    lines += [
        "The tables of the ledger, and so of the canonical import: a file named after the table,",
        "with these column names. The key identifies a record; every other column may be left out,",
        "and an empty cell is unknown. Money has four decimals; instants are ISO 8601, in the",
        "workspace's local time where they name no zone.",
    ]
    for table in TABLES.values():
        lines += ["", f"## {table.name}", "", f"{table.about}.", ""]
        lines += ["| column | kind | meaning |", "|---|---|---|"]
        for column in table.columns:
            about = column.about
            if column.choices:
                about += ": " + ", ".join(f"`{choice}`" for choice in column.choices)
            if column.references:
                about += f" (a `{column.references}`)"
            key = " **key**" if column.name == table.key else ""
            lines.append(f"| `{column.name}`{key} | {column.kind.title} | {about} |")
    return lines


def _commands() -> list[str]:
    lines = [WRITTEN, "", "# Commands", ""]
    lines += [
        "Data goes to standard output, progress and messages to standard error. Exit status: 0",
        "done (rows in the quarantine included), 1 the answer is no, 2 wrong use, 3 bad input,",
        "4 the system failed.",
    ]
    group = typer.main.get_command(app)
    for name, command in sorted(group.commands.items()):  # type: ignore[attr-defined]
        context = typer.Context(command, info_name=f"onefunnel {name}")
        usage = command.get_usage(context).removeprefix("Usage: ")
        lines += ["", f"## {name}", "", f"{command.help}", "", "```text", usage, "```", ""]
        for parameter in command.params:
            if parameter.name != "help":
                lines.append(f"- {_parameter(parameter)}")
    return lines


def _parameter(parameter: object) -> str:
    options = ", ".join(f"`{each}`" for each in getattr(parameter, "opts", []))
    about = getattr(parameter, "help", "") or ""
    default = getattr(parameter, "default", None)
    said = f" Default: `{default}`." if default not in (None, False, "", []) else ""
    return f"{options}: {about}{said}"


def _measures() -> list[str]:
    lines = [WRITTEN, "", "# Measures", ""]
    lines += ["What `onefunnel show` answers, and `onefunnel.open(…)` has a method for."]
    for measure in MEASURES.values():
        lines += ["", f"## {measure.name}", "", f"{measure.about}", ""]
        lines += [inspect.cleandoc(measure.row_type.__doc__ or "").replace("``", "`"), ""]
        lines += [
            f"- `{each.name}`" + (f": {why}" if (why := measure.explained.get(each.name)) else "")
            for each in fields(measure.row_type)
        ]
    return lines


def _settings() -> list[str]:
    lines = [WRITTEN, "", "# Settings", "", "What `onefunnel.toml` holds."]
    parts = ((Settings, ""), (EngineSettings, "engine"), (Limits, "limits"))
    for kind, section in (*parts, (IdentitySettings, "identity")):
        title = f"[{section}]" if section else "onefunnel.toml"
        doc = inspect.cleandoc(kind.__doc__ or "").split("\n\n>>>")[0].replace("``", "`")
        lines += ["", f"## {title}", "", doc, "", "| setting | default |", "|---|---|"]
        sample = kind(workspace_id="…") if kind is Settings else kind()
        for each in fields(kind):
            value = getattr(sample, each.name)
            if not hasattr(value, "__dataclass_fields__"):
                lines.append(f"| `{each.name}` | `{value!r}` |")
    return lines


def _errors() -> list[str]:
    tree = inspect.cleandoc(errors.__doc__ or "").split("\n\n")[2]
    lines = [WRITTEN, "", "# Errors", "", "The tree of errors, with exit and HTTP status.", ""]
    lines += ["```text", inspect.cleandoc(tree), "```", ""]
    lines += ["| error | code | exit | HTTP | try again |", "|---|---|---|---|---|"]
    lines += [
        f"| {kind.__name__} | `{kind.code}` | {kind.exit_status} | {kind.http_status} | "
        f"{'yes' if kind.retry else 'no'} |"
        for kind in _tree(errors.OnefunnelError)
    ]
    return lines


def _tree(root: type[errors.OnefunnelError]) -> Iterator[type[errors.OnefunnelError]]:
    """The errors of the tree itself; a page may have one of its own, known when it is imported."""
    yield root
    for child in root.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from _tree(child)


def main() -> None:
    """Write the pages."""
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
