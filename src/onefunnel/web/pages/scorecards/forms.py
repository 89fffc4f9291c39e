"""What if: the figures of a scorecard as somebody would have them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms

from onefunnel.measures.scorecard.plan import Scorecard
from onefunnel.measures.scorecard.results import Values, evaluate, pay
from onefunnel.web.locale import Words
from onefunnel.web.pages.scorecards.terms import share
from onefunnel.web.pages.statements.forms import Number


class WhatIfForm(forms.Form):
    """A field for each figure that a scorecard reads; empty ones stay unknown."""

    def __init__(
        self, *args: Any, words: Words, card: Scorecard, values: Values, **more: Any
    ) -> None:
        names = {f"value_{place}": source for place, source in enumerate(card.sources)}
        told = {name: values.get(source) for name, source in names.items()}
        initial = {
            name: f"{value.normalize():f}" for name, value in told.items() if value is not None
        }
        super().__init__(*args, **{**more, "initial": initial})
        self.words, self.card, self.names = words, card, names
        for name in names:
            self.fields[name] = Number(words, required=False)

    def values(self) -> dict[str, Decimal | None]:
        """The figures as they were written, by source."""
        return {source: self.cleaned_data.get(name) for name, source in self.names.items()}

    @classmethod
    def is_in(cls, given: Mapping[str, str]) -> bool:
        """Whether it was sent."""
        return any(name.startswith("value_") for name in given)


def said(card: Scorecard, values: Values, target: Decimal | None, words: Words) -> str:
    """What a scorecard would pay for some figures: a share of the target pay, and the money."""
    result = evaluate(card, "", values)
    if result.payout is None:
        low, high = share(result.low, words), share(result.high, words)
        return str(words.say("{low} to {high} of the target pay", low=low, high=high))
    whole = words.say("{share} of the target pay", share=share(result.payout, words))
    money = None if target is None else pay(result, target)
    return str(whole if money is None else f"{whole}: {words.figures.paid(money)}")
