"""The conventions that favour a side in what customers cost: ``attribution.toml``."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from onefunnel.pay.terms_file import TermsFile
from onefunnel.vocabulary import Terms
from onefunnel.vocabulary.terms import ATTRIBUTION


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
class Conventions:
    """What ``attribution.toml`` says of acquisition."""

    shared: Shared = Shared.BY_TOUCHES


TABLES: Mapping[str, tuple[str, ...]] = {"spend": ("shared",)}
"""The tables of the file and the keys of each."""


def conventions_of(terms: Terms) -> Conventions:
    """The conventions of a workspace; the defaults where it has no file. InputError as `read`."""
    text = terms.text(ATTRIBUTION)
    return Conventions() if text is None else read(text)


@lru_cache(maxsize=64)
def read(text: str, file: str = ATTRIBUTION) -> Conventions:
    r"""The conventions of a file.

    Raises InputError that names the file, the line, the key and the value, and says what is
    allowed.

    >>> read('[spend]\nshared = "by_leads"').shared
    <Shared.BY_LEADS: 'by_leads'>
    >>> read('[spend]\nshared = "by_lead"')
    Traceback (most recent call last):
    ...
    onefunnel.errors.InputError: attribution.toml, line 2, column 'spend.shared', value 'by_lead':
    The key has no such value. Did you mean 'by_leads'? Valid: by_touches, by_leads, recorded_only.
    """
    return _Reader(text, file).content()


class _Reader(TermsFile):
    """One file while it is read."""

    def content(self) -> Conventions:
        self.names((), self.given, TABLES)
        tables = {name: self.table((name,), self.given.get(name, {})) for name in TABLES}
        for name, keys in TABLES.items():
            self.names((name,), tables[name], keys)
        shared = tables["spend"].get("shared", Shared.BY_TOUCHES.value)
        return Conventions(Shared(self.choice(Shared, ("spend", "shared"), shared)))
