"""People and firms: names in four languages, addresses and telephones that can be nobody's.

Addresses end in names that RFC 2606 and RFC 6761 reserve for examples; telephones are of the
block that the French regulator keeps for fiction (01 99 00), since Romania has none.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from tools.make_demo_company.chance import Chance

RO_GIVEN = """Ana Maria Elena Ioana Andreea Mihaela Cristina Alina Raluca Gabriela Daniela Simona
Roxana Diana Oana Larisa Camelia Carmen Irina Monica Ștefania Mădălina Andrei Mihai Ion Vasile
Alexandru Cristian Radu Vlad Bogdan Florin Gheorghe Marian Sorin Cătălin Răzvan Lucian Ovidiu
Dragoș Tudor Petru Ionuț Ștefan Victor Emil Horia Nicolae Adrian Liviu"""
RO_FAMILY = """Popescu Ionescu Popa Radu Dumitru Stan Stoica Gheorghe Matei Ciobanu Rusu Mihai
Munteanu Lazăr Moldovan Marin Oprea Tudor Dobre Barbu Nistor Florea Dinu Ungureanu Neagu Sandu
Diaconu Bălan Preda Vlad Cojocaru Toma Anghel Voicu Iordache Tănase Crăciun Manea
Filip Suciu Mocanu Țurcanu Lungu Pavel Roșu Sârbu Chiriac Grigore Bucur Zaharia"""
VI_GIVEN = "Anh Bình Châu Dũng Hà Hải Hạnh Hùng Lan Linh Minh Nam Ngọc Phương Quang Thảo Trang Tuấn"
VI_FAMILY = "Nguyễn Trần Lê Phạm Hoàng Phan Vũ Đặng Bùi Đỗ"
# Written and romanised.
RU_GIVEN = """Иван:ivan Сергей:sergei Алексей:aleksei Дмитрий:dmitri Михаил:mihail Николай:nikolai
Ольга:olga Наталья:natalia Татьяна:tatiana Елена:elena Светлана:svetlana Марина:marina"""
RU_FAMILY = """Иваненко:ivanenko Руденко:rudenko Бондарь:bondar Мельник:melnik Чебан:ceban
Гончар:gonciar Марченко:marcenko Волошин:volosin Ткач:tkaci Кравец:kravet"""
FA_GIVEN = """علی:ali رضا:reza حسین:hossein مهدی:mehdi امیر:amir نرگس:narges زهرا:zahra مریم:maryam
سارا:sara لیلا:leila"""
FA_FAMILY = """احمدی:ahmadi محمدی:mohammadi کریمی:karimi رضایی:rezaei حسینی:hosseini مرادی:moradi
جعفری:jafari رستمی:rostami"""

LANGUAGES = {"ro": 0.82, "ru": 0.08, "vi": 0.06, "fa": 0.04}
FIRMS = """Nord Construct:nord-construct Carpați Montaj:carpati-montaj
Delta Imobiliare:delta-imobiliare Porți Sibiu:porti-sibiu
Transilvania Instal:transilvania-instal Grup Vest:grup-vest
Dunărea Logistic:dunarea-logistic Moldova Garaj:moldova-garaj Parcări Iași:parcari-iasi
Hotel Cerbul:hotel-cerbul Ferma Lunca:ferma-lunca Ansamblul Teilor:ansamblul-teilor"""


@dataclass(frozen=True)
class Person:
    """A person's name, address, telephone and country."""

    name: str
    email: str
    phone: str
    country: str


def firms() -> list[tuple[str, str]]:
    """Name and domain of each firm."""
    pairs = [each.strip().rsplit(":", 1) for each in _between_names(FIRMS)]
    return [(name, f"{host}.example") for name, host in pairs]


def person(number: int, chance: Chance, domain: str | None = None) -> Person:
    """The person of a number: no two have one address or telephone."""
    language = chance.weighted(LANGUAGES)
    given, family = _names(language, chance)
    host = domain or f"example.{chance.weighted({'com': 0.6, 'net': 0.2, 'org': 0.2})}"
    name = f"{family[0]} {given[0]}" if language == "vi" else f"{given[0]} {family[0]}"
    email = f"{given[1]}.{family[1]}{number}@{host}"
    country = "MD" if language == "ru" and chance.happens(0.4) else "RO"
    return Person(name, email, phone(number), country)


def phone(number: int) -> str:
    """The telephone of a number below ten thousand."""
    scattered = number * 7919 % 10_000
    return f"+33 1 99 00 {scattered // 100:02d} {scattered % 100:02d}"


def romanised(name: str) -> str:
    """A name in Latin letters without marks.

    >>> romanised("Đặng"), romanised("Ștefan")
    ('dang', 'stefan')
    """
    plain = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    return "".join(letter for letter in plain if letter.isascii() and letter.isalpha())


def _names(language: str, chance: Chance) -> tuple[tuple[str, str], tuple[str, str]]:
    if language in ("ru", "fa"):
        given, family = (RU_GIVEN, RU_FAMILY) if language == "ru" else (FA_GIVEN, FA_FAMILY)
        return _pair(chance.one_of(given.split())), _pair(chance.one_of(family.split()))
    lists = (VI_GIVEN, VI_FAMILY) if language == "vi" else (RO_GIVEN, RO_FAMILY)
    first, last = (chance.one_of(names.split()) for names in lists)
    return (first, romanised(first)), (last, romanised(last))


def _pair(text: str) -> tuple[str, str]:
    written, _, latin = text.partition(":")
    return written, latin


def _between_names(text: str) -> list[str]:
    """The firms, which have spaces in their names: each ends with its host."""
    found, words = [], []
    for word in text.split():
        words.append(word)
        if ":" in word:
            found.append(" ".join(words))
            words = []
    return found
