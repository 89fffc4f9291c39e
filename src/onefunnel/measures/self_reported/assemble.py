"""The rows and notes of the measure ``self_reported``, from the answers of its queries."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from onefunnel.funnel.collected import Collected, Values, in_order, integers, rows_of
from onefunnel.funnel.rules import Rules
from onefunnel.measures.acquisition.sharing import parts
from onefunnel.measures.attribution.agreed import agreed_of
from onefunnel.measures.self_reported.answers import Said, Share
from onefunnel.measures.self_reported.query import PAIR
from onefunnel.measures.self_reported.remarks import remarks
from onefunnel.measures.self_reported.result import Kind, SelfReportedRow
from onefunnel.vocabulary import Note, Question

Answered = tuple[tuple[SelfReportedRow, ...], tuple[Note, ...]]


def assemble(collected: Collected, rules: Rules, question: Question) -> Answered:
    """The pairs, those who said nothing, the channels and the whole, in this order.

    Within each the rows are in order of names, unknown last. Raises InputError where
    ``attribution.toml`` can't be read.
    """
    counts, money = (rows_of(collected[name], PAIR) for name in ("people", "money"))
    cells = _cells(counts, money)
    answers = {values[:2]: row.entities for values, row in cells.items() if values[2]}
    silent = {values[0]: row.entities for values, row in cells.items() if not values[2]}
    said = Said(answers, silent, agreed_of(question.terms).settings.direct)
    undated = int(integers(collected["undated"]["rows"]).sum())
    changed = sum(row["changed"] for row in counts.values())
    found = (
        *(row for values, row in cells.items() if values[2]),
        *(row for values, row in cells.items() if not values[2]),
        *_channels(said, cells),
        _whole(said, cells),
    )
    return found, tuple(remarks(said, undated, changed))


def _cells(
    counts: dict[Values, dict[str, Any]], money: dict[Values, dict[str, Any]]
) -> dict[Values, SelfReportedRow]:
    """The rows of pairs and of those who said nothing; their money adds up to the last decimal."""
    order = sorted(counts, key=lambda values: (in_order(values[:2]), -values[2]))
    known = [values for values in order if _is_known(money.get(values, {}))]
    exact = [Fraction(money.get(values, {}).get("contribution") or 0) for values in known]
    brought = dict(zip(known, parts(exact), strict=True))
    return {
        values: SelfReportedRow(
            kind=Kind.PAIR.value if values[2] else Kind.SILENT.value,
            tracked=values[0],
            said=values[1],
            entities=counts[values]["entities"],
            customers=counts[values]["customers"],
            contribution=brought.get(values),
            unknown_contribution_lines=money.get(values, {}).get("unknown", 0),
        )
        for values in order
    }


def _is_known(row: dict[str, Any]) -> bool:
    return not row.get("lines") or bool(row["told"])


def _channels(said: Said, cells: dict[Values, SelfReportedRow]) -> Iterator[SelfReportedRow]:
    everybody, answering = said.tracked.total(), said.said.total()
    for name in said.names:
        mine = [row for values, row in cells.items() if values[0] == name]
        row = replace(
            _summed(Kind.CHANNEL, mine, name),
            answers=said.said[name],
            share_tracked=_part(said.tracked[name], everybody),
            answering_share_tracked=_part(said.answering_tracked[name], answering),
            **_ends("share_said", said.share_said(name)),
            **_ends("dark_share", said.dark_share(name)),
        )
        yield row if name is None else replace(row, **_compared(said, name))


def _compared(said: Said, name: str) -> dict[str, Any]:
    """The fields of a known name."""
    agreed, kappa = said.agreement_of(name), said.kappa_of(name)
    compared = {"compared": said.compared_of(name)}
    return compared | _ends("agreement", agreed) | _ends("kappa", kappa)


def _whole(said: Said, cells: dict[Values, SelfReportedRow]) -> SelfReportedRow:
    return replace(
        _summed(Kind.ALL, cells.values(), None),
        answers=said.said.total(),
        compared=sum(said.compared.values()),
        **_ends("agreement", said.agreement),
        **_ends("kappa", said.kappa),
    )


def _summed(kind: Kind, rows: Iterable[SelfReportedRow], name: str | None) -> SelfReportedRow:
    """The counts and the money of several rows as one."""
    every = list(rows)
    told = [row.contribution for row in every if row.contribution is not None]
    return SelfReportedRow(
        kind=kind.value,
        tracked=name,
        said=name,
        entities=sum(row.entities for row in every),
        customers=sum(row.customers for row in every),
        contribution=sum(told, Decimal("0.0000")) if told or not every else None,
        unknown_contribution_lines=sum(row.unknown_contribution_lines for row in every),
    )


def _part(part: int, of: int) -> float | None:
    return part / of if of else None


def _ends(name: str, share: Share | None) -> dict[str, Any]:
    """A figure and its interval as fields."""
    value, low, high = share or (None, None, None)
    return {name: value, f"{name}_low": low, f"{name}_high": high}
