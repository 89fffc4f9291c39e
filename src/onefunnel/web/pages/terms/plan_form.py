"""The commonest pay plan as a form: one component on revenue or margin, tiers, a cap, members."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from onefunnel.errors import InputError
from onefunnel.pay import reading
from onefunnel.pay.content import number
from onefunnel.pay.plan import (
    ZERO,
    Accumulate,
    Base,
    Component,
    Event,
    Member,
    Plan,
    PlanFile,
    Tier,
    TiersOn,
    Unit,
)
from onefunnel.pay.writing import written
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.statements.amounts import BASE_NAMES
from onefunnel.web.pages.terms.plans import PERIODS

TIERS, SPARE, MOST = 5, 5, 500
"""Rows of tiers; empty rows for members beyond those that are there; members at most."""
HUNDRED = Decimal(100)
BASES = (Base.REVENUE, Base.MARGIN)
CREDITING = {
    Event.BOOKING: N_("when the deal is won"),
    Event.INVOICE: N_("when the order line is dated"),
    Event.CASH: N_("when the money is there"),
}
ACCUMULATE = {
    Accumulate.YEAR_TO_DATE: N_("run on through the year"),
    Accumulate.RESET: N_("begin anew with each period"),
}
MARGINAL, RETROACTIVE = "marginal", "retroactive"
KINDS = {
    MARGINAL: N_("on what lies above"),
    RETROACTIVE: N_("on everything, from the first unit"),
}
FIXED = ("name", "currency", "first", "crediting", "period", "accumulate", "base", "cap")


def _number(**options: Any) -> forms.DecimalField:
    widget = forms.NumberInput({"step": "any", "inputmode": "decimal"})
    return forms.DecimalField(required=False, min_value=ZERO, widget=widget, **options)


class PlanForm(forms.Form):
    """A plan of one component; rates are typed in percent, the first tier begins at 0."""

    name = forms.CharField(max_length=80)
    currency = forms.CharField(max_length=3, min_length=3)
    first = forms.DateField(widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    crediting = forms.ChoiceField()
    period = forms.ChoiceField()
    accumulate = forms.ChoiceField()
    base = forms.ChoiceField()
    cap = _number()

    def __init__(self, *args: Any, words: Words, members: int, **values: Any) -> None:
        super().__init__(*args, **values)
        self.words = words
        self.members = min(members, MOST)
        for name, choices in self._choices().items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        for at in range(TIERS):
            self.fields[f"start_{at}"] = _number()
            self.fields[f"rate_{at}"] = _number(max_value=HUNDRED)
            self.fields[f"kind_{at}"] = forms.ChoiceField(choices=self._said(KINDS), required=False)
        for at in range(self.members):
            widget = forms.TextInput({"list": "staff", "autocomplete": "off"})
            self.fields[f"employee_{at}"] = forms.CharField(
                max_length=200, required=False, widget=widget
            )
            self.fields[f"quota_{at}"] = _number()

    def _choices(self) -> dict[str, list[tuple[str, str]]]:
        return {
            "crediting": self._said(CREDITING),
            "period": [(each, str(self.words.say(said))) for each, said in PERIODS.items()],
            "accumulate": self._said(ACCUMULATE),
            "base": self._said({each: BASE_NAMES[each] for each in BASES}),
        }

    def _said(self, names: Mapping[Any, str]) -> list[tuple[str, str]]:
        return [(str(each), str(self.words.say(said))) for each, said in names.items()]

    @property
    def tier_rows(self) -> Iterator[tuple[forms.BoundField, ...]]:
        """Start, rate and kind of each tier; the first begins at 0 and has a rate alone."""
        return ((self[f"start_{n}"], self[f"rate_{n}"], self[f"kind_{n}"]) for n in range(TIERS))

    @property
    def member_rows(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """Employee and quota of each member."""
        return ((self[f"employee_{n}"], self[f"quota_{n}"]) for n in range(self.members))

    def clean(self) -> dict[str, Any]:
        """A first rate; a start for every rate; a quota for somebody."""
        found = super().clean() or {}
        missing = self.words.say("Something is missing here.")
        if "rate_0" not in self.errors and found.get("rate_0") is None:
            self.add_error("rate_0", missing)
        for at in range(1, TIERS):
            start, rate = found.get(f"start_{at}"), found.get(f"rate_{at}")
            if (start is None) != (rate is None) and not {f"start_{at}", f"rate_{at}"} & {
                *self.errors
            }:
                self.add_error(f"start_{at}" if start is None else f"rate_{at}", missing)
        for at in range(self.members):
            if found.get(f"quota_{at}") is not None and not found.get(f"employee_{at}"):
                self.add_error(f"employee_{at}", missing)
        return found

    def file(self) -> str:
        """The file that the form wants."""
        return written(self.content())

    def content(self) -> PlanFile:
        """The plan and its members."""
        found = self.cleaned_data
        component = Component(
            str(found["base"]), Base(found["base"]), tuple(self._tiers()), cap=found["cap"]
        )
        plan = Plan(
            name=found["name"],
            currency=found["currency"].upper(),
            first=found["first"],
            crediting=Event(found["crediting"]),
            period=Unit(found["period"]),
            components=(component,),
            accumulate=Accumulate(found["accumulate"]),
        )
        return PlanFile(plan, tuple(self._members(plan)))

    def _tiers(self) -> Iterator[Tier]:
        found = self.cleaned_data
        for at in range(TIERS):
            rate = found[f"rate_{at}"]
            if rate is None:
                continue
            start = found[f"start_{at}"] if at else ZERO
            yield Tier(start, rate / HUNDRED, at > 0 and found[f"kind_{at}"] == RETROACTIVE)

    def _members(self, plan: Plan) -> Iterator[Member]:
        for at in range(self.members):
            employee = self.cleaned_data[f"employee_{at}"]
            if employee:
                quota = self.cleaned_data[f"quota_{at}"]
                quotas = () if quota is None else (("", quota),)
                yield Member(plan.name, employee, plan.first, quotas=quotas)


@dataclass(frozen=True, slots=True)
class Known:
    """What a form shows of a plan, and how many rows of members it needs."""

    initial: Mapping[str, Any]
    members: int


def blank(currency: str, today: date) -> Known:
    """A new plan."""
    first = {"currency": currency, "first": today.replace(day=1)}
    usual = {"crediting": Event.INVOICE, "period": Unit.MONTH, "base": Base.REVENUE}
    return Known({**first, **usual, "accumulate": Accumulate.YEAR_TO_DATE}, SPARE)


def known(content: PlanFile) -> Known | None:
    """What the form shows of a plan; None where the plan says more than the form can."""
    plan = content.plan
    if not _usual(content):
        return None
    (component,) = plan.components
    initial: dict[str, Any] = {name: getattr(plan, name) for name in FIXED[:6]}
    initial |= {"base": component.base, "cap": component.cap}
    for at, tier in enumerate(component.tiers):
        percent = Decimal(number(tier.rate * HUNDRED))
        initial |= {f"start_{at}": tier.start, f"rate_{at}": percent}
        initial[f"kind_{at}"] = RETROACTIVE if tier.retroactive else MARGINAL
    for at, row in enumerate(content.members):
        initial |= {f"employee_{at}": row.employee, f"quota_{at}": row.quota_of("")}
    return Known(initial, len(content.members) + SPARE)


def _usual(content: PlanFile) -> bool:
    """Whether a plan is one that the form could have written."""
    plan = content.plan
    if len(plan.components) != 1 or len(content.members) > MOST - SPARE:
        return False
    component = plan.components[0]
    plain = Component(component.name, component.base, component.tiers, cap=component.cap)
    bare = Plan(plan.name, plan.currency, plan.first, plan.crediting, plan.period, (plain,))
    rows = (
        Member(plan.name, row.employee, plan.first, quotas=tuple(q for q in row.quotas if not q[0]))
        for row in content.members
    )
    return (
        replace(bare, accumulate=plan.accumulate) == plan
        and component.base in BASES
        and component.name == component.base
        and component.tiers_on is TiersOn.AMOUNT
        and len(component.tiers) <= TIERS
        and not component.tiers[0].retroactive
        and tuple(rows) == content.members
    )


def fits(name: str, text: str) -> bool:
    """Whether a file can be changed with the form."""
    try:
        return known(reading.read(text, name)) is not None
    except InputError:
        return False


def file_name(plan: str) -> str:
    """A name of a file for a plan.

    >>> file_name("Sales, 2025"), file_name("…")
    ('pay/sales-2025.toml', 'pay/plan.toml')
    """
    slug = re.sub(r"[^\w]+", "-", plan.strip().lower()).strip("-_")
    return f"pay/{slug or 'plan'}.toml"
