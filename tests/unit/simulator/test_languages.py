"""Names and texts of the five languages: all there, in their order, and real for nobody."""

from __future__ import annotations

import re
from decimal import Decimal

import phonenumbers
import pytest

from onefunnel.simulator import SCENARIOS, simulate
from onefunnel.simulator.deals import REASON_SHARES
from onefunnel.simulator.names import LANGUAGES, Language

CODES = ("en", "ro", "ru", "fa", "vi")
LETTERS = {"ru": r"[\u0400-\u04ff]", "fa": r"[\u0600-\u06ff]"}
PLAIN = LANGUAGES["en"]


def texts(language: Language) -> list[str]:
    mappings = (language.lost_reasons, language.refusals, language.tasks, language.office)
    return [
        *language.campaigns,
        *language.commitments,
        *language.partners,
        *language.organisations,
        *language.months,
        *(name for names in language.products.values() for name in names),
        *(text for mapping in mappings for text in mapping.values()),
    ]


@pytest.mark.parametrize("code", CODES)
def test_every_text_of_english_is_there(code: str) -> None:
    language = LANGUAGES[code]
    for name in ("products", "lost_reasons", "refusals", "tasks", "office"):
        assert set(getattr(language, name)) == set(getattr(PLAIN, name))
    for name in ("campaigns", "commitments", "partners", "organisations"):
        assert len(getattr(language, name)) == len(getattr(PLAIN, name))
    assert len(language.months) == 12
    assert set(language.lost_reasons) == set(REASON_SHARES)
    assert all(text.strip() == text and text for text in texts(language))
    for name in ("lost_reasons", "refusals", "tasks"):
        values = list(getattr(language, name).values())
        assert len(set(values)) == len(values)


@pytest.mark.parametrize("code", sorted(LETTERS))
def test_texts_are_written_in_the_languages_letters(code: str) -> None:
    assert all(re.search(LETTERS[code], text) for text in texts(LANGUAGES[code]))
    assert all(re.search(LETTERS[code], name) for name in LANGUAGES[code].people)


@pytest.mark.parametrize("code", CODES)
def test_names_are_many_and_different(code: str) -> None:
    people = LANGUAGES[code].people
    assert len(people) == len(set(people)) >= 900


def test_names_have_the_order_of_the_language() -> None:
    assert LANGUAGES["vi"].people[0].startswith(LANGUAGES["vi"].family_female[0])
    assert LANGUAGES["ro"].people[0].startswith(LANGUAGES["ro"].given_female[0])


def test_russian_family_names_agree() -> None:
    russian = LANGUAGES["ru"]
    pairs = zip(russian.family_female, russian.family_male, strict=True)
    assert all(woman == man + "а" for woman, man in pairs)


@pytest.mark.parametrize("code", CODES)
def test_addresses_and_numbers_can_be_nobodys(code: str) -> None:
    party = simulate(SCENARIOS["healthy"](touches=4_000, seed=1, language=code)).tables()["party"]
    emails = [value for value in party["email"].to_pylist() if value]
    phones = [value for value in party["phone"].to_pylist() if value]
    domains = [value for value in party["domain"].to_pylist() if value]
    assert emails and phones and domains
    assert all(re.fullmatch(r"person\d+@(org\d+\.example\.org|example\.com)", e) for e in emails)
    assert all(domain.endswith(".example.org") for domain in domains)
    for phone in set(phones):
        assert not phonenumbers.is_valid_number(phonenumbers.parse(phone, None)), phone


@pytest.mark.parametrize("code", CODES)
def test_amounts_are_in_the_currency_and_fit(code: str) -> None:
    company = simulate(SCENARIOS["healthy"](touches=20_000, seed=1, language=code))
    tables = company.tables()
    for name in ("order_line", "spend", "deal_event", "quote", "promotion", "contribution"):
        assert set(tables[name]["currency"].to_pylist()) == {LANGUAGES[code].currency}
    prices = tables["order_line"]["net_price"].to_pylist()
    assert max(prices) < Decimal(10) ** 15
    if company.scenario.euro >= 1_000:
        assert all(price == price.to_integral_value() for price in prices)


def test_a_currency_can_be_set() -> None:
    scenario = SCENARIOS["healthy"](touches=2_000, language="fa", currency="EUR")
    assert (scenario.money, scenario.euro) == ("EUR", 1)


def test_persian_months_are_solar() -> None:
    company = simulate(SCENARIOS["healthy"](touches=2_000, seed=1, language="fa"))
    labels = company.tables()["target"]["period"].to_pylist()
    assert (labels[0], labels[-1]) == ("1402-01", "1403-12")
    assert len(set(labels)) == 24
    assert any("فروردین" in name for name in company.names.campaigns)
