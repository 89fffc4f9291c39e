"""What a firm is probably set to, from what its first visitor's browser says."""

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import available_timezones

from babel.core import get_global
from babel.numbers import get_territory_currencies
from django.utils.translation.trans_real import parse_accept_lang_header
from phonenumbers import SUPPORTED_REGIONS

from onefunnel.simulator.names import LANGUAGES as MADE
from onefunnel.web.locale import LANGUAGES

SOLAR = frozenset({"IR"})
"""Countries that keep months by the Solar Hijri calendar."""


@dataclass(frozen=True, slots=True)
class Guess:
    """Settings of a firm, by their names there; all of them valid."""

    language: str
    country: str
    currency: str
    timezone: str
    calendar_name: str


def language_in(accepted: str) -> str:
    """The first language that a browser asks for and onefunnel speaks; empty: none.

    >>> language_in("de-DE,de;q=0.9,fa;q=0.8,en;q=0.7")
    'fa'
    """
    found = (tag.split("-")[0] for tag, _ in parse_accept_lang_header(accepted.lower()))
    return next((each for each in found if each in LANGUAGES), "")


def guess(accepted: str, zone: str = "", language: str = "") -> Guess:
    """What a browser's ``Accept-Language`` and time zone say; either may be empty.

    >>> guess("ro-RO,ro;q=0.9", "Europe/Chisinau")
    Guess(language='ro', country='MD', currency='MDL', timezone='Europe/Chisinau',
          calendar_name='gregorian')
    >>> guess("", language="fa").calendar_name
    'solar_hijri'
    """
    spoken = language or language_in(accepted) or "en"
    known = zone if zone in available_timezones() else ""
    country = next(_countries(accepted, known, spoken), "")
    currencies = get_territory_currencies(country) if country else ()
    return Guess(
        spoken,
        country,
        currencies[0] if currencies else "EUR",
        known or _zone_of(country),
        "solar_hijri" if country in SOLAR else "gregorian",
    )


def _countries(accepted: str, zone: str, language: str) -> Iterator[str]:
    """Countries it may be, the likeliest first."""
    found = [get_global("zone_territories").get(zone, "")]
    tags = (tag.split("-") for tag, _ in parse_accept_lang_header(accepted.lower()))
    found += [parts[-1].upper() for parts in tags if len(parts) > 1]
    if language != "en":
        found.append(MADE[language].country)
    return (each for each in found if each in SUPPORTED_REGIONS)


def _zone_of(country: str) -> str:
    """The zone of a country: that of its capital where we know it, else the only one it has."""
    for each in MADE.values():
        if each.country == country and country != "GB":
            return each.zone
    zones = [zone for zone, of in get_global("zone_territories").items() if of == country]
    return zones[0] if len(zones) == 1 else "UTC"
