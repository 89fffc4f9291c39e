"""Who stands in the rows of an answer, and how each is called."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from markupsafe import Markup

from onefunnel.measures.attribution.result import AttributionRow
from onefunnel.measures.attribution.touches import OTHER
from onefunnel.vocabulary import Department
from onefunnel.web.locale import Words
from onefunnel.web.report.cells import Mark, mark

Key = tuple[str | None, str | None]
"""A department and a name, as the rows have them; both None: unknown."""
UNKNOWN: Key = (None, None)
TOGETHER: Key = (None, OTHER)


@dataclass(frozen=True, slots=True)
class Who:
    """A player in words: its name, the mark of its department, whether it is unknown."""

    name: Markup
    mark: Mark | None
    unknown: bool


def key_of(row: AttributionRow) -> Key:
    """Who a row is about."""
    (name,) = row.dimensions.values()
    return row.department, name


def who(key: Key, words: Words) -> Who:
    """A player in words; of a contact only its kind, as its department stands beside it."""
    department, name = key
    if name is None:
        return Who(words.say("unknown"), None, True)
    if department is None:
        return Who(words.say("the small ones together"), None, False)
    if department != Department.MARKETING:
        name = name.removeprefix(f"{department}:")
    return Who(Markup("<bdi>{}</bdi>").format(name), mark(Department(department), words), False)


@dataclass(frozen=True, slots=True)
class Players:
    """The rows of an answer by model and player; every model has the same players."""

    rows: Mapping[str, Mapping[Key, AttributionRow]]

    @property
    def models(self) -> tuple[str, ...]:
        """The models that have rows, in their order."""
        return tuple(self.rows)

    def of(self, key: Key) -> list[AttributionRow]:
        """The rows of a player, a row per model."""
        return [each[key] for each in self.rows.values() if key in each]

    def in_order(self, model: str) -> list[Key]:
        """The players, those with most credit first, the small ones together and unknown last."""
        return sorted(self.rows[model], key=lambda key: _place(key, self.rows[model][key].share))

    def total(self, model: str) -> Decimal:
        """All that a model credits."""
        return sum((row.credit for row in self.rows[model].values()), Decimal())

    def departments(self) -> "Players":
        """Whole departments in place of players, in every model; see :func:`whole_of`."""
        return Players({model: whole_of(rows.values()) for model, rows in self.rows.items()})

    def by_department(self, model: str) -> dict[str | None, AttributionRow]:
        """The rows of whole departments; None is what is unknown or put together."""
        return {key[0]: row for key, row in whole_of(self.rows[model].values()).items()}


def whole_of(rows: Iterable[AttributionRow]) -> dict[Key, AttributionRow]:
    """A row for each department of a model, as of one player: its sums, with the interval of these.

    What is unknown stands together with the small ones; the grade is the best of theirs. Answers
    that were kept before departments had intervals give none.
    """
    found: dict[Key, AttributionRow] = {}
    for row in rows:
        key = (row.department, row.department)
        before = found.get(key)
        found[key] = replace(
            row,
            credit=row.credit + (before.credit if before else 0),
            share=row.share + (before.share if before else 0),
            share_low=row.department_share_low,
            share_high=row.department_share_high,
            removal_effect=None,
            grade=min(row.grade, before.grade) if before else row.grade,
        )
    return found


def whose(key: Key, words: Words, nobody: Markup) -> Who:
    """A department in words, by its key in :func:`whole_of`; ``nobody`` where it is none."""
    if key[0] is None:
        return Who(nobody, None, True)
    shown = mark(Department(key[0]), words)
    return Who(shown.name, shown, False)


def _place(key: Key, share: Decimal) -> tuple[int, Decimal, str]:
    return ({UNKNOWN: 2, TOGETHER: 1}.get(key, 0), -share, key[1] or "")


def players_of(rows: Iterable[AttributionRow]) -> Players:
    """The rows by model and player."""
    found: dict[str, dict[Key, AttributionRow]] = {}
    for row in rows:
        found.setdefault(row.model, {})[key_of(row)] = row
    return Players(found)


def nobodys(players: Players, words: Words) -> Markup:
    """How that is called which is no department's."""
    if any(TOGETHER in rows for rows in players.rows.values()):
        return words.say("unknown, or the small ones together")
    return words.say("unknown")


def amount_of(value: str, words: Words) -> Callable[[Decimal], str]:
    """How credit for a value is written: money, or a number of leads or customers."""
    figures = words.figures
    if value in ("revenue", "contribution"):
        return figures.money
    return lambda credit: figures.number(float(credit))


def interval(row: AttributionRow, words: Words) -> str:
    """The interval of a share in brackets; empty where it is refused or has no width."""
    if row.share_low is None or row.share_high is None or row.share_low == row.share_high:
        return ""
    low, high, at = (float(each) for each in (row.share_low, row.share_high, row.share))
    return words.figures.interval(low, high, at)
