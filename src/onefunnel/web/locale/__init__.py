r"""Languages: translated messages, and figures as each language writes them.

English is the source; the other catalogues are ``<language>/LC_MESSAGES/onefunnel.po``. They are
read as they stand, so that a wheel needs no build step. After a message changed, bring them up to
date from ``src/onefunnel``::

    pybabel extract --mapping web/locale/babel.cfg --keywords "say count:1,2 N_" --no-location \
        --output web/locale/onefunnel.pot .
    pybabel update --input-file web/locale/onefunnel.pot --output-dir web/locale \
        --domain onefunnel --no-fuzzy-matching --ignore-obsolete

``glossary.toml`` holds the terms that translations must use.
"""

from onefunnel.web.locale.figures import Figures
from onefunnel.web.locale.translations import LANGUAGES, catalogue
from onefunnel.web.locale.words import Words

__all__ = ["LANGUAGES", "Figures", "Words", "catalogue"]
