"""One way to write each identifier, plainly and over whole columns."""

from __future__ import annotations

import pyarrow as pa
import pytest

from onefunnel.errors import UnknownName
from onefunnel.identity.keys import KINDS, keys
from onefunnel.identity.lists import FREE_MAIL_DOMAINS, ROLE_ADDRESSES
from onefunnel.identity.normalise import (
    domain_of,
    is_role_address,
    normalise,
    normalise_domain,
    normalise_email,
    normalise_name,
    phone_keys,
)

TEXTS = [
    None,
    "",
    "  ",
    "Ana@X.ro",
    "\u00a0Ana@X.ro\u00a0",
    "an\u200ba@x.ro",
    "ＡＮＡ@x.ro",
    "STRASSE@x.de",
    "straße@x.de",
    "a b@x.ro",
    "a@b@c",
    "\x1ca@b.ro",
    "\va@b.ro\f",
    "İ@x.tr",
    "0721 234 567",
    "۰۷۲۱۲۳۴۵۶۷",
    "https://www.Example.com:8080/a",
    "EXAMPLE.COM.",
    ".com",
    "S-17 ",
]


@pytest.mark.parametrize("kind", KINDS)
def test_columns_are_normalised_as_single_values_are(kind: str) -> None:
    plain = [normalise(kind, text, "RO", {}) for text in TEXTS]
    assert keys(kind, pa.array(TEXTS), region="RO", phones={}).to_pylist() == plain


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_column_gives_an_empty_column(kind: str) -> None:
    assert keys(kind, pa.array([], pa.string()), region=None, phones={}).to_pylist() == []


@pytest.mark.parametrize(
    ("text", "normalised"),
    [
        ("\u00a0Ana@X.ro\u00a0", "ana@x.ro"),
        ("an\u200ba@x.ro", "ana@x.ro"),
        ("straße@x.de", "strasse@x.de"),
        ("a.b+c@gmail.com", "a.b+c@gmail.com"),
        ("a@b@c", None),
        ("ana pop@x.ro", None),
        ("@x.ro", None),
    ],
)
def test_an_email(text: str, normalised: str | None) -> None:
    assert normalise_email(text) == normalised


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ștefan Popa", "Popa  Ştefan"),  # the same letter with comma below and with cedilla
        ("Пётр Иванов", "ИВАНОВ, Петр"),
        ("علی‌رضا كريمي", "علیرضا کریمی"),  # Arabic and Persian keyboards
        ("Nguyễn Văn An", "Nguyễn Văn An"),
        ("O'Neil-Smith", "smith o neil"),
    ],
)
def test_names_that_are_one(one: str, other: str) -> None:
    assert normalise_name(one) == normalise_name(other) is not None


@pytest.mark.parametrize(
    ("one", "other"), [("Hà", "Hạ"), ("Ana Pop", "Ana Popa"), ("Ana", "Ana Ana")]
)
def test_names_that_are_two(one: str, other: str) -> None:
    assert normalise_name(one) != normalise_name(other)


@pytest.mark.parametrize("text", [None, "", " ", "--", "\u200b"])
def test_no_name(text: str | None) -> None:
    assert normalise_name(text) is None


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("HTTP://WWW.X.ro/a?b", "x.ro"),
        ("x.ro:80", "x.ro"),
        ("x.ro.", "x.ro"),
        ("ana@x.ro", None),
        ("x ro", None),
        ("localhost", None),
        ("www.", None),
        (".ro", None),
        (None, None),
    ],
)
def test_a_domain(text: str | None, domain: str | None) -> None:
    assert normalise_domain(text) == domain


@pytest.mark.parametrize(
    ("region", "text", "e164"),
    [
        ("RO", "0721 234 567", "+40721234567"),
        ("RO", "0040 721 234 567", "+40721234567"),
        ("RU", "8 (912) 345-67-89", "+79123456789"),
        ("MD", "069 123 456", "+37369123456"),
        ("IR", "۰۹۱۲ ۳۴۵ ۶۷۸۹", "+989123456789"),
        ("VN", "0912 345 678", "+84912345678"),
        ("GB", "020 7946 0958", "+442079460958"),
        ("GB", "+40 721 234 567", "+40721234567"),
        ("RO", "0000", None),
        ("RO", "call me", None),
        ("RO", "", None),
    ],
)
def test_a_phone_in_each_languages_country(region: str, text: str, e164: str | None) -> None:
    assert phone_keys([text], region) == {text: e164}


def test_a_region_that_does_not_exist_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match="There is no country 'ro'"):
        phone_keys(["0721 234 567"], "ro")


def test_phones_known_before_are_not_read_again() -> None:
    known = {"0721 234 567": "+15", "0722 234 567": None}
    answer = keys("phone", pa.array([*known, "0723 234 567"]), region="RO", phones=known)
    assert answer.to_pylist() == ["+15", None, "+40723234567"]


@pytest.mark.parametrize("language", ["gmail.com", "mail.ru", "yahoo.ro", "chmail.ir", "vnn.vn"])
def test_free_mail_of_each_language_leads_nowhere(language: str) -> None:
    assert domain_of(f"ana@{language}") is None


def test_lists_are_written_as_values_are_normalised() -> None:
    assert {normalise_domain(domain) for domain in FREE_MAIL_DOMAINS} == FREE_MAIL_DOMAINS
    assert {normalise_email(f"{role}@x.ro") for role in ROLE_ADDRESSES} == {
        f"{role}@x.ro" for role in ROLE_ADDRESSES
    }
    assert all(is_role_address(f"{role}@x.ro") for role in ROLE_ADDRESSES)
