"""What the page is asked: of which period, by what, for which value, and what is compared."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isfinite

from django.urls import reverse

from onefunnel.errors import UsageError
from onefunnel.measures.attribution.agreed import Agreed
from onefunnel.measures.attribution.asked import DIMENSIONS
from onefunnel.measures.attribution.calibrated import CALIBRATED
from onefunnel.measures.attribution.family import MARKOV, MODELS, USUAL_ORDERS, Value
from onefunnel.vocabulary import Crediting
from onefunnel.vocabulary.questions import MOST_DAYS
from onefunnel.web.locale import Words
from onefunnel.web.pages.funnel.asking import ANY_DIGITS, Filters
from onefunnel.workflows.asked import Asked

MEASURE, STEPS, SAID = "attribution", "transitions", "self_reported"
CHOSEN, TRIED, AGREED = "chosen", "tried", "agreed"
"""The names under which answers are found: three are those of their measures."""
VALUES = tuple(each.value for each in Value)
TRY = ("try_model", "try_value", "try_window", "try_half_life")

Questions = Mapping[str, tuple[str, Asked]]


@dataclass(frozen=True, slots=True)
class Tried:
    """Another convention to look at; what is None is as agreed."""

    model: str
    value: str | None = None
    window_days: float | None = None
    half_life_days: float | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address asks for.

    ``filters.by`` is the dimension. ``value`` is empty for the one that is agreed; ``model`` is the
    one whose table is shown, empty for the one in force.
    """

    filters: Filters
    value: str = ""
    model: str = ""
    tried: Tried | None = None

    def as_agreed(self, agreed: Agreed) -> "Wanted":
        """The same, where the agreed value is asked for as such: so its answers are found."""
        return replace(self, value="") if self.value == agreed.value.value else self

    def asked(self, crediting: Crediting | None = None) -> Asked:
        """The question for the value, or with another convention; the days must be known."""
        asked = replace(self.filters, by="").asked(self.filters.by)
        return replace(asked, crediting=crediting or Crediting(self.value or None))

    def questions(self, agreed: Agreed) -> Questions:
        """What the page needs, by name."""
        found = {MEASURE: (MEASURE, self.asked()), STEPS: (STEPS, self.asked())}
        if self.filters.by == DIMENSIONS[0]:
            found[SAID] = (SAID, replace(self.asked(), by=(), crediting=Crediting()))
        if self.model and not _usual(self.model, agreed):
            one = Crediting(self.value or None, (self.model,))
            found[CHOSEN] = (MEASURE, self.asked(one))
        if self.tried is not None:
            tried = self.tried
            days = (tried.window_days, tried.half_life_days)
            other = Crediting(tried.value, (tried.model,), *days)
            found[TRIED] = (MEASURE, self.asked(other))
            if self.value:
                found[AGREED] = (MEASURE, self.asked(Crediting()))
        return found

    def address(self) -> str:
        """The address of the page that asks so."""
        told = {"value": self.value, "model": self.model, **_told(self.tried)}
        query = self.filters.query(None, **told)
        return f"{reverse('attribution')}?{query}"

    def file_address(self, version: int) -> str:
        """The address of the same as a file, of a ledger version."""
        query = self.filters.query(version, value=self.value)
        return f"{reverse('attribution_file')}?{query}"

    def with_model(self, model: str) -> str:
        """The address that shows another model's table."""
        return replace(self, model=model).address()


def _usual(model: str, agreed: Agreed) -> bool:
    """Whether an answer without models has it."""
    orders = {*USUAL_ORDERS, MARKOV.get(agreed.model)}
    return model not in MARKOV or MARKOV[model] in orders


def _told(tried: Tried | None) -> dict[str, str]:
    if tried is None:
        return {}
    days = (tried.window_days, tried.half_life_days)
    window, half_life = ("" if each is None else f"{each:g}" for each in days)
    return dict(zip(TRY, (tried.model, tried.value or "", window, half_life), strict=True))


def read(given: Mapping[str, str], filters: Filters, words: Words) -> Wanted:
    """What an address asks for besides the filters. UsageError for what can't be asked."""
    for name in (filters.by, *(name for name, _ in filters.only)):
        _one_of(name, ("", *DIMENSIONS), words.say("Divided by"), words)
    if filters.only:
        raise UsageError(
            words.say("Attribution is of all values together."),
            remedy=words.say("Ask without a value of {name}.", name=filters.only[0][0]),
        )
    return Wanted(
        replace(filters, by=filters.by or DIMENSIONS[0], horizon=None),
        _one_of(given.get("value", ""), ("", *VALUES), words.say("Credit for"), words),
        _one_of(given.get("model", ""), ("", *MODELS, CALIBRATED), words.say("Model"), words),
        _tried(given, words),
    )


def _tried(given: Mapping[str, str], words: Words) -> Tried | None:
    model, value, window, half_life = (given.get(name, "").strip() for name in TRY)
    if not model:
        return None
    return Tried(
        _one_of(model, ("", *MODELS), words.say("Model"), words),
        _one_of(value, ("", *VALUES), words.say("Credit for"), words) or None,
        _days(window, words.say("Window"), words),
        _days(half_life, words.say("Half-life"), words),
    )


def _days(text: str, what: str, words: Words) -> float | None:
    """A number of days as anybody writes it; None where nothing is written."""
    if not text:
        return None
    plain = text.translate(ANY_DIGITS).replace("٫", ".").replace(",", ".")
    try:
        days = float(plain)
    except ValueError:
        days = 0.0
    if not (isfinite(days) and 0 < days <= MOST_DAYS):
        most = words.figures.count(MOST_DAYS)
        raise UsageError(
            words.say("{what}: “{given}” can't be asked.", what=what, given=text[:80]),
            remedy=words.say("Give more than 0 and at most {most} days.", most=most),
        )
    return days


def _one_of(name: str, valid: tuple[str, ...], what: str, words: Words) -> str:
    if name not in valid:
        raise UsageError(
            words.say("{what}: “{given}” can't be asked.", what=what, given=name[:80]),
            remedy=words.say("What can be asked: {valid}.", valid=words.listed(valid[1:])),
        )
    return name
