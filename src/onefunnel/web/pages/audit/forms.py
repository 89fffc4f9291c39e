"""Which lines of the audit log are wanted."""

from collections.abc import Sequence
from typing import Any

from django import forms

from onefunnel.web.locale import Words

Choices = Sequence[tuple[Any, str]]


class Wanted(forms.Form):
    """By whom, what, about what, and from which day to which."""

    person = forms.ChoiceField(required=False)
    action = forms.ChoiceField(required=False)
    subject = forms.CharField(required=False, max_length=300)
    since = forms.DateField(required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    until = forms.DateField(required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    def __init__(
        self, *args: Any, words: Words, people: Choices, actions: Choices, **values: Any
    ) -> None:
        super().__init__(*args, **values)
        self.people = {str(number): name for number, name in people}
        everybody, everything = words.say("Everybody"), words.say("Everything")
        self.fields["person"].choices = [("", everybody), *people]  # type: ignore[attr-defined]
        self.fields["action"].choices = [("", everything), *actions]  # type: ignore[attr-defined]
