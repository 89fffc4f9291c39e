"""A language at work: its sentences, with the figures of one workspace in them."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import jdatetime
from markupsafe import Markup, escape

from onefunnel.vocabulary import Calendar, Department, Question, Stage
from onefunnel.web.locale.figures import Figures
from onefunnel.web.locale.terms import DEPARTMENT_NAMES, SOLAR_MONTHS, STAGE_NAMES
from onefunnel.web.locale.translations import RIGHT_TO_LEFT, catalogue

LIST_SEPARATORS = {"fa": "، "}
"""What parts the parts of a list, where it is not a comma and a space."""
CLAUSE_SEPARATORS = {"fa": "؛ "}
"""What parts clauses, where it is not a semicolon and a space."""


class Words:
    """Sentences in one language. Every sentence is markup; what is put into it is escaped.

    Raises UnknownName for a language that onefunnel does not speak.

    >>> Words("en").say("Left after {stage}", stage="<b>")
    Markup('Left after &lt;b&gt;')
    >>> Words("fa").direction
    'rtl'
    """

    def __init__(
        self, language: str, *, currency: str = "EUR", calendar: Calendar | None = None
    ) -> None:
        self.language = language
        self.calendar = calendar or Calendar()
        self.figures = Figures(language, currency, self.calendar)
        self.direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
        self._messages = catalogue(language)

    def say(self, message: str, /, **values: object) -> Markup:
        """A message in the language, its named places filled."""
        return Markup(escape(self._messages.gettext(message))).format(**values)

    def count(self, one: str, many: str, number: int, /, **values: object) -> Markup:
        """A message in the form that goes with ``number``, which fills the place ``n``.

        >>> Words("en").count("{n} row", "{n} rows", 3), Words("ru").count("{n} won", "{n} won", 21)
        (Markup('3 rows'), Markup('21 выиграна'))
        """
        message = self._messages.ngettext(one, many, number)
        return Markup(escape(message)).format(n=self.figures.count(number), **values)

    def listed(self, parts: Iterable[object]) -> Markup:
        """Parts of a list, parted as the language parts them.

        >>> Words("fa").listed(["a", "b"])
        Markup('a، b')
        """
        return Markup(LIST_SEPARATORS.get(self.language, ", ")).join(map(escape, parts))

    def clauses(self, parts: Iterable[object]) -> Markup:
        """Clauses of a sentence, parted more strongly than the parts of a list.

        >>> Words("fa").clauses(["a", "b"])
        Markup('a؛ b')
        """
        return Markup(CLAUSE_SEPARATORS.get(self.language, "; ")).join(map(escape, parts))

    def knows(self, message: str) -> bool:
        """Whether the message is translated; English messages always are."""
        return self.language == "en" or self._messages.gettext(message) != message

    def stage(self, stage: Stage) -> Markup:
        """The name of a stage, as a heading writes it."""
        return self.say(STAGE_NAMES[stage])

    def stage_within(self, stage: Stage) -> Markup:
        """The name of a stage, as a sentence writes it.

        >>> Words("en").stage_within(Stage.BRAND_PREFERENCE)
        Markup('brand preference')
        """
        name = self.stage(stage)
        return name[:1].lower() + name[1:]

    def department(self, department: Department) -> Markup:
        """The name of a department."""
        return self.say(DEPARTMENT_NAMES[department])

    def letter(self, department: Department) -> str:
        """The letter that marks a department beside its colour; none for what both own.

        >>> Words("ro").letter(Department.SALES)
        'V'
        """
        return "" if department is Department.BOTH else str(self.department(department))[:1]

    def day(self, day: date) -> str:
        """A day (a Gregorian date) in the workspace's calendar.

        >>> Words("en", calendar=Calendar("solar_hijri")).day(date(2025, 11, 4))
        '13 Aban 1404'
        """
        if self.calendar.name != "solar_hijri":
            return self.figures.day(day)
        local = jdatetime.date.fromgregorian(date=day)
        month = self.say(SOLAR_MONTHS[local.month - 1])
        return self.figures.digits(f"{local.day} {month} {local.year}")

    def instant(self, instant: datetime) -> Markup:
        """An instant in the workspace's zone: its day, and the time to the minute."""
        day = self.day(self.calendar.local_day(instant))
        return self.say("{day}, {time}", day=day, time=self.figures.time(instant))

    def period(self, question: Question) -> Markup:
        """The period of a question; its last day is the one before its end."""
        local = self.calendar.local_day
        end = None if question.end is None else question.end - timedelta(microseconds=1)
        after = None if end is None else local(end) + timedelta(days=1)
        return self.days(None if question.start is None else local(question.start), after)

    def days(self, first: date | None, after: date | None) -> Markup:
        """The period from a day to the one before ``after``; None is an open end.

        >>> Words("en").days(date(2025, 10, 1), date(2025, 11, 1))
        Markup('October 2025')
        """
        last = None if after is None else after - timedelta(days=1)
        if last is None:
            if first is None:
                return self.say("All records")
            return self.say("From {day}", day=self.day(first))
        if first is None:
            return self.say("Until {day}", day=self.day(last))
        month, local = self.calendar.month_of(first), self.calendar.local_day
        if (local(month.start), local(month.end)) == (first, after):
            return self._month(first)
        return self.say("{first} to {last}", first=self.day(first), last=self.day(last))

    def _month(self, day: date) -> Markup:
        if self.calendar.name != "solar_hijri":
            return Markup(escape(self.figures.month(day)))
        local = jdatetime.date.fromgregorian(date=day)
        month = self.say(SOLAR_MONTHS[local.month - 1])
        return Markup("{} {}").format(month, self.figures.digits(str(local.year)))
