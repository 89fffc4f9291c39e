"""What somebody says of themselves when they come in by a link, and of the firm."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from babel.numbers import list_currencies
from django import forms
from django.contrib.auth.password_validation import validate_password
from phonenumbers import SUPPORTED_REGIONS

from onefunnel.store.models import Person
from onefunnel.vocabulary.calendars import NAMES as CALENDARS
from onefunnel.web.locale import LANGUAGES, Words
from onefunnel.web.locale.terms import CALENDAR_NAMES

Choices = list[tuple[str, str]]


class Joining(forms.Form):
    """Name, address and a password; without the first two where the person is known.

    ``zone`` is filled by the browser, if it can: the time zone that it shows.
    """

    name = forms.CharField(max_length=200, widget=forms.TextInput({"autocomplete": "name"}))
    email = forms.EmailField(widget=forms.EmailInput({"autocomplete": "username", "dir": "ltr"}))
    password = forms.CharField(
        strip=False, widget=forms.PasswordInput({"autocomplete": "new-password", "dir": "ltr"})
    )
    zone = forms.CharField(
        max_length=60, required=False, widget=forms.HiddenInput({"data-zone": ""})
    )

    def __init__(self, *args: Any, known: Person | None = None, **values: Any) -> None:
        super().__init__(*args, **values)
        self.known = known
        if known is not None:
            del self.fields["name"], self.fields["email"]

    def clean_email(self) -> str:
        """The address, in small letters, that nobody else has."""
        email = str(self.cleaned_data["email"]).lower()
        if Person.objects.filter(email=email).exists():
            raise forms.ValidationError(
                self.taken or "Somebody signs in with this address already."
            )
        return email

    taken = ""

    def clean(self) -> dict[str, Any]:
        """A password that is not easily guessed."""
        found = super().clean() or {}
        person = self.known or Person(email=found.get("email", ""), name=found.get("name", ""))
        if "password" in found:
            try:
                validate_password(found["password"], person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return found


class Firm(forms.Form):
    """What a firm is set to, each chosen from what is valid."""

    name = forms.CharField(max_length=100, widget=forms.TextInput({"autocomplete": "organization"}))
    language = forms.ChoiceField(choices=list(LANGUAGES.items()))
    country = forms.ChoiceField(required=False)
    currency = forms.ChoiceField()
    timezone = forms.ChoiceField(widget=forms.Select({"dir": "ltr"}))
    calendar_name = forms.ChoiceField()

    def __init__(self, words: Words, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        locale = Locale.parse(words.language)
        calendars = [(name, str(words.say(CALENDAR_NAMES[name]))) for name in CALENDARS]
        self._choose("country", [("", "–"), *_named(SUPPORTED_REGIONS, locale.territories)])
        self._choose("currency", _currencies(locale))
        self._choose("timezone", [(zone, zone) for zone in _zones()])
        self._choose("calendar_name", calendars)

    def _choose(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        kept = self.initial.get(name, "")
        field.choices = choices if kept in dict(choices) else [(kept, kept), *choices]


def _named(codes: Iterable[str], names: Any) -> Choices:
    """Codes with their names, by name; those without a name are left out."""
    return sorted(
        ((code, names[code]) for code in codes if code in names), key=lambda each: each[1]
    )


def _currencies(locale: Locale) -> Choices:
    """Currencies in use somewhere, by name, each with its code."""
    used = {code for each in SUPPORTED_REGIONS for code in _used_in(each)}
    named = _named(used & set(list_currencies()), locale.currencies)
    return [(code, f"{name} ({code})") for code, name in named]


def _used_in(country: str) -> list[str]:
    spans = get_global("territory_currencies").get(country, [])
    return [code for code, _, end, tender in spans if end is None and tender]


def _zones() -> list[str]:
    return sorted({"UTC", *get_global("zone_territories")} & available_timezones())
