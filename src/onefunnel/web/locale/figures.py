"""Figures, money and days as each language writes them, by Babel (CLDR)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import (
    format_compact_currency,
    format_currency,
    format_decimal,
    format_percent,
    get_currency_precision,
    get_currency_symbol,
)
from babel.units import format_unit

from onefunnel.vocabulary import Calendar

LRM = "\N{LEFT-TO-RIGHT MARK}"
MINUS = "\N{MINUS SIGN}"
NBSP = "\N{NO-BREAK SPACE}"
PERSIAN = str.maketrans("0123456789%", "۰۱۲۳۴۵۶۷۸۹٪")
CENTS_BELOW = 100
"""Amounts from this size on are shown in whole units."""


@dataclass(frozen=True)
class Figures:
    """How one language writes the figures of one workspace. Every method returns plain text.

    Minus is U+2212; in Persian digits are Persian, the currency stands after the figure and a sign
    is held at its place by a left-to-right mark.
    """

    language: str
    currency: str = "EUR"
    calendar: Calendar = field(default_factory=Calendar)

    def count(self, number: int) -> str:
        """A whole number with separators.

        >>> Figures("fa").count(13260), Figures("ro").count(13260)
        ('۱۳٬۲۶۰', '13.260')
        """
        return self._finish(
            format_decimal(number, locale=self.language, numbering_system="default")
        )

    def share(self, value: float) -> str:
        """A share from 0 to 1 as a percentage; one decimal below ten percent.

        >>> Figures("en").share(0.234), Figures("en").share(0.0234), Figures("fa").share(0.234)
        ('23%', '2.3%', '۲۳٪')
        """
        return self._percent(value, _places(value))

    def interval(self, low: float, high: float, at: float) -> str:
        """An interval of shares in percent, as exact as the estimate ``at`` is shown.

        >>> Figures("en").interval(0.198, 0.271, 0.23), Figures("fa").interval(0.198, 0.271, 0.23)
        ('[20–27]', '[۲۰ تا ۲۷]')
        """
        places = _places(at)
        # Bounds that would look the same are shown more exactly, for an interval has a width.
        while places < 2 and low < high and round(100 * low, places) == round(100 * high, places):
            places += 1
        bounds = [self._decimal(100 * bound, places) for bound in (low, high)]
        return f"[{(' تا ' if self.language == 'fa' else '–').join(bounds)}]"

    def money(self, amount: Decimal) -> str:
        """An amount: in whole units from a hundred on, else as exact as the currency is paid.

        >>> Figures("en").money(Decimal("-13260.5")), Figures("en").money(Decimal("25.69"))
        ('−€13,261', '€25.69')
        """
        whole = abs(amount) >= CENTS_BELOW or amount == amount.to_integral_value()
        places = 0 if whole else get_currency_precision(self.currency)
        return self._amount(amount, places)

    def paid(self, amount: Decimal) -> str:
        """An amount as it is paid: to the minor unit of the currency, whatever its size.

        >>> Figures("en").paid(Decimal("-13260.5")), Figures("en", "VND").paid(Decimal(1200))
        ('−€13,260.50', '₫1,200')
        """
        return self._amount(amount, get_currency_precision(self.currency))

    def rate(self, value: Decimal, places: int = 4) -> str:
        """A share as it was agreed: in percent, with as many decimals as it has, four at most.

        >>> Figures("en").rate(Decimal("0.0292208")), Figures("fa").rate(Decimal("0.05"))
        ('2.9221%', '۵٪')
        """
        pattern = str(Locale.parse(self.language).percent_formats[None].pattern)
        places_at_most = "0." + "#" * places
        pattern = pattern.replace("0%", f"{places_at_most}%")
        pattern = pattern.replace("0" + NBSP, places_at_most + NBSP)
        text = format_percent(value, pattern, locale=self.language, numbering_system="default")
        return self._finish(text)

    def exactly(self, value: Decimal) -> str:
        """A number with as many decimals as it has, four at most.

        >>> Figures("ro").exactly(Decimal("1234.50"))
        '1.234,5'
        """
        return self._decimal(value, 4)

    def compact(self, amount: Decimal) -> str:
        r"""An amount for pictures, in thousands or millions.

        >>> Figures("en").compact(Decimal(1234567)), Figures("fa").compact(Decimal(1234567))
        ('€1.2M', '۱٫۲\xa0میلیون\xa0€')
        """
        if abs(amount) < 10 * CENTS_BELOW:
            return self.money(amount)
        digits = 0 if abs(amount) >= 100 * 1000 and abs(amount) < 1000 * 1000 else 1
        text = format_compact_currency(
            abs(amount),
            self.currency,
            locale=self.language,
            fraction_digits=digits,
            numbering_system="default",
        )
        return self._signed(text.replace(" ", NBSP), amount < 0)

    def days(self, days: float) -> str:
        r"""A duration: in hours below one day.

        >>> Figures("en").days(34.0), Figures("en").days(0.1), Figures("fa").days(3.5)
        ('34\xa0days', '2.4\xa0hr', '۳٫۵\xa0روز')
        """
        number, unit = (days, "duration-day") if days >= 1 else (24 * days, "duration-hour")
        shown = round(number) if number >= 10 else round(number, 1)
        # "long" has no Persian and no Vietnamese.
        text = format_unit(
            shown, unit, length="short", locale=self.language, numbering_system="default"
        )
        return self._finish(text.replace(" ", NBSP))

    def day(self, day: date) -> str:
        """A day, given as a Gregorian date, in the workspace's calendar.

        >>> Figures("en").day(date(2025, 11, 4))
        'November 4, 2025'
        """
        return self._finish(format_date(day, "long", locale=self.language))

    def month(self, day: date) -> str:
        """The Gregorian month that holds a day.

        >>> Figures("ro").month(date(2025, 10, 1))
        'octombrie 2025'
        """
        return self._finish(format_skeleton("yMMMM", day, locale=self.language))

    def time(self, instant: datetime) -> str:
        """The time of day of an instant in the workspace's zone, to the minute.

        >>> from datetime import UTC
        >>> Figures("fa", calendar=Calendar(zone="Asia/Tehran")).time(
        ...     datetime(2025, 1, 1, 12, 0, tzinfo=UTC))
        '۱۵:۳۰'
        """
        local = instant.astimezone(ZoneInfo(self.calendar.zone))
        return self._finish(format_time(local, "HH:mm", locale=self.language))

    def number(self, value: float) -> str:
        """A number as it is, with at most two decimals."""
        return self._decimal(value, 2)

    def plus(self, figure: str, step: Decimal | float) -> str:
        """The figure of a change with a plus where ``step`` is one; a minus it brings itself.

        >>> words = Figures("en")
        >>> words.plus(words.money(Decimal(300)), 300), words.plus(words.count(-3), -3)
        ('+€300', '−3')
        """
        if step <= 0:
            return figure
        return f"{LRM if self.language == 'fa' else ''}+{figure}"

    def digits(self, text: str) -> str:
        """Text whose digits are those of the language.

        >>> Figures("fa").digits("1404")
        '۱۴۰۴'
        """
        return text.translate(PERSIAN) if self.language == "fa" else text

    def _amount(self, amount: Decimal, places: int) -> str:
        rounded = amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        text = format_currency(
            abs(rounded),
            self.currency,
            self._money_pattern(places),
            locale=self.language,
            currency_digits=False,
            numbering_system="default",
        )
        return self._signed(text, rounded < 0)

    def _percent(self, value: float, places: int) -> str:
        pattern = Locale.parse(self.language).percent_formats[None].pattern
        if places:
            pattern = pattern.replace("0%", "0.#%").replace("0" + NBSP, "0.#" + NBSP)
        text = format_percent(value, pattern, locale=self.language, numbering_system="default")
        return self._finish(text)

    def _decimal(self, value: Decimal | float, places: int) -> str:
        pattern = "#,##0" + ("." + "#" * places if places else "")
        text = format_decimal(value, pattern, locale=self.language, numbering_system="default")
        return self._finish(text)

    def _money_pattern(self, places: int) -> str:
        # CLDR's Persian pattern puts the sign of the currency first; readers expect it last.
        if self.language == "fa":
            standard = f"#,##0.00{NBSP}¤"
        else:
            standard = Locale.parse(self.language).currency_formats["standard"].pattern
        return str(standard).replace(".00", "." + "0" * places if places else "")

    def _signed(self, text: str, negative: bool) -> str:
        text = self._finish(text)
        if self.language == "fa":
            # A sign such as R$ would be turned round among letters that run from the right.
            symbol = get_currency_symbol(self.currency, self.language)
            if symbol.isascii():
                text = text.replace(symbol, f"{symbol}{LRM}")
        if not negative:
            return text
        return f"{LRM if self.language == 'fa' else ''}{MINUS}{text}"

    def _finish(self, text: str) -> str:
        signed = text.replace("-", (LRM if self.language == "fa" else "") + MINUS)
        return self.digits(signed)


def _places(share: float) -> int:
    """Decimals of a percentage: none from ten percent on, and for nothing and everything."""
    return 0 if share >= 0.0995 or share <= 0 else 1
