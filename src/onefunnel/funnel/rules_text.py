"""Writing ``funnel.toml``: one stage or the horizon of a file anew, the rest as it was written.

What is given back is held to what is meant: a file whose layout can't be followed is written as a
whole, and loses its comments; :class:`Written` says so.
"""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from onefunnel.errors import InputError
from onefunnel.funnel.rules import Ownership, Rule, Rules, StageRules, default_rules, load

_HEADER = re.compile(r"^[ \t]*\[")


@dataclass(frozen=True, slots=True)
class Written:
    """A file of rules, what it says, and whether it was written anew as a whole."""

    text: str
    rules: Rules
    anew: bool = False


def with_stage(text: str, wanted: StageRules) -> Written:
    """The file with one stage as wanted. Raises InputError where the file can't be read."""
    before = load(text)
    at = wanted.stage.position
    stages = (*before.stages[:at], wanted, *before.stages[at + 1 :])
    return _held_to(_stage_replaced(text, wanted), replace(before, stages=stages))


def with_horizon(text: str, days: int) -> Written:
    """The file with another horizon. Raises InputError where the file can't be read."""
    before = load(text)
    line = f"horizon_days = {days}"
    found = re.search(r"^horizon_days[ \t]*=[ \t]*[\d_]+", text, re.MULTILINE)
    edited = (
        f"{line}\n\n{text}" if found is None else text[: found.start()] + line + text[found.end() :]
    )
    return _held_to(edited, replace(before, horizon_days=days))


def written(rules: Rules) -> str:
    r"""The rules as a file that names the horizon, and the stages that are not the default ones.

    >>> from onefunnel.funnel.rules import default_rules
    >>> written(default_rules())
    'horizon_days = 90\n'
    """
    usual = default_rules()
    own = [each for each in rules.stages if each != usual.of(each.stage)]
    parts = [f"horizon_days = {rules.horizon_days}\n", *(stage_written(each) for each in own)]
    return "\n".join(parts)


def stage_written(stage: StageRules) -> str:
    """A stage as the file spells it."""
    name = f"stage.{stage.stage.value}"
    lines = [f"[{name}]", f"owner = {_owner(stage.owners)}"]
    for rule in stage.rules:
        lines += [f"[[{name}.rule]]", *_rule(rule)]
    return "\n".join(lines) + "\n"


def _held_to(text: str, wanted: Rules) -> Written:
    try:
        if load(text).content_hash == wanted.content_hash:
            return Written(text, wanted)
    except InputError:
        pass
    return Written(written(wanted), wanted, anew=True)


def _stage_replaced(text: str, wanted: StageRules) -> str:
    """The text with a stage's blocks replaced where the first of them stands, else at the end."""
    mine = re.compile(rf"^[ \t]*\[+[ \t]*stage[ \t]*\.[ \t]*{wanted.stage.value}[ \t]*[.\]]")
    kept: list[str] = []
    at: int | None = None
    own: list[str] = []
    inside = False
    for line in text.splitlines(keepends=True):
        if _HEADER.match(line):
            kept += _about_the_next(own)
            own, inside = [], mine.match(line) is not None
            at = len(kept) if inside and at is None else at
        (own if inside else kept).append(line)
    kept += _about_the_next(own)
    block = stage_written(wanted)
    if at is None:
        gap = "\n" if text and not text.endswith("\n\n") else ""
        end = "" if not text or text.endswith("\n") else "\n"
        return f"{text}{end}{gap}{block}"
    after = "".join(kept[at:])
    return (
        "".join(kept[:at]) + block + ("\n" if after and not after.startswith("\n") else "") + after
    )


def _about_the_next(lines: list[str]) -> list[str]:
    """The comments at the end of a block: they stand above what comes next."""
    end = len(lines)
    while end and lines[end - 1].lstrip().startswith(("#", "\n", "\r")):
        end -= 1
    return [line for line in lines[end:] if line.strip()] and lines[end:]


def _owner(owners: tuple[Ownership, ...]) -> str:
    if len(owners) == 1 and owners[0].since is None:
        return _value(owners[0].department.value)
    return "[" + ", ".join(_dated(each) for each in owners) + "]"


def _dated(owner: Ownership) -> str:
    since = f"since = {owner.since.isoformat()}, " if owner.since else ""
    return f"{{ {since}department = {_value(owner.department.value)} }}"


def _rule(rule: Rule) -> list[str]:
    lines = [f"fact = {_value(rule.fact)}"]
    for key in ("where", "at_least", "above"):
        lines += [f"{key}.{name} = {_value(value)}" for name, value in getattr(rule, key)]
    if rule.known:
        lines.append(f"known = {_value(rule.known)}")
    usual = Rule(rule.fact)
    for key in ("nth", "distinct", "within_days", "after", "observed", "fallback"):
        if getattr(rule, key) != getattr(usual, key):
            lines.append(f"{key} = {_value(getattr(rule, key))}")
    return lines


def _value(value: Any) -> str:
    r"""A value as TOML spells it.

    >>> _value(("a", 'b"')), _value(True), _value(4), _value(date(2024, 7, 1))
    ('["a", "b\\""]', 'true', '4', '2024-07-01')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return "[" + ", ".join(_value(each) for each in value) + "]"
    if isinstance(value, int | float):
        return repr(value)
    return _text(str(value))


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(_character(each) for each in escaped) + '"'


def _character(each: str) -> str:
    return f"\\u{ord(each):04x}" if ord(each) < 0x20 or ord(each) == 0x7F else each
