"""What somebody says of themselves, and the tokens they ask for."""

from typing import Any

from django import forms

from onefunnel.web.locale import LANGUAGES, Words

DAYS = (30, 90, 365)
"""For how long a token may be valid."""


class Profile(forms.Form):
    """The own name, and the language of the pages: empty is the firm's."""

    name = forms.CharField(max_length=200, widget=forms.TextInput({"autocomplete": "name"}))
    language = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, words: Words, **values: Any) -> None:
        super().__init__(*args, **values)
        choices = [("", words.say("The firm's language")), *LANGUAGES.items()]
        self.fields["language"].choices = choices  # type: ignore[attr-defined]


class NewToken(forms.Form):
    """What a token is for, and for how many days."""

    name = forms.CharField(max_length=100, widget=forms.TextInput({"autocomplete": "off"}))
    days = forms.TypedChoiceField(coerce=int, initial=90)

    def __init__(self, *args: Any, words: Words, **values: Any) -> None:
        super().__init__(*args, **{**values, "prefix": "token"})
        choices = [(days, words.count("{n} day", "{n} days", days)) for days in DAYS]
        self.fields["days"].choices = choices  # type: ignore[attr-defined]
