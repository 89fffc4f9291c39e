"""What the reader of the measure ``acquisition`` must be told."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from onefunnel.funnel.collected import Collected, Values, cohort_of, integers, left_out_of
from onefunnel.funnel.estimates import Estimate, refusal_params
from onefunnel.funnel.instants import SECONDS_A_DAY
from onefunnel.funnel.notes import note as funnel_note
from onefunnel.measures.acquisition.contacts import COLUMNS
from onefunnel.measures.acquisition.notes import note
from onefunnel.measures.acquisition.result import AcquisitionRow
from onefunnel.measures.acquisition.sharing import Charged
from onefunnel.measures.attribution.agreed import Shared, agreed_of
from onefunnel.vocabulary import Note, Question

SHARED = {
    Shared.BY_TOUCHES: "spend_shared_by_touches",
    Shared.BY_LEADS: "spend_shared_by_leads",
}


def remarks(
    collected: Collected,
    costs: Charged,
    estimates: Mapping[Values, Estimate],
    rows: Sequence[AcquisitionRow],
    question: Question,
) -> Iterator[Note]:
    """The notes on records, spend, unknown values and what is not ripe yet, in this order."""
    yield from _on_records(collected)
    yield from _on_spend(collected, costs, rows, question)
    yield from _on_the_unknown(rows, question)
    yield from _on_wins(collected, estimates, question)


def _on_records(collected: Collected) -> Iterator[Note]:
    for row in sorted(collected["undated"].to_pylist(), key=lambda row: str(row["table"])):
        if row["rows"]:
            yield funnel_note("rows_without_instant", table=row["table"], rows=row["rows"])
    unassigned = int(integers(collected["touches"]["unassigned"]).sum())
    if unassigned:
        yield note("touches_of_no_department", touches=unassigned)


def _on_spend(
    collected: Collected, costs: Charged, rows: Sequence[AcquisitionRow], question: Question
) -> Iterator[Note]:
    if not costs.any:
        yield note("no_spend")
        return
    for name in ("without_amount", "without_rate"):
        unknown = int(integers(collected["spent"][name]).sum())
        if unknown:
            yield note(f"spend_{name}", rows=unknown)
    total = costs.total
    lacking = ", ".join(name for name in question.by if name in COLUMNS)
    if costs.shared:
        code = SHARED[agreed_of(question.terms).shared]
        yield note(code, share=float(costs.shared / total) if total else 0.0, dimensions=lacking)
    if costs.left:
        share = float(costs.left / total) if total else 0.0
        yield note("spend_not_shared", share=share, dimensions=lacking)
    idle = [row for row in rows if row.spend and not row.leads]
    if idle:
        spent = sum(float(row.spend or 0) for row in idle)
        share = spent / float(total) if total else 0.0
        yield note("spend_without_leads", rows=len(idle), share=share)
    free = [row for row in rows if row.leads and row.spend is not None and not row.spend]
    if free:
        won, of = (sum(row.leads for row in some) for some in (free, rows))
        yield note("leads_without_spend", rows=len(free), leads=won, of=of)


def _on_the_unknown(rows: Sequence[AcquisitionRow], question: Question) -> Iterator[Note]:
    for dimension in question.by:
        values = [row.dimensions[dimension] for row in rows]
        unknown = [row for row, value in zip(rows, values, strict=True) if value is None]
        words = [row for row, value in zip(rows, values, strict=True) if _is_the_word(value)]
        if any(row.leads or row.customers for row in unknown):
            yield note("unknown_origin", dimension=dimension, **_of_all(unknown, rows))
        if any(row.leads or row.customers for row in words):
            together = _of_all([*unknown, *words], rows)["share_of_customers"]
            said = {**_of_all(words, rows), "share_of_customers_together": together}
            yield note("unknown_as_a_word", dimension=dimension, **said)


def _is_the_word(value: str | None) -> bool:
    """Whether a record says in so many letters that it does not know."""
    return value is not None and value.strip().casefold() == "unknown"


def _of_all(some: Sequence[AcquisitionRow], rows: Sequence[AcquisitionRow]) -> dict[str, Any]:
    """How many leads and customers are in some of the rows, of all, and their shares."""
    found: dict[str, Any] = {}
    for name in COUNTED:
        part, of = (sum(getattr(row, name) for row in each) for each in (some, rows))
        found |= {name: part, f"of_{name}": of, f"share_of_{name}": part / of if of else 0.0}
    return found


COUNTED = ("leads", "customers")


def _on_wins(
    collected: Collected, estimates: Mapping[Values, Estimate], question: Question
) -> Iterator[Note]:
    durations = collected["durations"]
    earlier, implied = int(integers(durations["earlier"]).sum()), left_out_of(durations)
    if earlier:
        yield note("buyers_before_their_lead", entities=earlier)
    if implied:
        yield note("purchases_implied", entities=implied)
    cohort, horizon = cohort_of(durations), question.horizon_days
    unripe = [each for each in estimates.values() if each.maturity not in (None, 1.0)]
    if unripe:
        share = cohort.known_by(horizon * SECONDS_A_DAY) / cohort.size
        yield note("not_ripe", share=share, horizon_days=horizon, rows=len(unripe))
    refusals = [each.refusal for each in estimates.values() if each.refusal]
    some = [each for each in refusals if each.reason != "empty"]
    for params in refusal_params(some, horizon):
        yield note("refused_win_rate", **params)
