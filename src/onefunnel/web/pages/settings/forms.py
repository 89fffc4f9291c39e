"""The firm, and the rules of one stage, as forms."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from babel.core import Locale
from babel.numbers import list_currencies
from django import forms
from phonenumbers import SUPPORTED_REGIONS

from onefunnel.funnel.rules import Ownership, StageRules
from onefunnel.ledger.schema.facts import INTENTS
from onefunnel.settings import Settings
from onefunnel.vocabulary import Department
from onefunnel.web.locale import LANGUAGES, Words
from onefunnel.web.locale.terms import CALENDAR_NAMES, DEPARTMENT_NAMES
from onefunnel.web.pages.settings import knobs
from onefunnel.web.pages.settings.sentences import INTENT_NAMES

OWNERS = (Department.MARKETING, Department.SALES, Department.BOTH)
MOST_DAYS = 36_500
CHANGES_FIGURES = ("currency", "timezone")


def _listed(of: str) -> forms.TextInput:
    return forms.TextInput({"list": of, "autocomplete": "off", "dir": "ltr"})


class Firm(forms.Form):
    """The settings of the firm; a change of currency or zone asks whether it is meant."""

    name = forms.CharField(max_length=200, required=False)
    currency = forms.CharField(max_length=3, widget=_listed("currencies"))
    timezone = forms.CharField(max_length=60, widget=_listed("zones"))
    language = forms.ChoiceField(choices=tuple(LANGUAGES.items()))
    calendar_name = forms.ChoiceField()
    country = forms.CharField(max_length=2, required=False, widget=_listed("countries"))
    meant = forms.BooleanField(required=False)

    def __init__(
        self, *args: Any, words: Words, kept: Settings, records: bool, **values: Any
    ) -> None:
        names = [name for name in self.base_fields if name != "meant"]
        known = {name: getattr(kept, name) for name in names}
        super().__init__(*args, **{**values, "initial": known})
        self.words, self.kept, self.records = words, kept, records
        choices = [(name, words.say(said)) for name, said in CALENDAR_NAMES.items()]
        self.fields["calendar_name"].choices = choices  # type: ignore[attr-defined]

    def clean_currency(self) -> str:
        """In capitals."""
        return str(self.cleaned_data["currency"]).strip().upper()

    def clean_country(self) -> str:
        """In capitals."""
        return str(self.cleaned_data["country"]).strip().upper()

    def clean(self) -> dict[str, Any]:
        """What the settings themselves refuse, beside its field."""
        found = super().clean() or {}
        if not self.errors:
            wanted = replace(self.kept, **self.wanted())
            for name, _ in wanted.wrong():
                self.add_error(name, self.words.say("This is not known. Choose one of the list."))
        if not self.errors and self.asks and not found.get("meant"):
            self.add_error("meant", self.words.say("Tick it if that is meant."))
        return found

    @property
    def asks(self) -> bool:
        """Whether figures of what is there already would change."""
        return self.records and any(
            name in self.cleaned_data and self.cleaned_data[name] != getattr(self.kept, name)
            for name in CHANGES_FIGURES
        )

    def wanted(self) -> dict[str, Any]:
        """The settings as they are wanted."""
        return {name: value for name, value in self.cleaned_data.items() if name != "meant"}


def lists(words: Words) -> dict[str, list[tuple[str, str]]]:
    """What the fields offer: code and name."""
    locale = Locale.parse(words.language)
    money = ((code, str(locale.currencies.get(code, code))) for code in list_currencies())
    lands = ((code, str(locale.territories.get(code, code))) for code in SUPPORTED_REGIONS)
    return {
        "currencies": sorted(money),
        "zones": [(zone, "") for zone in sorted(available_timezones())],
        "countries": sorted(lands),
    }


class Horizon(forms.Form):
    """After how many days a case counts as decided, where a question names none."""

    horizon_days = forms.IntegerField(min_value=1, max_value=MOST_DAYS)


class Text(forms.Form):
    """``funnel.toml`` as a whole."""

    text = forms.CharField(
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 12, "dir": "ltr", "spellcheck": "false", "class": "toml"}),
    )


class StageForm(forms.Form):
    """Who owns a stage, and the rules that enter it, as far as they are of a usual shape."""

    owner = forms.ChoiceField()
    since = forms.DateField(
        required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, words: Words, stage: StageRules, **values: Any) -> None:
        owner = stage.owners[-1] if stage.owners else Ownership(None, Department.BOTH)
        initial = {"owner": owner.department.value, "since": owner.since, **knobs.known(stage)}
        super().__init__(*args, **{**values, "prefix": stage.stage.value, "initial": initial})
        self.words, self.stage = words, stage
        choices = [(each.value, words.say(DEPARTMENT_NAMES[each])) for each in OWNERS]
        self.fields["owner"].choices = choices  # type: ignore[attr-defined]
        self.fields |= {name: _field(name, words) for name in knobs.known(stage)}

    @property
    def knobs(self) -> Iterator[forms.BoundField]:
        """The fields beside the owner."""
        return (self[name] for name in self.fields if name not in ("owner", "since"))

    def clean(self) -> dict[str, Any]:
        """A stage needs a rule that can enter it."""
        found = super().clean() or {}
        if not self.errors and all(rule.fallback for rule in self.wanted().rules):
            raise forms.ValidationError(self.words.say("Nothing would enter the stage any more."))
        return found

    def wanted(self) -> StageRules:
        """The stage as the form wants it."""
        found = {name: self.cleaned_data.get(name) for name in self.fields}
        rules = knobs.turned(self.stage, found)
        return replace(
            self.stage, owners=self._owners(str(found["owner"]), found["since"]), rules=rules
        )

    def _owners(self, owner: str, since: date | None) -> tuple[Ownership, ...]:
        """From a day on, whoever owned it before stays the owner until then."""
        made = Ownership(since, Department(owner))
        if since is None:
            return (made,)
        earlier = (each for each in self.stage.owners if each.since is None or each.since < since)
        return (*earlier, made)


def _field(name: str, words: Words) -> forms.Field:
    if name in ("intent", "offered", "deal", "referral"):
        return forms.BooleanField(required=False)
    if name == "intents":
        choices = [(each, words.say(INTENT_NAMES.get(each, each))) for each in INTENTS]
        return forms.MultipleChoiceField(
            choices=choices, required=False, widget=forms.CheckboxSelectMultiple
        )
    if name in ("review", "recommendation"):
        most = 5 if name == "review" else 10
        return forms.FloatField(
            required=False, min_value=0, max_value=most, widget=forms.NumberInput({"step": "0.5"})
        )
    if name == "visits_days":
        return forms.IntegerField(required=False, min_value=1, max_value=MOST_DAYS)
    return forms.IntegerField(required=False, min_value=2, max_value=1000)
