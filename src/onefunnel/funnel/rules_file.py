"""Reading ``funnel.toml``: every mistake is named with its place and the nearest valid name."""

from dataclasses import fields, replace
from datetime import date
from typing import Any, NoReturn

from onefunnel.errors import InputError, Place, suggestion
from onefunnel.funnel.rules import (
    FACTS,
    Ownership,
    Rule,
    Rules,
    StageRules,
    as_items,
)
from onefunnel.ledger.schema import TABLES, Kind
from onefunnel.vocabulary import STAGES, Department, Stage
from onefunnel.vocabulary.toml import toml_of

NUMBERS = (Kind.MONEY, Kind.QUANTITY, Kind.RATE, Kind.COUNT, Kind.RATIO)
RULE_KEYS = tuple(field.name for field in fields(Rule))
OWNERS = (Department.MARKETING, Department.SALES, Department.BOTH)


def read(text: str, file: str, base: Rules) -> Rules:
    """The rules of a file over those of ``base``; see :func:`onefunnel.funnel.rules.load`."""
    reader = _Reader(text, file)
    content = toml_of(text, file)
    reader.names("rules", content, ("horizon_days", "stage"))
    named = reader.table("stage", content.get("stage", {}))
    reader.names("stage", named, [stage.value for stage in STAGES])
    horizon = reader.whole("horizon_days", content.get("horizon_days", base.horizon_days))
    stages = [
        reader.stage(each, named[each.stage.value]) if each.stage.value in named else each
        for each in base.stages
    ]
    return Rules(tuple(stages), horizon)


class _Reader:
    """One file while it is read; ``text`` serves to find the line of a mistake."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file
        self.within = ""

    def fail(self, key: str, value: object, code: str, message: str, remedy: str = "") -> NoReturn:
        place = Place(self.file, self._line(value), f"{self.within}{key}", str(value))
        raise InputError(place, code, message, remedy=remedy)

    def _line(self, value: object) -> int | None:
        """The line of a value, looked for from the stage that is being read; None if not found."""
        header = f"[{self.within.rstrip('.')}]"
        start = max(self.text.find(header), 0) if self.within else 0
        at = self.text.find(str(value), start)
        return None if at < 0 else self.text.count("\n", 0, at) + 1

    def names(self, what: str, given: dict[str, Any], valid: Any) -> None:
        for name in given:
            if name not in valid:
                self.fail(
                    what,
                    name,
                    "unknown_name",
                    f"There is no such {what}.",
                    suggestion(name, valid),
                )

    def table(self, key: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            self.fail(key, value, "bad_value", "A table was expected.", "Write name = value.")
        return value

    def whole(self, key: str, value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            self.fail(key, value, "bad_value", "A whole number above 0 was expected.")
        return value

    def flag(self, key: str, value: Any) -> bool:
        if not isinstance(value, bool):
            self.fail(key, value, "bad_value", "true or false was expected.")
        return value

    def stage(self, base: StageRules, value: Any) -> StageRules:
        """One stage; owner and rules that are not given stay those of ``base``."""
        given = self.table(base.stage.value, value)
        self.within = f"stage.{base.stage.value}."
        self.names("key", given, ("owner", "rule"))
        owners = self.owners(given["owner"]) if "owner" in given else base.owners
        rules = base.rules
        if "rule" in given:
            rules = tuple(self.rule(base.stage, each) for each in self.listed("rule", given))
            if all(rule.fallback for rule in rules):
                message = "A stage needs a rule that is no fallback."
                self.fail("rule", "fallback", "no_rule", message, "Leave fallback out.")
        self.within = ""
        return replace(base, owners=owners, rules=rules)

    def listed(self, key: str, given: dict[str, Any]) -> list[Any]:
        if not isinstance(given[key], list) or not given[key]:
            self.fail(key, given[key], "bad_value", "A list was expected.", "Write [ … ].")
        values: list[Any] = given[key]
        return values

    def owners(self, value: Any) -> tuple[Ownership, ...]:
        if isinstance(value, str):
            return (Ownership(None, self.department(value)),)
        owners = [self.ownership(each) for each in self.listed("owner", {"owner": value})]
        return tuple(sorted(owners, key=lambda each: each.since or date.min))

    def ownership(self, value: Any) -> Ownership:
        given = self.table("owner", value)
        self.names("key", given, ("since", "department"))
        since = given.get("since")
        if since is not None and type(since) is not date:
            self.fail("since", since, "bad_value", "A day was expected.", "Write 2024-07-01.")
        return Ownership(since, self.department(given.get("department", "")))

    def department(self, value: Any) -> Department:
        if value not in OWNERS:
            remedy = suggestion(str(value), [owner.value for owner in OWNERS])
            self.fail("owner", value, "unknown_name", "No such owner.", remedy)
        return Department(value)

    def rule(self, stage: Stage, value: Any) -> Rule:
        given = self.table("rule", value)
        self.names("key", given, RULE_KEYS)
        fact = given.get("fact", "")
        if fact not in FACTS:
            remedy = suggestion(str(fact), FACTS)
            self.fail("fact", fact, "unknown_name", "No rule can read such a table.", remedy)
        rule = Rule(
            fact,
            where=self.where(fact, given.get("where", {})),
            known=self.known(fact, given),
            at_least=self.bounds(fact, "at_least", given.get("at_least", {})),
            above=self.bounds(fact, "above", given.get("above", {})),
            nth=self.whole("nth", given.get("nth", 1)),
            distinct=self.column(fact, given["distinct"]) if "distinct" in given else None,
            within_days=(
                self.whole("within_days", given["within_days"]) if "within_days" in given else None
            ),
            after=self.after(stage, given["after"]) if "after" in given else None,
            observed=self.flag("observed", given.get("observed", True)),
            fallback=self.flag("fallback", given.get("fallback", False)),
        )
        return rule

    def column(self, fact: str, name: Any) -> str:
        if name not in TABLES[fact].by_name:
            remedy = suggestion(str(name), TABLES[fact].column_names)
            self.fail(fact, name, "unknown_column", f"There is no such column in {fact}.", remedy)
        return str(name)

    def known(self, fact: str, given: dict[str, Any]) -> tuple[str, ...]:
        names = self.listed("known", given) if "known" in given else []
        return tuple(self.column(fact, name) for name in names)

    def where(self, fact: str, value: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
        given = self.table("where", value)
        for name in given:
            column = TABLES[fact].by_name[self.column(fact, name)]
            if column.kind is not Kind.TEXT:
                self.fail(name, name, "bad_value", "Only text is compared by where.", "Use above.")
            for each in self.listed(name, given):
                self.choice(name, each, column.choices)
        return as_items(given)

    def choice(self, name: str, value: Any, choices: tuple[str, ...]) -> None:
        if not isinstance(value, str):
            self.fail(name, value, "bad_value", "Text was expected.", 'Write it as "…".')
        if choices and value not in choices:
            remedy = suggestion(value, choices)
            self.fail(name, value, "unknown_name", "The column has no such value.", remedy)

    def bounds(self, fact: str, key: str, value: Any) -> tuple[tuple[str, float], ...]:
        given = self.table(key, value)
        for name, bound in given.items():
            if TABLES[fact].by_name[self.column(fact, name)].kind not in NUMBERS:
                self.fail(key, name, "bad_value", "The column holds no numbers.")
            if not isinstance(bound, int | float) or isinstance(bound, bool):
                self.fail(key, bound, "bad_value", "A number was expected.")
        return as_items(given)

    def after(self, stage: Stage, value: Any) -> Stage:
        earlier = [each.value for each in STAGES[: stage.position]]
        if value not in earlier:
            remedy = suggestion(str(value), earlier)
            self.fail("after", value, "unknown_name", "No earlier stage has that name.", remedy)
        return Stage(value)
