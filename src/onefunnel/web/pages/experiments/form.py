"""An experiment as a form, and the file that it writes."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django import forms

from onefunnel.measures.attribution.experiments import Brought
from onefunnel.measures.attribution.family import Value, Worth
from onefunnel.measures.attribution.recorded import (
    Amounts,
    Experiment,
    Groups,
    Kind,
    Of,
    Outcome,
)
from onefunnel.measures.attribution.recording import AMOUNTS, GROUPS, MOST, MOST_MONEY
from onefunnel.measures.attribution.regions import Region
from onefunnel.measures.attribution.writing import figures, written
from onefunnel.vocabulary.terms import EXPERIMENTS
from onefunnel.web.locale import Words
from onefunnel.web.locale.terms import DIMENSION_NAMES, VALUE_NAMES
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.funnel.asking import ANY_DIGITS

ROWS, SPARE, MOST_ROWS = 6, 2, 100
"""Rows of regions where none is there; empty ones beyond those that are; at most."""
KIND_NAMES: Mapping[Kind, str] = {
    Kind.HOLDOUT: N_("some people went without it (holdout)"),
    Kind.GEOGRAPHIC: N_("some regions went without it"),
}
MADE: Mapping[str, str] = {"yes": N_("by chance"), "no": N_("otherwise")}
COUNTS: Mapping[str, str] = {
    "no": N_("beside the model, each by its precision"),
    "yes": N_("instead of the model"),
}
TREATED: Mapping[str, str] = {"yes": N_("with it"), "no": N_("without it")}
DAYS = ("first", "last", "planned")
FIELDS: Mapping[str, str] = {"from": "first", "to": "last", "planned_before": "planned"}
"""Keys of the file whose field has another name."""
MEASURED = (Value.CUSTOMERS, Value.LEADS, Value.CONTRIBUTION, Value.REVENUE)
START: Mapping[str, str] = {"value": "customers", **{f"with_{at}": "no" for at in range(2, ROWS)}}
"""What a new form shows."""


def _day(**options: Any) -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(widget=widget, **options)


def _people() -> forms.IntegerField:
    widget = forms.NumberInput({"inputmode": "numeric"})
    return forms.IntegerField(required=False, min_value=0, max_value=MOST, widget=widget)


def _amount(least: int) -> forms.FloatField:
    widget = forms.TextInput({"inputmode": "decimal", "dir": "ltr", "autocomplete": "off"})
    return forms.FloatField(required=False, min_value=least, max_value=MOST_MONEY, widget=widget)


class ExperimentForm(forms.Form):
    """An experiment; of groups or of regions what its kind needs."""

    name = forms.CharField(max_length=80)
    kind = forms.ChoiceField()
    dimension = forms.ChoiceField()
    of = forms.CharField(max_length=200)
    value = forms.ChoiceField()
    first, last, planned = _day(), _day(), _day(required=False)
    randomised = forms.ChoiceField()
    overrides = forms.ChoiceField()
    treated, converted, control, control_converted = (_people() for _ in GROUPS)
    brought, control_brought = _amount(-MOST_MONEY), _amount(-MOST_MONEY)
    deviation, control_deviation = _amount(0), _amount(0)
    reached = _people()

    def __init__(self, *args: Any, words: Words, regions: int = ROWS, **values: Any) -> None:
        super().__init__(*args, **values)
        self.words, self.regions = words, min(regions, MOST_ROWS)
        for name, choices in _choices(words).items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        numbers = forms.TextInput({"inputmode": "decimal", "dir": "ltr", "autocomplete": "off"})
        for at in range(self.regions):
            self.fields[f"region_{at}"] = forms.CharField(max_length=120, required=False)
            self.fields[f"with_{at}"] = forms.ChoiceField(
                choices=_said(TREATED, words), required=False
            )
            for key in ("before", "after"):
                self.fields[f"{key}_{at}"] = forms.CharField(
                    max_length=2_000, required=False, widget=numbers
                )

    @property
    def region_rows(self) -> Iterator[tuple[forms.BoundField, ...]]:
        """Name, with it or without, the periods before and after of each region."""
        keys = ("region", "with", "before", "after")
        return (tuple(self[f"{key}_{at}"] for key in keys) for at in range(self.regions))

    def clean(self) -> dict[str, Any]:
        """What the kind needs must be there."""
        found = super().clean() or {}
        missing = self.words.say("Something is missing here.")
        if found.get("kind") == Kind.HOLDOUT:
            for name in AMOUNTS if _in_money(found) else GROUPS:
                if name not in self.errors and found.get(name) is None:
                    self.add_error(name, missing)
        if found.get("kind") == Kind.GEOGRAPHIC:
            for at in self._named(found):
                for key in ("before", "after"):
                    self._periods(f"{key}_{at}", found)
        return found

    def _named(self, found: Mapping[str, Any]) -> list[int]:
        return [at for at in range(self.regions) if found.get(f"region_{at}")]

    def _periods(self, name: str, found: dict[str, Any]) -> None:
        """The numbers of a field, in place of its text."""
        text = str(found.get(name) or "").translate(ANY_DIGITS).replace("٫", ".")
        try:
            parts = filter(None, re.split(r"[\s;]+", text))
            numbers = tuple(float(each.replace(",", ".")) for each in parts)
        except ValueError:
            self.add_error(name, self.words.say("Write numbers with a space between them."))
            return
        if not numbers:
            self.add_error(name, self.words.say("Something is missing here."))
        found[name] = numbers

    def file(self) -> str:
        """The file that the form wants."""
        return written(self.content())

    def content(self) -> Experiment:
        """What was typed, which need not be possible."""
        found = self.cleaned_data
        return Experiment(
            name=found["name"],
            dimension=Of(found["dimension"]),
            of=found["of"],
            counts=Value(found["value"]),
            first=found["first"],
            last=found["last"],
            outcome=self._outcome(),
            reached=found["reached"],
            randomised=found["randomised"] == "yes",
            overrides=found["overrides"] == "yes",
            planned=found["planned"],
        )

    def _outcome(self) -> Outcome:
        found = self.cleaned_data
        if found["kind"] != Kind.HOLDOUT:
            return self._regions()
        if not _in_money(found):
            return Groups(*(found[name] for name in GROUPS))
        told = [found[name] for name in AMOUNTS]
        return Amounts(Brought(*told[:3]), Brought(*told[3:]))

    def _regions(self) -> tuple[Region, ...]:
        found = self.cleaned_data
        return tuple(
            Region(
                found[f"region_{at}"],
                found[f"with_{at}"] == "yes",
                found[f"before_{at}"],
                found[f"after_{at}"],
            )
            for at in self._named(found)
        )


def known(experiment: Experiment) -> dict[str, Any]:
    """What the form shows of an experiment that stands."""
    initial: dict[str, Any] = {
        "name": experiment.name,
        "kind": experiment.kind.value,
        "dimension": experiment.dimension.value,
        "of": experiment.of,
        "value": experiment.counts.value,
        "reached": experiment.reached,
        "randomised": "yes" if experiment.randomised else "no",
        "overrides": "yes" if experiment.overrides else "no",
        **{name: getattr(experiment, name) for name in DAYS},
    }
    if isinstance(experiment.outcome, Groups):
        return initial | {name: getattr(experiment.outcome, name) for name in GROUPS}
    if isinstance(experiment.outcome, Amounts):
        return initial | dict(zip(AMOUNTS, figures(experiment.outcome), strict=True))
    for at, each in enumerate(experiment.outcome):
        initial |= {f"region_{at}": each.name, f"with_{at}": "yes" if each.treated else "no"}
        for key in ("before", "after"):
            initial[f"{key}_{at}"] = " ".join(f"{one:.15g}" for one in getattr(each, key))
    return initial


def rows_of(experiment: Experiment) -> int:
    """How many rows of regions the form of an experiment needs."""
    if not isinstance(experiment.outcome, tuple):
        return ROWS
    return max(ROWS, len(experiment.outcome) + SPARE)


def file_name(name: str, today: date) -> str:
    """The name of a file for an experiment.

    >>> file_name("Retargeting, spring", date(2024, 3, 1)), file_name("…", date(2024, 3, 1))
    ('experiments/retargeting-spring.toml', 'experiments/2024-03-01.toml')
    """
    slug = re.sub(r"[^\w]+", "-", name.strip().lower()).strip("-_")
    return f"{EXPERIMENTS}/{slug or today.isoformat()}.toml"


def _in_money(found: Mapping[str, Any]) -> bool:
    """Whether what counts is money."""
    value = found.get("value") or ""
    return value in set(Value) and Value(value).worth is Worth.VALUE


def _choices(words: Words) -> dict[str, list[tuple[str, str]]]:
    dimensions = {each.value: DIMENSION_NAMES[each] for each in Of}
    return {
        "kind": _said(KIND_NAMES, words),
        "dimension": _said(dimensions, words),
        "value": _said({each: VALUE_NAMES[each] for each in MEASURED}, words),
        "randomised": _said(MADE, words),
        "overrides": _said(COUNTS, words),
    }


def _said(names: Mapping[Any, str], words: Words) -> list[tuple[str, str]]:
    return [(str(each), str(words.say(said))) for each, said in names.items()]
