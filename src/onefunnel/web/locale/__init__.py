"""Languages: translated messages, and figures as each language writes them.

English is the source; the other catalogues are ``<language>/LC_MESSAGES/onefunnel.po``. They are
read as they stand, so that a wheel needs no build step. After a message changed,
``python -m tools.messages`` brings them up to date.

``glossary.toml`` holds the terms that translations must use.
"""

from onefunnel.web.locale.figures import Figures
from onefunnel.web.locale.translations import LANGUAGES, catalogue
from onefunnel.web.locale.words import Words

__all__ = ["LANGUAGES", "Figures", "Words", "catalogue"]
