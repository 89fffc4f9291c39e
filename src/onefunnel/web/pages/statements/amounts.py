"""The figures of pay in a language: amounts to the cent, bases in their unit, months by name."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation

import jdatetime
from markupsafe import Markup, escape

from onefunnel.pay.plan import Base, Gauge
from onefunnel.vocabulary import Calendar
from onefunnel.web.locale import Figures, Words
from onefunnel.web.locale.translations import N_

BASE_NAMES = {
    Base.REVENUE: N_("revenue"),
    Base.MARGIN: N_("margin"),
    Base.UNITS: N_("units"),
    Base.SALES: N_("number of sales"),
}
GAUGE_NAMES = {
    Gauge.REVENUE: N_("revenue"),
    Gauge.MARGIN: N_("margin"),
    Gauge.UNITS: N_("units"),
    Gauge.MARGIN_RATE: N_("margin as a share of revenue"),
}
IN_MONEY = (Base.REVENUE, Base.MARGIN)


@dataclass(frozen=True, slots=True)
class Amounts:
    """How one language writes what a plan pays, in the currency of the plan."""

    words: Words
    figures: Figures

    @classmethod
    def of(cls, words: Words, currency: str) -> "Amounts":
        """The amounts of a currency."""
        return cls(words, replace(words.figures, currency=currency))

    def money(self, amount: Decimal) -> str:
        """An amount to the minor unit."""
        return self.figures.paid(amount)

    def base(self, value: Decimal, base: Base | None) -> str:
        """What a component counts: money where that is its base, else a number."""
        return self.money(value) if base in IN_MONEY else self.figures.exactly(value)

    def rate(self, value: Decimal, base: Base | None) -> Markup:
        """What a rate pays, as a share of money or as money for each."""
        if base is Base.UNITS:
            return self.words.say("{money} a unit", money=self.money(value))
        if base is Base.SALES:
            return self.words.say("{money} a sale", money=self.money(value))
        return Markup(escape(self.figures.rate(value)))

    def gauge(self, value: Decimal, measure: str) -> str:
        """What a gate looks at, in its unit."""
        if measure == Gauge.MARGIN_RATE:
            return self.figures.rate(value)
        return self.base(value, Base(measure))


def number(text: str | None) -> Decimal | None:
    """A figure of a reason, which is text; None where it is unknown or no number."""
    try:
        return None if text is None else Decimal(text)
    except InvalidOperation:
        return None


def days_of(label: str, calendar: Calendar) -> tuple[date, date]:
    """The first day of a month of the calendar, and the day after its last.

    >>> days_of("1403-12", Calendar("solar_hijri"))
    (datetime.date(2025, 2, 19), datetime.date(2025, 3, 21))
    """
    year, month = (int(each) for each in label.split("-"))
    if calendar.name == "solar_hijri":
        first: date = jdatetime.date(year, month, 1).togregorian()
    else:
        first = date(year, month, 1)
    found = calendar.month_of(first)
    return calendar.local_day(found.start), calendar.local_day(found.end)


def month_name(label: str, words: Words) -> Markup:
    """A month by its name, a quarter or a year as it is written.

    >>> from onefunnel.web.locale import Words
    >>> month_name("2024-06", Words("en")), month_name("2024-Q2", Words("en"))
    (Markup('June 2024'), Markup('2024-Q2'))
    """
    try:
        return words.days(*days_of(label, words.calendar))
    except ValueError:
        return Markup(escape(words.figures.digits(label)))
