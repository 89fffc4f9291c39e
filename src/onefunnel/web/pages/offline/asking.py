"""What the page is asked: which platform is told of what, with which value, of which period."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse

from onefunnel.errors import UsageError
from onefunnel.measures.offline_conversions.conversions import Conversion
from onefunnel.measures.offline_conversions.platforms import Platform
from onefunnel.measures.offline_conversions.telling import Told, ToldValue
from onefunnel.measures.offline_conversions.telling import told as told_of
from onefunnel.web.locale import Words
from onefunnel.web.pages.funnel.asking import Filters
from onefunnel.workflows.asked import Asked
from onefunnel.workflows.computed import Rows
from onefunnel.workflows.returning import File

CHANGED = "changed"
"""In the address of a file: that of what changed since."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address asks for. ``name`` is empty where the conversion is called as usual."""

    filters: Filters
    platform: Platform = Platform.GOOGLE
    of: Conversion = Conversion.CUSTOMER
    value: ToldValue = ToldValue.CONTRIBUTION
    name: str = ""

    def asked(self) -> Asked:
        """The question to the measure; the days must be known."""
        return self.filters.asked()

    def told(self, currency: str) -> Told:
        """How conversions are told. UsageError where the name can't be."""
        return told_of(self.of.value, self.name, self.value.value, currency)

    def file(self, currency: str, adjustments: bool = False) -> File:
        """The file that is asked for."""
        return File(self.platform, self.told(currency), adjustments)

    def rows(self, file: File, version: int) -> Rows:
        """The rows of a file at a ledger version."""
        return file.rows(replace(self.asked(), as_of=version))

    def address(self) -> str:
        """The address of the page that asks so."""
        return f"{reverse('offline_conversions')}?{self._query()}"

    def file_address(self, version: int, adjustments: bool = False) -> str:
        """The address of the file, of the ledger version that the page shows."""
        more = {CHANGED: "1"} if adjustments else {}
        return f"{reverse('offline_conversions_file')}?{self._query(version, **more)}"

    def _query(self, pinned: int | None = None, **more: str) -> str:
        own = {
            "platform": self.platform.value,
            "of": self.of.value,
            "value": self.value.value,
            **({"name": self.name} if self.name else {}),
            **more,
        }
        days = self.filters.query(pinned)
        return "&".join(each for each in (urlencode(own), days) if each)


def read(given: Mapping[str, str], filters: Filters, words: Words) -> Wanted:
    """What an address asks for. UsageError for what can't be, with what can."""
    platform = _one_of(given.get("platform"), Platform.GOOGLE, words.say("Platform"), words)
    of = _one_of(given.get("of"), Conversion.CUSTOMER, words.say("Told of"), words)
    value = _one_of(given.get("value"), ToldValue.CONTRIBUTION, words.say("Value"), words)
    days = Filters(filters.period, filters.since, filters.until, as_of=filters.as_of)
    name = given.get("name", "").strip()
    return Wanted(days, Platform(platform), Conversion(of), ToldValue(value), name)


def _one_of(
    given: str | None, usual: Platform | Conversion | ToldValue, what: str, words: Words
) -> str:
    valid = [each.value for each in type(usual)]
    name = given or usual.value
    if name not in valid:
        raise UsageError(
            words.say("{what}: “{given}” can't be asked.", what=what, given=name[:80]),
            remedy=words.say("What can be asked: {valid}.", valid=words.listed(valid)),
        )
    return name
