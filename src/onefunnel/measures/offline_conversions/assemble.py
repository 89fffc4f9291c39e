"""The rows and notes of the measure ``offline_conversions``, from the answers of its queries."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from onefunnel.funnel.collected import Collected, Values, rows_of
from onefunnel.funnel.rules import Rules
from onefunnel.measures.offline_conversions.conversions import Conversion
from onefunnel.measures.offline_conversions.notes import note
from onefunnel.measures.offline_conversions.platforms import OTHER, UNKNOWN, How, Platform
from onefunnel.measures.offline_conversions.query import ADJUSTABLE
from onefunnel.measures.offline_conversions.result import OfflineConversionsRow
from onefunnel.measures.offline_conversions.statuses import Status, status_of
from onefunnel.vocabulary import Note, Question, round_money

NOTHING = Decimal(0)
Counted = Mapping[Values, Mapping[str, Any]]
Part = Mapping[str, Any]


def assemble(
    collected: Collected, rules: Rules, question: Question
) -> tuple[tuple[OfflineConversionsRow, ...], tuple[Note, ...]]:
    """A row for each platform and kind, also where there is none of it; and what clicks lack."""
    keys = ("of", *map(status_of, Platform), "changed")
    parts = list(rows_of(collected["counts"], keys).values())
    found = tuple(_row(parts, platform, of) for platform in Platform for of in Conversion)
    return found, _notes(rows_of(collected["clicks"], ("platform", "how")))


def _row(parts: Sequence[Part], platform: Platform, of: Conversion) -> OfflineConversionsRow:
    ours = [part for part in parts if part["of"] == of.value]
    fare = {each: [p for p in ours if p[status_of(platform)] == each.value] for each in Status}
    numbers = {each.value: _count(fare[each], "conversions") for each in Status}
    told, returned = fare[Status.RETURNED], numbers[Status.RETURNED.value]
    priced, known = _count(told, "priced"), _count(told, "told")
    changed = [part for each in ADJUSTABLE for part in fare[each] if part["changed"]]
    return OfflineConversionsRow(
        platform=platform.value,
        of=of.value,
        conversions=sum(numbers.values()),
        **numbers,
        to_adjust=_count(changed, "conversions"),
        revenue=_sum(told, "revenue", returned, priced),
        contribution=_sum(told, "contribution", returned, known),
        without_revenue=returned - priced,
        without_contribution=returned - known,
    )


def _count(parts: Sequence[Part], name: str) -> int:
    return sum(part[name] for part in parts)


def _sum(parts: Sequence[Part], name: str, returned: int, known: int) -> Decimal | None:
    """Zero of nothing; None where there are some and none is known."""
    if returned and not known:
        return None
    return round_money(sum((part[name] or NOTHING for part in parts), NOTHING))


def _notes(clicks: Counted) -> tuple[Note, ...]:
    total = sum(row["clicks"] for row in clicks.values())
    if not total:
        return (note("no_clicks"),)
    by_code = {
        "clicks_by_source": [row for key, row in clicks.items() if key[1] == How.SOURCE],
        "clicks_not_assigned": [row for key, row in clicks.items() if key[0] == UNKNOWN],
        "clicks_of_others": [row for key, row in clicks.items() if key[0] == OTHER],
    }
    sums = {code: sum(row["clicks"] for row in rows) for code, rows in by_code.items()}
    return tuple(note(code, clicks=many, of=total) for code, many in sums.items() if many)
