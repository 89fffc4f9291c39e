"""What would let a refused figure be given: the cheapest thing that is missing."""

from dataclasses import dataclass

from onefunnel.vocabulary import Note, Stage

TOUCH_INTENT = ("touch", ("intent",))
INPUTS: dict[Stage, tuple[str, tuple[str, ...]]] = {
    Stage.CUSTOMER_AWARENESS: ("touch", ("occurred_at",)),
    Stage.BRAND_AWARENESS: ("touch", ("channel",)),
    Stage.BRAND_CONSIDERATION: ("lead", ("created_at",)),
    Stage.BRAND_PREFERENCE: TOUCH_INTENT,
    Stage.PURCHASE_INTENTION: TOUCH_INTENT,
    Stage.PURCHASE: ("deal_event", ("status", "occurred_at")),
    Stage.CUSTOMER_LOYALTY: ("order_line", ("ordered_at",)),
    Stage.CUSTOMER_ADVOCACY: ("advocacy", ("kind", "score")),
}
"""The table and columns that show who entered a stage by the default rules."""

OUTCOMES = ("deal_event", ("status", "occurred_at"))
COSTS = ("order_line", ("unit_cost",))


@dataclass(frozen=True, slots=True)
class Missing:
    """What helps: a table with columns to import, a longer period, or a shorter horizon in days."""

    table: str = ""
    columns: tuple[str, ...] = ()
    longer_period: bool = False
    horizon_days: int | None = None


def missing(note: Note, stage: Stage | None = None) -> Missing | None:
    """The cheapest thing that would let a figure be given that a note refuses; None: not known.

    >>> from onefunnel.funnel.notes import note
    >>> missing(note("refused_expected_contribution", reason="no_contribution"))
    Missing(table='order_line', columns=('unit_cost',), longer_period=False, horizon_days=None)
    """
    reason = str(note.params.get("reason", ""))
    if reason in ("empty", "too_few"):
        return Missing(longer_period=True)
    if reason == "too_early":
        longest = int(float(note.params.get("longest_days", 0)))
        return Missing(horizon_days=longest) if longest else Missing(longer_period=True)
    if reason in ("no_records", "implied"):
        table, columns = INPUTS[stage] if stage is not None else OUTCOMES
        return Missing(table, columns)
    inputs = {"no_contribution": COSTS, "no_curve": OUTCOMES}.get(reason)
    return Missing(*inputs) if inputs else None
