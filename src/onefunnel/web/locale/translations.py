"""The catalogues of messages, read from their .po files once."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from onefunnel.errors import UnknownName

LANGUAGES = {
    "en": "English",
    "fa": "فارسی",
    "ro": "Română",
    "ru": "Русский",
    "vi": "Tiếng Việt",
}
"""The languages of onefunnel, each with its own name for itself."""

SOURCE = "en"
RIGHT_TO_LEFT = frozenset({"fa"})


def N_(message: str) -> str:
    """Mark a message for translation where it stands; it is translated where it is shown."""
    return message


@cache
def catalogue(language: str) -> NullTranslations:
    """The messages of a language; English messages are their own translations.

    Raises UnknownName for a language that onefunnel does not speak.

    >>> catalogue("ro").gettext("Purchase")
    'Cumpărare'
    """
    if language not in LANGUAGES:
        raise UnknownName("language", language, LANGUAGES)
    if language == SOURCE:
        return NullTranslations()
    source = files(__package__).joinpath(language, "LC_MESSAGES", "onefunnel.po")
    with source.open("rb") as file:
        messages = read_po(file, locale=language)
    # GNUTranslations knows the plural rules; it reads the binary form.
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return GNUTranslations(compiled)
