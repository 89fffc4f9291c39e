"""How plausible it is that bytes, read in an encoding, make words of a language that uses it."""

import unicodedata

_RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_RUSSIAN_OFTEN = frozenset("оеаинтсрвлкмдпуяь")
_WESTERN = "àáâäãåæçèéêëìíîïñòóôöõøœùúûüýÿß"
_ROMANIAN = "ăâîşţșț"
_VIETNAMESE = "àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
_ARABIC = "ءآأؤئابتثجحخدذرزسشصضطظعغفقكلمنهويىةپچژکگی"
_LETTERS = {
    "windows-1251": _RUSSIAN,
    "koi8-r": _RUSSIAN,
    "cp866": _RUSSIAN,
    "windows-1250": _ROMANIAN,
    "windows-1252": _WESTERN,
    "windows-1258": _VIETNAMESE,
    "windows-1256": _ARABIC,
}
CANDIDATES = tuple(_LETTERS)
_MARKS = frozenset("«»“”„‘’–—…№°©®€™\xa0§•₽")
_LATIN = frozenset({"windows-1250", "windows-1252", "windows-1258"})


def plausibility(text: str, encoding: str) -> float:
    """From -2 to 1: how much the letters outside ASCII look like words of the language.

    A letter of the language counts 1 (a rarer Russian one less), typographic marks 0.5, anything
    else -1; a capital after a small letter and a foreign script inside a word cost 1. 1 for text
    that is all ASCII.

    >>> data = "Заявка от клиента".encode("windows-1251")
    >>> [round(plausibility(data.decode(name), name), 1) for name in ("windows-1251", "koi8-r")]
    [1.0, 0.7]
    """
    letters = frozenset(_LETTERS[encoding])
    score = count = 0.0
    for before, here in zip(" " + text, text, strict=False):
        if ord(here) < 128:
            continue
        count += 1
        score += _worth(here, letters) - _oddity(before, here, encoding)
    return score / count if count else 1.0


def _worth(here: str, letters: frozenset[str]) -> float:
    small = here.lower()
    if small in letters:
        return 1.0 if small in _RUSSIAN_OFTEN or "о" not in letters else 0.6
    return 0.5 if here in _MARKS else -1.0


def _oddity(before: str, here: str, encoding: str) -> float:
    if not before.isalpha() or not here.isalpha():
        return 0.0
    capital_inside = here.isupper() and before.islower()
    mixed = encoding not in _LATIN and before.isascii()
    stray_mark = bool(unicodedata.combining(here))
    return float(capital_inside or mixed or stray_mark)
