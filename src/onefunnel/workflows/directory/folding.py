"""Names as they are searched: without accents, letter case and the ways to write one letter."""

import re
import unicodedata

_SAME = str.maketrans(
    {
        "ي": "ی",
        "ى": "ی",
        "ك": "ک",
        "ة": "ه",
        "ۀ": "ه",
        "đ": "d",
        "ł": "l",
        "ø": "o",
        "ı": "i",
        "æ": "ae",
        "œ": "oe",
        "_": " ",
        "\N{ZERO WIDTH NON-JOINER}": "",
        "\N{ZERO WIDTH JOINER}": "",
        "\N{ARABIC TATWEEL}": "",
    }
)
SHORTEST_NUMBER = 5
NATIONAL_DIGITS = 9


def fold(text: str) -> str:
    """A text as it is compared: small letters, no accents, one form of each letter and digit.

    >>> fold("ȘTEFAN Nguyễn"), fold("Ёлкин"), fold("علي"), fold("۱۲")
    ('stefan nguyen', 'елкин', 'علی', '12')
    """
    if text.isascii():
        return text.lower().replace("_", " ")
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_SAME)
    return "".join(_digit(each) for each in plain if not unicodedata.combining(each))


def number(phone: str) -> str:
    """The digits of a telephone number, and its last nine where it has more.

    >>> number("+40 721 555 001")
    '40721555001 721555001'
    """
    digits = re.sub(r"\D", "", fold(phone))
    return f"{digits} {digits[-NATIONAL_DIGITS:]}" if len(digits) > NATIONAL_DIGITS else digits


def match(query: str) -> str:
    """What SQLite's full-text search is asked: every word, and whatever it begins.

    Empty where the query holds no letter or digit. A telephone number is one word.

    >>> match("Șt pop"), match("0721 555-001"), match(" -- ")
    ('"st"* "pop"*', '"721555001"*', '')
    """
    folded = fold(query)
    digits = re.sub(r"[\s().+/-]", "", folded)
    if digits.isdecimal() and len(digits) >= SHORTEST_NUMBER:
        return f'"{digits.lstrip("0") or digits}"*'
    return " ".join(f'"{word}"*' for word in re.findall(r"[^\W_]+", folded))


def _digit(letter: str) -> str:
    if letter.isdecimal() and not letter.isascii():
        return str(unicodedata.decimal(letter))
    return letter
