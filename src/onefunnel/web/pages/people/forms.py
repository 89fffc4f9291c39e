"""Whom to invite, in which role; another role for somebody."""

from typing import Any

from django import forms

from onefunnel.store.models import Person
from onefunnel.vocabulary import Role
from onefunnel.web.locale import Words
from onefunnel.web.locale.terms import ROLE_NAMES


def roles(words: Words) -> list[tuple[str, str]]:
    """The roles by name."""
    return [(role.value, words.say(ROLE_NAMES[role])) for role in Role]


class Invite(forms.Form):
    """Somebody who is to come in."""

    name = forms.CharField(max_length=200, widget=forms.TextInput({"autocomplete": "off"}))
    email = forms.EmailField(widget=forms.EmailInput({"autocomplete": "off", "dir": "ltr"}))
    role = forms.ChoiceField(initial=Role.MARKETING.value)
    employee_id = forms.CharField(
        max_length=200,
        required=False,
        widget=forms.TextInput({"list": "employees", "autocomplete": "off", "dir": "ltr"}),
    )

    def __init__(self, *args: Any, words: Words, **values: Any) -> None:
        super().__init__(*args, **values)
        self.words = words
        self.fields["role"].choices = roles(words)  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        """The address, in small letters, that nobody else has."""
        email = str(self.cleaned_data["email"]).strip().lower()
        if Person.objects.filter(email=email).exists():
            said = self.words.say("Somebody signs in with this address already.")
            raise forms.ValidationError(said)
        return email


class Change(forms.Form):
    """The role of a person, and who they are in the records."""

    role = forms.ChoiceField()
    employee_id = forms.CharField(
        max_length=200,
        required=False,
        widget=forms.TextInput({"list": "employees", "autocomplete": "off", "dir": "ltr"}),
    )

    def __init__(self, *args: Any, words: Words, person: Person, **values: Any) -> None:
        known = {"role": person.role, "employee_id": person.employee_id}
        super().__init__(*args, **{**values, "prefix": f"p{person.pk}", "initial": known})
        self.fields["role"].choices = roles(words)  # type: ignore[attr-defined]
