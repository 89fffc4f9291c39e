"""Numbers that people type into the address of a page, in the digits of any language."""

from collections.abc import Mapping

from markupsafe import Markup

from onefunnel.errors import UsageError
from onefunnel.web.locale import Words
from onefunnel.web.pages.funnel.asking import ANY_DIGITS


def number(
    given: Mapping[str, str], name: str, label: Markup, words: Words, most: float = 1e9
) -> float | None:
    """A number from 0 to ``most``; None where nothing is typed. UsageError for what is none."""
    text = given.get(name, "").strip()
    if not text:
        return None
    try:
        found = float(text.translate(ANY_DIGITS).replace("٫", ".").replace(",", "."))
        if not 0.0 <= found <= most:
            raise ValueError(text)
    except ValueError as error:
        raise impossible(
            label, text, words.say("numbers from 0 to {most}", most=f"{most:g}"), words
        ) from error
    return found


def impossible(what: Markup, given: str, valid: Markup, words: Words) -> UsageError:
    """What is asked can't be."""
    return UsageError(
        words.say("{what}: “{given}” can't be asked.", what=what, given=given[:80]),
        remedy=words.say("What can be asked: {valid}.", valid=valid),
    )
