"""What is agreed of costs and credit, for it favours a side: ``attribution.toml``."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import isfinite
from typing import Any

from onefunnel.measures.attribution.family import MODELS, Value
from onefunnel.measures.attribution.rules import Settings
from onefunnel.pay.checks import Path
from onefunnel.pay.terms_file import TermsFile
from onefunnel.vocabulary import MOST_DAYS, Terms
from onefunnel.vocabulary.terms import ATTRIBUTION

MOST_BIAS = 1_000
USUAL = Settings()
"""How paths are made and weighed where nothing is agreed."""


class Shared(StrEnum):
    """How spend is shared out that is recorded coarser than it is asked for.

    ``by_touches``: in proportion to marketing's touches of the same month that agree with all that
    the spend says; where there are none, ``by_leads``: to leads, in the same way. What neither can
    share out, and under ``recorded_only`` all of it, stays where its value is unknown.

    Touches favour channels that are seen often, leads those that ask for an address early.
    """

    BY_TOUCHES = "by_touches"
    BY_LEADS = "by_leads"
    RECORDED_ONLY = "recorded_only"


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the file says, or the defaults where it says nothing.

    ``shared`` is the rule for spend. ``model`` is the one that counts between the departments, and
    ``value`` what it credits; ``chosen`` is False where nobody has agreed on a model, and the
    default then is ``linear``, which favours no place in a path. Players with fewer touches than
    ``least_touches`` are put together as ``other``. ``bias`` is the standard deviation of what a
    model is off by, as a share of its figure, where an experiment is held against it: the figure
    itself by default, for over 663 experiments models with more to go by than paths were off by
    more than the lift (Gordon, Moakler & Zettelmeyer 2022, arXiv 2201.07055).
    """

    shared: Shared = Shared.BY_TOUCHES
    model: str = "linear"
    value: Value = Value.CUSTOMERS
    settings: Settings = USUAL
    least_touches: int = 1
    bias: float = 1.0
    chosen: bool = False


TABLES: Mapping[str, tuple[str, ...]] = {
    "spend": ("shared",),
    "attribution": (
        "model",
        "value",
        "window_days",
        "half_life_days",
        "direct",
        "collapse",
        "reuse",
        "least_touches",
    ),
    "experiments": ("bias",),
}
"""The tables of the file and the keys of each."""


def agreed_of(terms: Terms) -> Agreed:
    """What a workspace has agreed; the defaults where it has no file. InputError as `read`."""
    text = terms.text(ATTRIBUTION)
    return Agreed() if text is None else read(text)


@lru_cache(maxsize=64)
def read(text: str, file: str = ATTRIBUTION) -> Agreed:
    r"""What a file says.

    Raises InputError that names the file, the line, the key and the value, and says what is
    allowed.

    >>> read('[attribution]\nmodel = "position_u"\nwindow_days = 30').settings.window_days
    30.0
    >>> read('[spend]\nshared = "by_lead"')
    Traceback (most recent call last):
    ...
    onefunnel.errors.InputError: attribution.toml, line 2, column 'spend.shared', value 'by_lead':
    The key has no such value. Did you mean 'by_leads'? Valid: by_touches, by_leads, recorded_only.
    """
    return _Reader(text, file).content()


class _Reader(TermsFile):
    """One file while it is read."""

    def content(self) -> Agreed:
        self.names((), self.given, TABLES)
        tables = {name: self.table((name,), self.given.get(name, {})) for name in TABLES}
        for name, keys in TABLES.items():
            self.names((name,), tables[name], keys)
        usual, given = Agreed(), tables["attribution"]
        shared = tables["spend"].get("shared", usual.shared.value)
        at = "attribution"
        return Agreed(
            shared=Shared(self.choice(Shared, ("spend", "shared"), shared)),
            model=self.one_of(MODELS, (at, "model"), given.get("model", usual.model)),
            value=Value(self.choice(Value, (at, "value"), given.get("value", usual.value.value))),
            settings=self.settings(at, given, usual.settings),
            least_touches=self.least((at, "least_touches"), given.get("least_touches", 1)),
            bias=self.bias(tables["experiments"].get("bias", usual.bias)),
            chosen="model" in given,
        )

    def settings(self, at: str, given: Mapping[str, Any], usual: Settings) -> Settings:
        def days(key: str, default: float) -> float:
            return self.days((at, key), given.get(key, default))

        def yes(key: str) -> bool:
            return self.yes((at, key), given.get(key, False))

        return Settings(
            window_days=days("window_days", usual.window_days),
            half_life_days=days("half_life_days", usual.half_life_days),
            direct=self.texts((at, "direct"), given.get("direct", sorted(usual.direct))),
            collapse=yes("collapse"),
            reuse=yes("reuse"),
        )

    def days(self, path: Path, given: Any) -> float:
        if isinstance(given, bool) or not isinstance(given, int | float):
            self.fail(path, given, "bad_value", "A number of days was expected.", "Write 30.")
        if not (isfinite(given) and 0 < given <= MOST_DAYS):
            remedy = f"Give more than 0 and at most {MOST_DAYS} days."
            self.fail(path, given, "bad_value", "So many days can't be.", remedy)
        return float(given)

    def least(self, path: Path, given: Any) -> int:
        if isinstance(given, bool) or not isinstance(given, int) or given < 1:
            message = "A whole number of touches was expected."
            self.fail(path, given, "bad_value", message, "Give 1 or more.")
        return given

    def bias(self, given: Any) -> float:
        real = isinstance(given, int | float) and not isinstance(given, bool)
        if not real or not 0 <= given <= MOST_BIAS:
            remedy = f"It is from 0 to {MOST_BIAS}."
            path = ("experiments", "bias")
            self.fail(path, given, "bad_value", "A number was expected.", remedy)
        return float(given)

    def yes(self, path: Path, given: Any) -> bool:
        if not isinstance(given, bool):
            self.fail(path, given, "bad_value", "Yes or no was expected.", "Write true or false.")
        return given

    def texts(self, path: Path, given: Any) -> frozenset[str]:
        if not (isinstance(given, list) and all(isinstance(each, str) for each in given)):
            remedy = 'Write a list, such as ["direct"].'
            self.fail(path, given, "bad_value", "Names of channels were expected.", remedy)
        return frozenset(given)
