"""What the values of a column look like, and how a file writes dates and numbers."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from onefunnel.intake.values.typed import ARABIC_DIGITS, DIGITS, PERSIAN_DIGITS

_LATIN = str.maketrans(PERSIAN_DIGITS + ARABIC_DIGITS + "٫٬", DIGITS * 2 + ".,")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"[+(]?\d[\d\s().\-/]{6,18}\d")
_NUMBER = re.compile(r"[-+−]?\d[\d\s'.,]*")
_MARKS = re.compile(r"[A-Za-z]{3}|[$€£¥₽₫﷼]|руб\.?|lei|đ|تومان|ریال|%", re.IGNORECASE)
_URL = re.compile(r"(?:https?://|www\.|/)\S+")
_ISO = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?:[T ]\d{1,2}:\d{2}.*)?", re.DOTALL)
_YEAR_FIRST = re.compile(r"(\d{4})[./-](\d{1,2})[./-](\d{1,2})(?:[T, ]+\d{1,2}:\d{2}.*)?")
_YEAR_LAST = re.compile(r"(\d{1,2})([./-])(\d{1,2})[./-]\d{4}(?:[T, ]+(\d{1,2}:\d{2}\S*))?")
_TRUTH = frozenset({"true", "false", "yes", "no", "t", "f", "y", "n"})
_SOLAR_YEARS = range(1250, 1500)
_MOST = 0.6

FORMATS = (
    *("%m/%d/%Y %I:%M %p", "%d/%m/%Y %I:%M %p", "%m/%d/%Y, %I:%M %p", "%d.%m.%y", "%d/%m/%y"),
    *("%m/%d/%y", "%d %b %Y", "%b %d, %Y", "%d %B %Y", "%B %d, %Y", "%d.%m.%y %H:%M"),
)
"""Forms of dates that need a pattern; the first that fits all values is taken."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What the values of a column look like.

    ``shape`` is email, phone, date, number, flag, url, text or empty; ``unique`` whether no value
    comes twice; ``filled`` how many there are; ``format`` a pattern of ``strptime`` that the dates
    need; ``percent`` whether shares are written as 60, not as 0.6.
    """

    shape: str
    filled: int
    unique: bool
    format: str = ""
    percent: bool = False


@dataclass(frozen=True, slots=True)
class Writing:
    """How a file writes dates and numbers; empty where nothing tells.

    ``sure`` is False where the dates fit both orders of day and month.
    """

    date_order: str = ""
    calendar: str = ""
    decimal: str = ""
    sure: bool = True


def profile(values: Sequence[str]) -> Profile:
    """The profile of a column's values.

    >>> profile(["ana@firm.example", "ion@firm.example"]).shape, profile(["1.234,50", "7"]).shape
    ('email', 'number')
    >>> profile(["03/25/2024 2:30 PM"]).format, profile(["۱۴۰۲/۱۲/۲۹"]).shape
    ('%m/%d/%Y %I:%M %p', 'date')
    """
    texts = [each.strip().translate(_LATIN) for each in values if each and each.strip()]
    if not texts:
        return Profile("empty", 0, unique=False)
    pattern = _format_of(texts)
    shape = "date" if pattern else _shape(texts)
    percent = shape == "number" and any(re.fullmatch(r"\d{2,}([.,]0*)?|[2-9]", t) for t in texts)
    return Profile(shape, len(texts), len(set(texts)) == len(texts), pattern, percent)


def _shape(texts: Sequence[str]) -> str:
    tests = (
        ("email", _EMAIL.fullmatch),
        ("date", _is_date),
        ("flag", lambda text: text.lower() in _TRUTH),
        ("number", _is_number),
        ("phone", _PHONE.fullmatch),
        ("url", _URL.fullmatch),
    )
    for name, fits in tests:
        if sum(1 for text in texts if fits(text)) >= _MOST * len(texts):
            if name == "number" and _are_phones(texts):
                return "phone"
            return name
    return "text"


def _is_date(text: str) -> bool:
    return any(form.fullmatch(text) for form in (_ISO, _YEAR_FIRST, _YEAR_LAST))


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(_MARKS.sub("", text).strip()) is not None


def _are_phones(texts: Sequence[str]) -> bool:
    """Digits with a plus or a leading zero, or in groups with hyphens, as many as a number has."""
    counts = [sum(character.isdigit() for character in text) for text in texts]
    marked = sum(1 for text in texts if text.startswith(("+", "0", "(")) and "," not in text)
    return marked >= _MOST * len(texts) and all(8 <= count <= 15 for count in counts)


def _format_of(texts: Sequence[str]) -> str:
    if all(_is_date(text) and not re.search(r"[ap]m$", text, re.IGNORECASE) for text in texts):
        return ""
    for pattern in FORMATS:
        if all(_parses(text, pattern) for text in texts):
            return pattern
    return ""


def _parses(text: str, pattern: str) -> bool:
    try:
        datetime.strptime(text, pattern)
    except ValueError:
        return False
    return True


def writing_of(columns: Iterable[Sequence[str]]) -> Writing:
    """How dates and numbers are written, from the values of all columns.

    >>> writing_of([["25.03.2024", "01.04.2024"], ["1.234,50"]])
    Writing(date_order='dmy', calendar='', decimal=',', sure=True)
    >>> writing_of([["03/04/2024"]]).sure
    False
    """
    orders: set[str] = set()
    doubtful = solar = False
    marks: set[str] = set()
    for values in columns:
        found = profile(values)
        texts = [each.strip().translate(_LATIN) for each in values if each and each.strip()]
        if found.shape == "date" and not found.format:
            order, calendar, clear = _order_of(texts)
            orders |= {order} - {""}
            doubtful |= not clear
            solar |= calendar
        elif found.shape == "number":
            marks |= _marks_of(texts)
    # One column that tells speaks for those that do not.
    day_last = {"dmy", "mdy"} & orders
    order = next(iter(sorted(orders, key=("dmy", "mdy", "ymd").index)), "")
    if doubtful and not day_last:
        order = "dmy"
    return Writing(
        order,
        "solar_hijri" if solar else "",
        next(iter(marks)) if len(marks) == 1 else "",
        sure=not doubtful or bool(day_last),
    )


def _order_of(texts: Sequence[str]) -> tuple[str, bool, bool]:
    """The order of dates, whether they are of the Solar Hijri calendar, whether that is clear."""
    year_first = [match for text in texts if (match := _YEAR_FIRST.fullmatch(text))]
    year_last = [match for text in texts if (match := _YEAR_LAST.fullmatch(text))]
    if len(year_first) >= len(year_last):
        years = [int(match[1]) for match in year_first]
        solar = bool(years) and all(year in _SOLAR_YEARS for year in years)
        plain = all(_ISO.fullmatch(text) for text in texts)
        return ("" if plain or solar else "ymd"), solar, True
    if any(int(match[1]) > 12 for match in year_last):
        return "dmy", False, True
    if any(int(match[3]) > 12 for match in year_last):
        return "mdy", False, True
    # With points the day is first everywhere.
    dotted = all(match[2] == "." for match in year_last)
    return ("dmy" if dotted else ""), False, dotted


def _marks_of(texts: Sequence[str]) -> set[str]:
    """The decimal marks that numbers show beyond doubt."""
    marks = set()
    for text in texts:
        bare = _MARKS.sub("", text).strip()
        last = max(bare.rfind(","), bare.rfind("."))
        if last < 0:
            continue
        both = "," in bare and "." in bare
        digits = len(bare) - last - 1
        if both or (digits != 3 and bare.count(bare[last]) == 1):
            marks.add(bare[last])
    return marks
