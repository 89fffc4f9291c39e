"""Which convention an answer was given under, and the file that would agree on another."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import replace

import tomli_w
from markupsafe import Markup

from onefunnel.measures.attribution.agreed import Agreed
from onefunnel.measures.attribution.family import Value
from onefunnel.vocabulary import Note
from onefunnel.web.locale import Words
from onefunnel.web.pages.attribution.asking import Tried
from onefunnel.web.pages.terms.agreed import credit_in_words


def in_force(notes: Iterable[Note], agreed: Agreed) -> Agreed:
    """What an answer says was agreed, of a closed month too; ``agreed`` where it says nothing."""
    said = {note.code: note.params for note in notes}
    params = said.get("credited_as_agreed")
    if params is None:
        return agreed
    window, half_life = (float(params[name]) for name in ("window_days", "half_life_days"))
    return replace(
        agreed,
        model=str(params["model"]),
        value=Value(str(params["value"])),
        settings=replace(agreed.settings, window_days=window, half_life_days=half_life),
        chosen="credited_without_agreement" not in said,
    )


def with_tried(agreed: Agreed, tried: Tried) -> Agreed:
    """What would be agreed with another convention."""
    kept = agreed.settings
    settings = replace(
        kept,
        window_days=tried.window_days or kept.window_days,
        half_life_days=tried.half_life_days or kept.half_life_days,
    )
    value = Value(tried.value) if tried.value else agreed.value
    return replace(agreed, model=tried.model, value=value, settings=settings, chosen=True)


def said(agreed: Agreed, words: Words) -> Iterator[Markup]:
    """The convention in words."""
    return credit_in_words(agreed, words)


def file_text(standing: str | None, agreed: Agreed) -> str:
    r"""The file ``attribution.toml`` with a convention; all else that it says stays, comments go.

    >>> print(file_text('[spend]\nshared = "by_leads"', Agreed()))
    [spend]
    shared = "by_leads"
    <BLANKLINE>
    [attribution]
    model = "linear"
    value = "customers"
    window_days = 90
    half_life_days = 7
    <BLANKLINE>
    """
    tables = tomllib.loads(standing or "")
    convention = {
        "model": agreed.model,
        "value": agreed.value.value,
        "window_days": _whole(agreed.settings.window_days),
        "half_life_days": _whole(agreed.settings.half_life_days),
    }
    tables["attribution"] = {**tables.get("attribution", {}), **convention}
    return tomli_w.dumps(tables)


def _whole(days: float) -> int | float:
    return int(days) if days.is_integer() else days
