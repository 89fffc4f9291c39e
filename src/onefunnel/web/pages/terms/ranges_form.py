"""The typed ranges as a form, and the file that it writes."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from django import forms
from markupsafe import Markup

from onefunnel.measures.incentives.quantities import Quantity
from onefunnel.measures.incentives.ranges import (
    ENDS,
    HISTORY_DAYS,
    MOST_HOURS,
    ONE,
    Hours,
    On,
    Pay,
    Per,
    Ranges,
    Typed,
)
from onefunnel.web.locale import Words
from onefunnel.web.pages.terms.typed import NAMES, ON, PER

RANGES = ("margin", "minutes_per_lead", "hours", "pay", "sellers", "weekly_hours")
"""The six that can be typed for a firm that has a list of leads and one of orders."""
NUMBERS = ("hour_cost", "work_within_hours")
"""What is one number and no range."""
PERCENT = ("margin", "pay")


class RangesForm(forms.Form):
    """Each range as low, best and high; the best alone is a number that is known. Shares in %."""

    hour_cost = forms.FloatField(required=False, min_value=0)
    work_within_hours = forms.FloatField(required=False, min_value=0.01, max_value=MOST_HOURS)
    per = forms.ChoiceField(required=False)
    on = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, words: Words, kept: Ranges, **values: Any) -> None:
        super().__init__(*args, **{"initial": _initial(kept), **values})
        self.words, self.kept = words, kept
        self.fields["per"].choices = [  # type: ignore[attr-defined]
            (each.value, words.say(said)) for each, said in PER.items()
        ]
        self.fields["on"].choices = [  # type: ignore[attr-defined]
            (each.value, words.say(said)) for each, said in ON.items()
        ]
        for name in RANGES:
            most = 100 if name in PERCENT else None
            for end in ENDS:
                widget = forms.NumberInput({"step": "any", "inputmode": "decimal"})
                self.fields[f"{name}_{end}"] = forms.FloatField(
                    required=False, min_value=0, max_value=most, widget=widget
                )

    @property
    def rows(self) -> Iterator[tuple[str, Markup, bool, tuple[forms.BoundField, ...]]]:
        """Each range: its key, its name, whether it is in percent, its three fields."""
        for name in RANGES:
            bound = tuple(self[f"{name}_{end}"] for end in ENDS)
            yield name, self.words.say(NAMES[name]), name in PERCENT, bound

    def clean(self) -> dict[str, Any]:
        """The best value, or all three in order."""
        found = super().clean() or {}
        for name in RANGES:
            ends = [f"{name}_{end}" for end in ENDS]
            if set(ends) & set(self.errors):
                continue
            low, best, high = (found.get(each) for each in ends)
            if best is None and (low is not None or high is not None):
                self.add_error(ends[1], self.words.say("Type the most likely value."))
            elif (low is None) != (high is None):
                self.add_error(ends[0], self.words.say("Type both ends, or neither."))
            elif low is not None and best is not None and not low <= best <= (high or best):
                said = self.words.say("The most likely value is not between the ends.")
                self.add_error(ends[1], said)
            elif name == "minutes_per_lead" and 0 in (low, best):
                self.add_error(ends[1], self.words.say("A lead takes more than no time."))
        return found

    def file(self) -> str:
        """The file that the form wants; what the form does not know stays as it is."""
        found = self.cleaned_data
        hours, pay = self._quantity("hours"), self._quantity("pay")
        wanted = replace(
            self.kept,
            hour_cost=found["hour_cost"],
            work_within_hours=found["work_within_hours"],
            margin=self._quantity("margin"),
            minutes_per_lead=self._quantity("minutes_per_lead"),
            sellers=self._quantity("sellers"),
            weekly_hours=self._quantity("weekly_hours"),
            hours=None if hours is None else Hours(hours, Per(found["per"] or Per.PERIOD)),
            pay=None if pay is None else Pay(pay, On(found["on"] or On.REVENUE)),
        )
        return written(wanted)

    def _quantity(self, name: str) -> Quantity | None:
        scale = 100 if name in PERCENT else 1
        given = (self.cleaned_data[f"{name}_{end}"] for end in ENDS)
        low, best, high = (None if each is None else _scaled(each, scale) for each in given)
        if best is None:
            return None
        if low is None or high is None or low == high:
            return Quantity.exact(best)
        return Quantity.typed_range(low, best, high)


def _scaled(value: float, scale: int) -> float:
    """A percentage as a share, without the noise of binary fractions."""
    return float(f"{value / scale:.12g}")


def _initial(kept: Ranges) -> Mapping[str, Any]:
    quantities = {name: getattr(kept, name) for name in RANGES if name not in ("hours", "pay")}
    quantities["hours"] = kept.hours.amount if kept.hours else None
    quantities["pay"] = kept.pay.rate if kept.pay else None
    numbers = {name: getattr(kept, name) for name in NUMBERS}
    initial: dict[str, Any] = {
        name: None if value is None else f"{value:.12g}" for name, value in numbers.items()
    }
    initial["per"] = (kept.hours.per if kept.hours else Per.PERIOD).value
    initial["on"] = (kept.pay.on if kept.pay else On.REVENUE).value
    for name, quantity in quantities.items():
        if quantity is None:
            continue
        scale = 100 if name in PERCENT else 1
        ends = ENDS if quantity.low < quantity.high else ("best",)
        for end in ends:
            initial[f"{name}_{end}"] = f"{getattr(quantity, end) * scale:.12g}"
    return initial


def written(ranges: Ranges) -> str:
    r"""The ranges as a file that reads as the same.

    >>> written(Ranges(hour_cost=20, pay=Pay(Quantity.exact(0.03))))
    'hour_cost = 20\npay = { rate = 0.03 }\n'
    """
    lines = []
    for each in fields(Ranges):
        value = getattr(ranges, each.name)
        usual = {"share_of_time": ONE, "history_days": HISTORY_DAYS, "segments": {}}
        if value is not None and value != usual.get(each.name):
            lines += (
                _segments(value) if each.name == "segments" else [f"{each.name} = {_said(value)}"]
            )
    return "\n".join(lines) + "\n"


def _segments(segments: Mapping[str, Typed]) -> list[str]:
    lines = []
    for name, typed in segments.items():
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        lines += ["", f'[segments."{escaped}"]']
        for each in fields(Typed):
            if (value := getattr(typed, each.name)) is not None:
                lines.append(f"{each.name} = {_said(value)}")
    return lines


def _said(value: Any) -> str:
    if isinstance(value, Pay):
        return "{ " + f"rate = {_said(value.rate)}{_kind('on', value.on, On.REVENUE)}" + " }"
    if isinstance(value, Hours):
        return _hours(value)
    if isinstance(value, Quantity):
        if value.low == value.high:
            return _number(value.best)
        return "{ " + ", ".join(f"{end} = {_number(getattr(value, end))}" for end in ENDS) + " }"
    return _number(value)


def _hours(hours: Hours) -> str:
    amount, per = hours.amount, _kind("per", hours.per, Per.PERIOD)
    if not per:
        return _said(amount)
    ends = ", ".join(f"{end} = {_number(getattr(amount, end))}" for end in ENDS)
    return "{ " + ends + per + " }"


def _kind(name: str, value: str, usual: str) -> str:
    return "" if value == usual else f', {name} = "{value}"'


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else f"{value:.12g}"
