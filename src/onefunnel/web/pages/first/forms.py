"""What somebody says of themselves when they come in by a link."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from onefunnel.store.models import Person


class Joining(forms.Form):
    """Name, address and a password; without the first two where the person is known."""

    name = forms.CharField(max_length=200, widget=forms.TextInput({"autocomplete": "name"}))
    email = forms.EmailField(widget=forms.EmailInput({"autocomplete": "username", "dir": "ltr"}))
    password = forms.CharField(
        strip=False, widget=forms.PasswordInput({"autocomplete": "new-password", "dir": "ltr"})
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
