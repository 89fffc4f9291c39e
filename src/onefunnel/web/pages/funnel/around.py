"""What the pages put around figures: the rows behind them, comments, files, ways to mend."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse
from markupsafe import Markup

from onefunnel.vocabulary import Note, Permission, Stage
from onefunnel.web.locale import Words
from onefunnel.web.pages.funnel.asking import HORIZONS, Filters, written
from onefunnel.web.pages.funnel.missing import INPUTS, Missing, missing
from onefunnel.web.report.around import Text, Where
from onefunnel.web.report.context import TABLE_NAMES

IN_PANEL = Markup('<a href="{0}" hx-get="{0}" hx-target="#panel">{1}</a>')
PLAIN = Markup('<a href="{0}">{1}</a>')
FILES = ("csv", "parquet")


@dataclass(frozen=True)
class Linked:
    """Puts links around the figures of an answer at one ledger version.

    ``may`` says what the reader may do; ``named`` how an owner is called.
    """

    filters: Filters
    version: int
    words: Words
    may: Callable[[Permission], bool]
    named: Callable[[str | None], str | None] = lambda _: None

    @property
    def opens(self) -> bool:
        """Whether the reader may see rows."""
        return self.may(Permission.RECORDS)

    def rows(self, shown: Text, measure: str, figure: str, where: Where) -> Text:
        """A figure that opens its rows, beside the page or as a page of their own."""
        if not self.opens:
            return shown
        return IN_PANEL.format(self.rows_address(measure, figure, where), shown)

    def rows_address(self, measure: str, figure: str, where: Where) -> str:
        """The address of the rows behind a figure."""
        others = tuple(each for each in self.filters.only if each[0] not in where)
        asked = replace(self.filters, by="", only=others).query(self.version)
        which = {name: written(value) for name, value in where.items()}
        named = urlencode({"measure": measure, "figure": figure, **which})
        return f"{reverse('rows')}?{named}&{asked}"

    def mend(self, note: Note, stage: Stage | None = None) -> Text:
        """What would let a refused figure be given, with a link to do it."""
        found = missing(note, stage)
        if found is None:
            return ""
        if found.horizon_days is not None:
            return self._shorter(found.horizon_days)
        if found.longer_period and self.filters.period:
            longer = replace(self.filters, period="", since=None, until=None)
            return PLAIN.format(self._page(longer), self.words.say("Take all records"))
        return self._imported(found, stage)

    def _imported(self, found: Missing, stage: Stage | None) -> Markup:
        table, columns = found.table, found.columns
        if not table and stage is not None:
            table, columns = INPUTS[stage]
        if not table:
            return Markup("")
        named = Markup("<b>{}</b>").format(self.words.say(TABLE_NAMES[table]))
        code = Markup('<code dir="ltr">{}</code>')
        if found.longer_period:
            text = self.words.say("Import more of {table}", table=named)
        else:
            listed = self.words.listed(code.format(each) for each in columns)
            text = self.words.say("Import {table} with {columns}", table=named, columns=listed)
        if not self.may(Permission.IMPORT):
            return text
        return PLAIN.format(reverse("imports"), text)

    def _shorter(self, longest: int) -> Markup:
        fitting = [days for days in HORIZONS if days <= longest]
        if not fitting:
            return Markup("")
        days = self.words.figures.days(fitting[-1])
        shorter = self._page(replace(self.filters, horizon=fitting[-1]))
        return PLAIN.format(shorter, self.words.say("Take a horizon of {days}", days=days))

    def narrowed(self, dimension: str, value: str | None) -> str:
        """The same page with one value of a dimension only."""
        others = {name: each for name, each in self.filters.only if name != dimension}
        only = tuple({**others, dimension: value}.items())
        return self._page(replace(self.filters, only=only))

    def name(self, dimension: str, value: str) -> str:
        """An owner by name; any other value as it is on record."""
        return (self.named(value) or value) if dimension == "owner" else value

    def _page(self, filters: Filters) -> str:
        query = filters.query()
        return reverse("funnel") + (f"?{query}" if query else "")

    def beside(self, measure: str, rows: Text = "", by: str = "") -> Markup:
        """What stands at the foot of a section: rows, comments, the answer as a file."""
        parts = [rows] if rows and self.opens else []
        parts.append(comment(subject(measure, {}, self.filters, by), self.words))
        if self.opens:
            asked = replace(self.filters, by=by).query(self.version)
            address = f"{reverse('funnel_file')}?{urlencode({'measure': measure})}&{asked}"
            parts += files(address, self.words)
        return Markup("").join(parts)


def subject(measure: str, which: Mapping[str, str], filters: Filters, by: str = "") -> str:
    """What a comment on a figure is about, as text: the same for everybody who sees the figure.

    >>> subject("leaks", {"stage": "purchase"}, Filters(horizon=30))
    'leaks?stage=purchase&horizon=30'
    """
    days = replace(filters, by=by, as_of=None, period="" if filters.since is None else "own")
    return f"{measure}?" + "&".join(part for part in (urlencode(which), days.query()) if part)


def comment(about: str, words: Words) -> Markup:
    """A link to the comments on a figure."""
    address = f"{reverse('remarks')}?{urlencode({'kind': 'figure', 'id': about})}"
    return IN_PANEL.format(address, words.say("Comment"))


def files(address: str, words: Words) -> list[Markup]:
    """Links to the same as a file, one per format."""
    return [PLAIN.format(f"{address}&format={each}", FILE_NAMES[each]) for each in FILES]


FILE_NAMES = {"csv": "CSV", "parquet": "Parquet"}
