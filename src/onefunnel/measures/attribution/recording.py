"""Reading the file of an experiment: every mistake is named with its place and what is allowed."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from onefunnel.measures.attribution.experiments import Brought
from onefunnel.measures.attribution.family import Value, Worth
from onefunnel.measures.attribution.recorded import (
    Amounts,
    Experiment,
    Groups,
    Kind,
    Of,
    Outcome,
    people_treated,
)
from onefunnel.measures.attribution.regions import Region, difference_in_differences
from onefunnel.pay.checks import Path
from onefunnel.pay.terms_file import TermsFile
from onefunnel.vocabulary import Terms
from onefunnel.vocabulary.terms import EXPERIMENTS

GROUPS = ("treated", "converted", "control", "control_converted")
REGION = ("name", "treated", "before", "after")
COMMON = (
    *("kind", "dimension", "of", "value", "from", "to"),
    *("reached", "randomised", "overrides", "planned_before"),
)
AMOUNTS = (
    *("treated", "brought", "deviation"),
    *("control", "control_brought", "control_deviation"),
)
"""In place of the groups' keys where money was measured."""
KEYS: Mapping[tuple[Kind, Worth], tuple[str, ...]] = {
    (Kind.HOLDOUT, Worth.CONVERSIONS): (*COMMON, *GROUPS),
    (Kind.HOLDOUT, Worth.VALUE): (*COMMON, *AMOUNTS),
    (Kind.GEOGRAPHIC, Worth.CONVERSIONS): (*COMMON, "region"),
    (Kind.GEOGRAPHIC, Worth.VALUE): (*COMMON, "region"),
}
"""The keys of a file by its kind and by what was measured."""
MOST = 1_000_000_000
MOST_MONEY = 10**15
"""Of any currency."""
FEWEST_REGIONS = 2
"""Of each side; fewer show no spread."""


def experiments_of(terms: Terms) -> tuple[Experiment, ...]:
    """The experiments of a workspace, in the order of their files. InputError as :func:`read`."""
    return tuple(read(text, file) for file, text in terms.under(EXPERIMENTS))


@lru_cache(maxsize=256)
def read(text: str, file: str = "experiment.toml") -> Experiment:
    r"""The experiment of a file; its name is that of the file.

    Raises InputError that names the file, the line, the key and the value, and says what is
    allowed.

    >>> text = '''kind = "holdout"
    ... dimension = "channel"
    ... of = "retargeting"
    ... value = "customers"
    ... from = 2024-03-01
    ... to = 2024-03-31
    ... treated = 10000
    ... converted = 230
    ... control = 10000
    ... control_converted = 200
    ... '''
    >>> read(text, "experiments/spring.toml").name
    'spring'
    >>> read(text.replace("230", "23000"))
    Traceback (most recent call last):
    ...
    onefunnel.errors.InputError: experiment.toml, line 8, column 'converted', value '23000': More
    converted than there are people. Count each person once.
    """
    return _Reader(text, file).content()


class _Reader(TermsFile):
    """One file while it is read."""

    def content(self) -> Experiment:
        kind = Kind(self.choice(Kind, ("kind",), self.needed((), self.given, "kind")))
        value = Value(self.choice(Value, ("value",), self.needed((), self.given, "value")))
        self.names((), self.given, KEYS[kind, value.worth])
        first, last = self.day("from"), self.day("to")
        if last < first:
            self.fail(("to",), last, "bad_value", "It ends before it begins.", "Swap from and to.")
        holdout = kind is Kind.HOLDOUT
        outcome = self.outcome(kind, value.worth)
        return Experiment(
            self.file.rsplit("/", 1)[-1].removesuffix(".toml"),
            Of(self.choice(Of, ("dimension",), self.needed((), self.given, "dimension"))),
            self.text(("of",), self.needed((), self.given, "of")),
            value,
            *(first, last, outcome),
            self.reached(outcome),
            self.flag("randomised", holdout),
            self.flag("overrides", False),
            self.planned(first),
        )

    def outcome(self, kind: Kind, worth: Worth) -> Outcome:
        if kind is Kind.GEOGRAPHIC:
            return self.regions(worth)
        return self.groups() if worth is Worth.CONVERSIONS else self.amounts()

    def amounts(self) -> Amounts:
        found = Amounts(self.brought(""), self.brought("control_"))
        if not (found.treated.deviation or found.control.deviation):
            message, remedy = "In each group all brought the same.", "Wait until some brought more."
            self.fail(("deviation",), 0, "bad_value", message, remedy)
        return found

    def brought(self, of: str) -> Brought:
        """What a group brought; ``of`` begins its keys."""
        key = of.removesuffix("_") or "treated"
        people = self.whole((key,), self.needed((), self.given, key))
        if not people:
            self.fail((key,), 0, "bad_value", "A group needs people.", "Write 1 or more.")
        amounts = (
            self.amount((name,), self.needed((), self.given, name), least)
            for name, least in ((f"{of}brought", -MOST_MONEY), (f"{of}deviation", 0))
        )
        return Brought(people, *amounts)

    def groups(self) -> Groups:
        found = Groups(*(self.whole((key,), self.needed((), self.given, key)) for key in GROUPS))
        for people, converted in (("treated", "converted"), ("control", "control_converted")):
            if not getattr(found, people):
                message = "A group needs people."
                self.fail((people,), 0, "bad_value", message, "Write 1 or more.")
            if getattr(found, converted) > getattr(found, people):
                message = "More converted than there are people."
                remedy = "Count each person once."
                self.fail((converted,), getattr(found, converted), "bad_value", message, remedy)
        shares = {found.converted / found.treated, found.control_converted / found.control}
        if shares <= {0.0, 1.0}:
            message = "In each group all or none converted."
            self.fail(
                ("converted",), "", "bad_value", message, "Wait until there are some of each."
            )
        return found

    def regions(self, worth: Worth) -> tuple[Region, ...]:
        given = self.needed((), self.given, "region")
        if not isinstance(given, list):
            message, remedy = "A list of tables was expected.", "Write [[region]]."
            self.fail(("region",), given, "bad_value", message, remedy)
        found = tuple(self.region(("region", at), each, worth) for at, each in enumerate(given))
        names = [each.name for each in found]
        for at, name in enumerate(names):
            if name in names[:at]:
                message = f"Two have the name {name!r}."
                path = ("region", at, "name")
                self.fail(path, name, "bad_value", message, "Give each a name of its own.")
        treated = sum(each.treated for each in found)
        if min(treated, len(found) - treated) < FEWEST_REGIONS:
            message, remedy = "Two regions with it and two without are needed.", "Add some."
            self.fail(("region",), "", "bad_value", message, remedy)
        if not difference_in_differences(found).error:
            message, remedy = "All regions changed alike.", "Add regions or periods."
            self.fail(("region",), "", "bad_value", message, remedy)
        return found

    def region(self, path: Path, given: Any, worth: Worth) -> Region:
        self.names(path, self.table(path, given), REGION)
        name, treated, before, after = (self.needed(path, given, key) for key in REGION)
        return Region(
            self.text((*path, "name"), name),
            self.boolean((*path, "treated"), treated),
            self.numbers((*path, "before"), before, worth),
            self.numbers((*path, "after"), after, worth),
        )

    def reached(self, outcome: Outcome) -> int | None:
        if "reached" not in self.given:
            return None
        found = self.whole(("reached",), self.given["reached"])
        if not found:
            self.fail(("reached",), found, "bad_value", "A group needs people.", "Leave it out.")
        if not isinstance(outcome, tuple) and found > people_treated(outcome):
            message = "More were reached than were treated."
            self.fail(("reached",), found, "bad_value", message, "Leave it out for all of them.")
        return found

    def planned(self, first: date) -> date | None:
        if "planned_before" not in self.given:
            return None
        found = self.day("planned_before")
        if found > first:
            message, remedy = "It was planned after it began.", "Leave it out."
            self.fail(("planned_before",), found, "bad_value", message, remedy)
        return found

    def needed(self, path: Path, given: Mapping[str, Any], key: str) -> Any:
        """The value of a key that must be there."""
        if key not in given:
            self.fail(path, "", "missing_key", f"{key!r} is missing.", f"Write {key} = ….")
        return given[key]

    def text(self, path: Path, given: Any) -> str:
        if not isinstance(given, str) or not given.strip():
            self.fail(path, given, "bad_value", "Text was expected.", 'Write it as "…".')
        return given

    def day(self, key: str) -> date:
        given = self.needed((), self.given, key)
        if type(given) is not date:
            remedy = "Write it as 2024-01-31."
            self.fail((key,), given, "bad_value", "A day was expected.", remedy)
        return given

    def flag(self, key: str, usual: bool) -> bool:
        return self.boolean((key,), self.given.get(key, usual))

    def boolean(self, path: Path, given: Any) -> bool:
        if not isinstance(given, bool):
            self.fail(path, given, "bad_value", "true or false was expected.", "")
        return given

    def whole(self, path: Path, given: Any) -> int:
        if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= MOST:
            message = "A whole number was expected."
            self.fail(path, given, "bad_value", message, f"It is from 0 to {MOST}.")
        return given

    def amount(self, path: Path, given: Any, least: int) -> float:
        real = isinstance(given, int | float) and not isinstance(given, bool)
        if not real or not least <= given <= MOST_MONEY:
            message, remedy = "An amount was expected.", f"It is from {least} to {MOST_MONEY}."
            self.fail(path, given, "bad_value", message, remedy)
        return float(given)

    def numbers(self, path: Path, given: Any, worth: Worth) -> tuple[float, ...]:
        """What came of each period, at least of one."""
        if not isinstance(given, list) or not given:
            message, remedy = "A list was expected.", "Write [10, 12]."
            self.fail(path, given, "bad_value", message, remedy)
        if worth is Worth.VALUE:
            return tuple(self.amount(path, each, -MOST_MONEY) for each in given)
        for each in given:
            real = isinstance(each, int | float) and not isinstance(each, bool)
            if not real or not 0 <= each <= MOST:
                remedy = f"It is from 0 to {MOST}."
                self.fail(path, each, "bad_value", "A number was expected.", remedy)
        return tuple(float(each) for each in given)
