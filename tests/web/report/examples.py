"""Reports built by hand: a company with money, one without, one that has only just begun."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from onefunnel.funnel.notes import note
from onefunnel.funnel.result import FunnelRow, LeakRow, LostReasonRow
from onefunnel.measures.deals.result import DealsRow
from onefunnel.vocabulary import STAGES, Answer, Calendar, Note, Question, Stage
from onefunnel.web.report import QuarantineCount, Report

NOW = datetime(2025, 11, 4, 5, 10, tzinfo=UTC)
ZONE = "Europe/Bucharest"
OCTOBER = Question(
    now=NOW,
    start=datetime(2025, 9, 30, 21, tzinfo=UTC),
    end=datetime(2025, 10, 31, 22, tzinfo=UTC),
    horizon_days=30,
)
AWKWARD = '<script>alert("x")</script>'


def row(stage: Stage, entered: int | None, **changed: object) -> FunnelRow:
    """A row of the funnel of which little is known; the rest is said by name."""
    blank = FunnelRow(
        stage=stage,
        owner=stage.default_owner,
        measured_by="records",
        entered=entered,
        observed=entered,
        implied=None if entered is None else 0,
        conversion=None,
        conversion_low=None,
        conversion_high=None,
        lost=None,
        horizon_days=30,
        median_days=None,
        maturity=None,
        revenue=None,
        expected_contribution=None,
        realised_contribution=None,
        unknown_contribution_lines=0,
    )
    return replace(blank, **changed)  # type: ignore[arg-type]


def surveyed(stage: Stage, share: float, low: float, high: float) -> FunnelRow:
    return row(
        stage,
        None,
        measured_by="population",
        population_value=share,
        population_low=low,
        population_high=high,
    )


def money(realised: str, expected: str, revenue: str) -> dict[str, Decimal]:
    return {
        "realised_contribution": Decimal(realised),
        "expected_contribution": Decimal(expected),
        "revenue": Decimal(revenue),
    }


def share(
    at: float, low: float, high: float, maturity: float, lost: float = 0.0
) -> dict[str, float]:
    return {
        "conversion": at,
        "conversion_low": low,
        "conversion_high": high,
        "maturity": maturity,
        "lost": lost,
    }


COMPANY_X_FUNNEL = (
    surveyed(Stage.CUSTOMER_AWARENESS, 0.61, 0.57, 0.65),
    surveyed(Stage.BRAND_AWARENESS, 0.23, 0.20, 0.27),
    row(Stage.BRAND_CONSIDERATION, 541, **money("4116", "9784", "17240")),
    row(
        Stage.BRAND_PREFERENCE,
        500,
        median_days=0.0167,
        **share(0.92, 0.90, 0.94, 1.0),
        **money("4116", "9144", "17240"),
    ),
    row(
        Stage.PURCHASE_INTENTION,
        115,
        observed=112,
        implied=3,
        **share(0.23, 0.198, 0.271, 0.96, 0.06),
        **money("4116", "2994", "17240"),
    ),
    row(
        Stage.PURCHASE,
        19,
        unknown_contribution_lines=2,
        **share(0.19, 0.13, 0.27, 0.62, 0.26),
        **money("4116", "610", "17240"),
    ),
    row(Stage.CUSTOMER_LOYALTY, 3, **share(0.16, 0.06, 0.38, 0.18), **money("684", "240", "1900")),
    row(Stage.CUSTOMER_ADVOCACY, 1, maturity=0.09, **money("336", "80", "1120")),
)


def leak(stage: Stage, lost: int, stalled: int, worth: str | None) -> LeakRow:
    value = None if worth is None else Decimal(worth)
    return LeakRow(
        stage=stage,
        owner=stage.default_owner,
        left=lost + stalled,
        lost=lost,
        stalled=stalled,
        value_per_entry=value,
        amount=None if value is None else (lost + stalled) * value,
        horizon_days=30,
    )


COMPANY_X_NOTES = (
    note(
        "refused_conversion",
        from_stage="customer_loyalty",
        stage="customer_advocacy",
        rows=1,
        reason="too_few",
        n=3,
        needed=5,
    ),
    note(
        "left_truncation",
        stage="purchase",
        from_stage="brand_consideration",
        date="2025-10-05",
        exposed=120,
        expected=8,
    ),
)


def by_channel(name: str | None, entered: tuple[int, ...], earned: str | None) -> list[FunnelRow]:
    rates = (
        {},
        share(0.9, 0.85, 0.94, 1.0),
        share(0.24, 0.19, 0.3, 0.95),
        share(0.2, 0.1, 0.35, 0.6),
    )
    return [
        row(
            stage,
            count,
            revenue=Decimal(earned) * 4 if earned else None,
            realised_contribution=Decimal(earned) if earned else None,
            dimensions={"channel": name},
            **rate,
        )
        for stage, count, rate in zip(STAGES[2:6], entered, rates, strict=True)
    ]


TEN_DEALS = DealsRow(
    won=3,
    lost=3,
    open=4,
    win_incidence=0.357143,
    win_incidence_low=0.12,
    win_incidence_high=0.69,
    lost_incidence=0.357143,
    won_of_closed=0.5,
    won_of_all=0.3,
    one_minus_km=0.444444,
    horizon_days=10,
    median_days=None,
    maturity=0.6,
)


def answer(measure: str, rows: object, notes: tuple[Note, ...] = ()) -> Answer:  # type: ignore[type-arg]
    return Answer(measure, tuple(rows), notes, 412, NOW, {"horizon_days": 30})  # type: ignore[arg-type]


def company_x() -> Report:
    """Company X of the reference pages, with names that try to break the page."""
    reasons = (
        LostReasonRow(Stage.PURCHASE_INTENTION, "delivery time", "customer", 22, 22 / 30),
        LostReasonRow(Stage.PURCHASE_INTENTION, "price", "salesperson", 5, 5 / 30),
        LostReasonRow(Stage.BRAND_PREFERENCE, None, None, 3, 3 / 30),
    )
    channels = (
        *by_channel("paid search", (301, 280, 66, 10), "2310"),
        *by_channel(AWKWARD, (120, 110, 30, 6), "1290"),
        *by_channel("unknown", (60, 55, 10, 2), "310"),
        *by_channel(None, (60, 55, 9, 1), None),
    )
    return Report(
        workspace="Company X",
        folder="company-x",
        calendar=Calendar("gregorian", ZONE),
        ledger_version=412,
        made_at=NOW,
        question=OCTOBER,
        funnel=answer("funnel", COMPANY_X_FUNNEL, COMPANY_X_NOTES),
        leaks=answer(
            "leaks",
            (
                leak(Stage.BRAND_PREFERENCE, 30, 355, "26.52"),
                leak(Stage.PURCHASE_INTENTION, 30, 28, "61.8261"),
                leak(Stage.BRAND_CONSIDERATION, 12, 29, "25.6932"),
            ),
        ),
        deals=answer("deals", (TEN_DEALS,)),
        lost_reasons=answer("lost_reasons", reasons),
        by_dimension=(answer("funnel", channels),),
        totals={"lead": 541, "deal": 118, "order_line": 76, "touch": 4210},
        quarantine=(
            QuarantineCount("lead", "bad_instant", 4),
            QuarantineCount("order_line", "brand_new_code", 1),
        ),
        notes=(
            Note(
                "lookalike",
                "segment: 'GTX Pro' and 'GTXPro' are probably the same.",
                {"column": "segment", "values": "GTX Pro\nGTXPro"},
            ),
        ),
    )


def without_money() -> Report:
    """Leads and won deals whose contribution nobody recorded; half of the funnel is empty."""
    entries = (None, None, 8000, 8000, 842, 842, 0, 0)
    rows = []
    for stage, entered in zip(STAGES, entries, strict=True):
        changed: dict[str, object] = {}
        if stage is Stage.PURCHASE:
            changed = {**share(0.09, 0.084, 0.097, 0.82), "revenue": Decimal("676851.48")}
        if stage in STAGES[6:]:
            changed = {"revenue": Decimal(0), "realised_contribution": Decimal(0)}
        rows.append(row(stage, entered, **changed))
    return replace(
        company_x(),
        workspace="Olist",
        folder="olist",
        calendar=Calendar("gregorian", "America/Sao_Paulo"),
        question=Question(now=NOW, currency="BRL"),
        funnel=answer("funnel", rows),
        leaks=answer("leaks", (leak(Stage.BRAND_PREFERENCE, 0, 6400, None),)),
        deals=answer("deals", (replace(TEN_DEALS, won=842, lost=0, open=0, win_incidence=None),)),
        lost_reasons=answer("lost_reasons", ()),
        by_dimension=(),
        quarantine=(),
        notes=(),
    )


def empty() -> Report:
    """A workspace into which nothing was imported."""
    rows = [row(stage, 0) for stage in STAGES]
    return replace(
        company_x(),
        ledger_version=0,
        question=Question(now=NOW),
        funnel=answer("funnel", rows),
        leaks=answer("leaks", ()),
        deals=answer("deals", ()),
        lost_reasons=answer("lost_reasons", ()),
        by_dimension=(),
        totals={},
        quarantine=(),
        notes=(),
    )


EXAMPLES = {"company_x": company_x, "without_money": without_money, "empty": empty}
