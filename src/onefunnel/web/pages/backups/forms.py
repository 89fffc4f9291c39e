"""A backup that is brought, and the word that restoring asks for."""

from typing import Any

from django import forms

from onefunnel.web.locale import Words


class Upload(forms.Form):
    """A backup as a file."""

    file = forms.FileField(widget=forms.FileInput({"accept": ".zip,application/zip"}))


class Restore(forms.Form):
    """The name of the firm, typed: nobody restores by a slip."""

    firm = forms.CharField(widget=forms.TextInput({"autocomplete": "off"}))

    def __init__(self, *args: Any, words: Words, firm: str, **values: Any) -> None:
        super().__init__(*args, **values)
        self.words, self.expected = words, firm

    def clean_firm(self) -> str:
        """The firm as it is called."""
        typed = str(self.cleaned_data["firm"]).strip()
        if typed != self.expected:
            said = self.words.say("This is not the firm's name as it stands above.")
            raise forms.ValidationError(said)
        return typed
