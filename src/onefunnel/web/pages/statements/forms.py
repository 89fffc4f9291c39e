"""The what-if of one's own plan as a form: a sale that might be."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from onefunnel.pay.plan import Plan
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.funnel.asking import ANY_DIGITS
from onefunnel.web.pages.statements.what_if import OneMore

MOST = Decimal(10) ** 12
LONGEST = 40
NAMES = ("amount", "cost", "quantity", "product", "segment")
OTHERS = {"product": N_("another product"), "segment": N_("another segment")}


class Number(forms.CharField):
    """A number as people write it: in any digits, with a point or a comma before its decimals."""

    def __init__(self, words: Words, **values: Any) -> None:
        widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=LONGEST, widget=widget, **values)
        self.words = words

    def to_python(self, value: Any) -> Any:
        """The number; None where nothing is written."""
        text = _plain(str(value or ""))
        if not text:
            return None
        try:
            found = Decimal(text)
        except InvalidOperation:
            found = Decimal("NaN")
        if not found.is_finite() or abs(found) > MOST:
            raise ValidationError(self.words.say("Write a number, such as 1200.50."))
        return found

    def validate(self, value: Any) -> None:
        """Only that there is one where there must be."""
        if self.required and value is None:
            raise ValidationError(self.words.say("Write a number, such as 1200.50."))

    def run_validators(self, value: Any) -> None:
        """A number needs none of those of a text."""


def _plain(text: str) -> str:
    """A number with a point before its decimals: the last mark is that, others part thousands.

    >>> _plain("1.200,50"), _plain("1,200.50"), _plain("1 200,5"), _plain("1.200.000")
    ('1200.50', '1200.50', '1200.5', '1200000')
    """
    found = "".join(text.translate(ANY_DIGITS).replace("\u066b", ".").replace("\u066c", "").split())
    last = max(found.rfind("."), found.rfind(","))
    if last < 0 or (found.count(found[last]) > 1):
        return found.replace(".", "").replace(",", "")
    whole = found[:last].replace(".", "").replace(",", "")
    return f"{whole}.{found[last + 1 :]}"


class OneMoreForm(forms.Form):
    """One more sale; products and segments are those that the plans name."""

    def __init__(self, *args: Any, words: Words, plans: Iterable[Plan], **values: Any) -> None:
        super().__init__(*args, **values)
        components = [each for plan in plans for each in plan.components]
        self.fields["amount"] = Number(words)
        self.fields["cost"] = Number(words, required=False)
        self.fields["quantity"] = Number(words, required=False)
        for name, other in OTHERS.items():
            named = sorted({each for c in components for each in getattr(c, f"{name}s")})
            if named:
                self.fields[name] = forms.ChoiceField(
                    required=False,
                    choices=[("", words.say(other)), *((each, each) for each in named)],
                )

    def one(self) -> OneMore:
        """The sale that is asked about."""
        found = self.cleaned_data
        quantity = found.get("quantity")
        return OneMore(
            found["amount"],
            found.get("cost"),
            Decimal(1) if quantity is None else quantity,
            found.get("product") or "",
            found.get("segment") or "",
        )
