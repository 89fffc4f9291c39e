"""Which field a column probably is: by its name, in five languages, and by its values."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache

from onefunnel.intake.guessing.names import NOT_KEPT, OWN_ID, SYNONYMS
from onefunnel.intake.guessing.profile import Profile
from onefunnel.intake.guessing.recipes import COMMON, RECIPES, Field, Recipe

SURE, LIKELY = 0.85, 0.55
"""From LIKELY on a suggestion is made; from SURE on it needs no second look."""

_CAMEL = re.compile(r"(?<=[a-zа-яё0-9])(?=[A-ZА-ЯЁ])")
_BREAKS = re.compile(r"[\W_]+")
_BEFORE = re.compile(
    r"^(?:property|deal|contact|person|organization|lead|opportunity|company|properties)"
    r"(?:\s*[-–.:]\s+|_(?=\w))",
    re.IGNORECASE,
)
_LETTERS = str.maketrans({"ي": "ی", "ك": "ک", "ё": "е", "\u200c": " "})


def fold(name: str) -> str:
    """A column's name in plain words.

    >>> fold("Deal_Stage"), fold("CreatedDate"), fold("property_email"), fold("E-mail адрес")
    ('deal stage', 'created date', 'property email', 'e mail адрес')
    >>> fold("Ngày tạo") == fold("NGÀY TẠO"), fold("Dată creării")
    (True, 'data crearii')
    """
    text = _CAMEL.sub(" ", unicodedata.normalize("NFKC", name)).casefold().translate(_LETTERS)
    text = " ".join(_BREAKS.sub(" ", text).split()) or text.strip()
    return _without_romanian_marks(text)


def _without_romanian_marks(text: str) -> str:
    """Romanian is written with its marks or without; Vietnamese needs them."""
    return text.translate(str.maketrans("ăâîșşțţ", "aaisstt")) if not _is_vietnamese(text) else text


def _is_vietnamese(text: str) -> bool:
    marks = unicodedata.normalize("NFD", text)
    return any(mark in marks for mark in "\u0300\u0301\u0303\u0309\u0323\u031b") or "đ" in text


@cache
def _folded(field: str) -> tuple[str, ...]:
    names = (*SYNONYMS.get(field, ()), field.replace("_", " "))
    return tuple(dict.fromkeys(fold(name) for name in names))


@cache
def _plain(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(fold(name) for name in names)


def guess(columns: Mapping[str, Profile]) -> str:
    """The kind of list that the columns speak for; empty where nothing does.

    >>> shapes = {"Campaign": "text", "Day": "date", "Cost": "number", "Clicks": "number"}
    >>> guess({name: Profile(shape, 9, unique=False) for name, shape in shapes.items()})
    'spend'
    """
    candidates = (*COMMON, *(RECIPES[f"table:{name}"] for name in ("employee", "product")))
    best, most = "", 1.5
    for each in candidates:
        found = suggest(each, columns)
        if each.missing({field for field, _ in found.values()}):
            continue
        scores = {field: score for field, score in found.values() if score >= SURE}
        score = sum(scores.values()) + 0.75 * sum(field in each.telling for field in scores)
        if score > most:
            best, most = each.name, score
    return best


def suggest(recipe: Recipe, columns: Mapping[str, Profile]) -> dict[str, tuple[str, float]]:
    """The likely field of each column, with how likely: each field once, columns without left out.

    >>> from onefunnel.intake.guessing.recipes import recipe
    >>> columns = {"ID": Profile("number", 9, True), "Сумма": Profile("number", 9, False)}
    >>> suggest(recipe("deals"), columns)
    {'ID': ('deal_id', 0.9), 'Сумма': ('amount', 1.0)}
    """
    scored = sorted(
        (
            (-_score(recipe, field, name, found), at, order, name, field.name)
            for at, (name, found) in enumerate(columns.items())
            for order, field in enumerate(recipe.fields)
        ),
    )
    taken: dict[str, tuple[str, float]] = {}
    used: set[str] = set()
    for negative, _, _, name, field_name in scored:
        if -negative < LIKELY:
            break
        if name not in taken and field_name not in used:
            taken[name] = (field_name, round(-negative, 2))
            used.add(field_name)
    _part_names(recipe, taken)
    return {name: taken[name] for name in columns if name in taken}


def _part_names(recipe: Recipe, taken: dict[str, tuple[str, float]]) -> None:
    """A name beside a family name is the first one, whatever the column is called."""
    fields = {field: name for name, (field, _) in taken.items()}
    if {"name", "last_name"} <= set(fields) and "first_name" not in fields:
        taken[fields["name"]] = ("first_name", taken[fields["name"]][1])


def _score(recipe: Recipe, field: Field, name: str, found: Profile) -> float:
    by_name = _by_name(recipe, field, name)
    if field.name == recipe.key and found.filled > 1 and not found.unique:
        by_name *= 0.5  # what comes twice identifies no row
    if fold(name) in _plain(NOT_KEPT) or found.shape == "empty":
        by_name = min(by_name, 0.0 if found.shape != "empty" else by_name * 0.9)
    if field.shape and found.shape not in (field.shape, "empty"):
        # The very name of the field is believed even so, but somebody should look.
        return 0.6 if by_name == 1.0 else by_name * 0.4
    if field.shape in ("email", "phone") and found.shape == field.shape:
        return max(by_name, 0.7)
    # A name or an identifier is no date.
    return by_name * 0.4 if not field.shape and found.shape in ("date", "email") else by_name


def _by_name(recipe: Recipe, field: Field, name: str) -> float:
    best = 0.0
    for folded in dict.fromkeys((fold(name), fold(_BEFORE.sub("", name)))):
        if field.name == recipe.key and folded in _plain(OWN_ID):
            best = max(best, 0.9)
        if field.name == "contact_id" == recipe.key and folded in _folded("lead_id"):
            best = max(best, 0.9)
        best = max(best, max(_alike(folded, known) for known in _folded(field.name)))
    return best


def _alike(name: str, known: str) -> float:
    if name == known:
        return 1.0
    words, wanted = name.split(), known.split()
    if len(wanted) < len(words) and set(wanted) <= set(words):
        return 0.5 + 0.4 * len(wanted) / len(words)
    near = SequenceMatcher(None, name, known).ratio() if abs(len(name) - len(known)) < 4 else 0.0
    return 0.75 if near > 0.88 and len(known) > 4 else 0.0


def sure(score: float) -> bool:
    """Whether a suggestion needs no second look."""
    return score >= SURE


def likely_choice(value: str, choices: Sequence[str]) -> str:
    """What a value of a state probably means, one of the choices; empty where nothing tells.

    >>> STATUSES = ("open", "won", "lost")
    >>> [likely_choice(v, STATUSES) for v in ("Closed Won", "Сделка проиграна", "Negotiation")]
    ['won', 'lost', '']
    """
    folded = fold(value)
    for choice in choices:
        if folded == fold(choice):
            return choice
    words = f" {folded} "
    for choice in choices:
        if any(part in words for part in MEANINGS.get(choice, ())):
            return choice
    return ""


MEANINGS = {
    "lost": (
        *("lost", "проигр", "отказ", "провал", "lose", "pierdut", "refuz", "باخت", "از دست"),
        *("thất bại", " mất", "hủy"),
    ),
    "won": ("won", "успешн", "выигр", "win ", "castigat", "برنده", "موفق", "thắng", "thành công"),
    "form": ("form", "форма", "заявка", "formular", "فرم", "biểu mẫu"),
    "call": ("call", "звонок", "apel", "تماس", "cuộc gọi"),
    "visit": ("visit", "page view", "pageview", "session", "визит", "vizita", "بازدید", "truy cập"),
    "click": ("click", "клик", "clic", "کلیک", "nhấp"),
    "email": ("mail", "почта", "письмо", "ایمیل"),
    "chat": ("chat", "чат", "چت"),
    "meeting": ("meeting", "встреча", "intalnire", "جلسه", "gặp"),
    "event": ("webinar", "event", "вебинар", "выставка", "eveniment", "رویداد", "sự kiện"),
    "marketing": ("marketing", "маркетинг", "بازاریابی", "tiếp thị"),
    "sales": ("sales", "продаж", "vanzari", "فروش", "kinh doanh", "bán hàng"),
    "support": ("support", "поддержк", "suport", "پشتیبانی", "hỗ trợ"),
    "management": ("management", "руковод", "director", "conducere", "مدیریت", "quản lý"),
}
"""Parts of words that tell what a value means; the first choice with one is taken."""
