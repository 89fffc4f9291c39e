"""Small companies with all that goes wrong: ties, gaps, repeats, moves back, merged parties."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from onefunnel.vocabulary import DIMENSIONS, Calendar, Question

START = datetime(2024, 3, 1, tzinfo=UTC)
CALENDARS = (Calendar("gregorian", "Europe/Bucharest"), Calendar("solar_hijri", "Asia/Tehran"))
WORDS = (None, "web", "Web", "unknown", "ярмарка")
SIZES = ("0", "1", "-1", "2.5", "0.3333", "200000")
PRICES = ("0", "19.99", "100000", "0.0001", "12.3456")


@dataclass(frozen=True)
class Company:
    """Records by table, and a question to them."""

    records: dict[str, list[dict[str, Any]]]
    question: Question


# Few distinct instants, so that many are tied; some differ by less than a second.
instants = st.one_of(
    st.none(),
    st.builds(
        lambda day, second, micro: START + timedelta(days=day, seconds=second, microseconds=micro),
        st.integers(0, 60),
        st.sampled_from([0, 0, 0, 43_200, 86_399]),
        st.sampled_from([0, 0, 1, 999_999]),
    ),
)
words = st.sampled_from(WORDS)


def _pick(prefix: str, size: int, absent: bool = True) -> st.SearchStrategy[str | None]:
    names: list[str | None] = [f"{prefix}{number}" for number in range(size)]
    return st.sampled_from([None, *names] if absent else names)


def _decimals(values: tuple[str, ...]) -> st.SearchStrategy[Decimal | None]:
    return st.sampled_from([None, *map(Decimal, values)])


def _table(key: str, most: int, **columns: Any) -> st.SearchStrategy[list[dict[str, Any]]]:
    row = st.fixed_dictionaries(columns)
    # Left to itself, a list is short, and most cohorts too small for any figure.
    sizes = st.sampled_from([0, most // 2, most, most])
    rows = sizes.flatmap(lambda size: st.lists(row, min_size=size, max_size=size))
    return rows.map(lambda each: [{key: f"{key[0]}{n}", **row} for n, row in enumerate(each)])


STATUSES = (None, "open", "open", "won", "lost")
KINDS = ("offered", "assigned", "accepted", "rejected", "connected", "disqualified", "recycled")
party = _pick("p", 9)
currency = st.sampled_from([None, "EUR", "EUR", "USD", "VND", "XXX"])

records = st.fixed_dictionaries(
    {
        "party": _table("party_id", 9, segment=words).map(
            lambda rows: [{**row, "party_id": f"p{n}"} for n, row in enumerate(rows)]
        ),
        "touch": _table(
            "touch_id",
            22,
            party_id=party,
            occurred_at=instants,
            channel=st.sampled_from([*WORDS, "direct"]),
            source=words,
            kind=st.sampled_from(["visit", "visit", "click"]),
            intent=st.sampled_from([None, None, "quote", "trial"]),
            campaign=words,
            page=words,
        ),
        "lead": _table(
            "lead_id",
            10,
            party_id=party,
            created_at=instants,
            channel=words,
            campaign=words,
            page=words,
            segment=words,
        ),
        "handoff": _table(
            "handoff_id",
            8,
            lead_id=_pick("l", 12),
            occurred_at=instants,
            kind=st.sampled_from(KINDS),
            actor=words,
            reason=words,
            reason_source=st.sampled_from([None, "customer"]),
        ),
        "deal": _table(
            "deal_id", 8, party_id=party, lead_id=_pick("l", 12), owner=words, segment=words
        ),
        "deal_event": _table(
            "event_id",
            18,
            deal_id=_pick("d", 10),
            occurred_at=instants,
            status=st.sampled_from(STATUSES),
            amount=_decimals(PRICES),
            currency=currency,
            lost_reason=words,
            lost_reason_source=st.sampled_from([None, "salesperson"]),
        ).map(lambda rows: [{"deal_event_id": row.pop("event_id"), **row} for row in rows]),
        "order_line": _table(
            "order_line_id",
            12,
            order_id=_pick("o", 4),
            party_id=party,
            deal_id=_pick("d", 10),
            ordered_at=instants,
            quantity=_decimals(SIZES),
            net_price=_decimals(PRICES),
            unit_cost=_decimals(PRICES),
            currency=currency,
        ),
        "advocacy": _table(
            "advocacy_id",
            5,
            party_id=party,
            occurred_at=instants,
            kind=st.sampled_from(["review", "referral", "recommendation"]),
            score=st.sampled_from([None, 3.0, 4.0, 9.0]),
        ),
        "indicator": _table(
            "indicator_id",
            3,
            day=st.sampled_from([date(2024, 3, 1), date(2024, 3, 5)]),
            stage=st.sampled_from(["customer_awareness", "brand_preference", "no stage"]),
            measure=st.just("survey"),
            segment=words,
            value=st.sampled_from([None, 0.25, 1.0, 300.0]),
            respondents=st.sampled_from([None, 40]),
        ),
        "rate": _table(
            "rate_id",
            5,
            day=st.sampled_from([None, date(2024, 3, 1), date(2024, 3, 20), date(2024, 4, 10)]),
            currency=st.sampled_from(["EUR", "USD", "VND"]),
            base=st.sampled_from(["EUR", "USD", "VND"]),
            rate=_decimals(("0", "0.92", "1.0875", "27123.5", "0.00003687")),
        ),
    }
)


def stand_ins(records: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Every subject that the rows can have."""
    return [
        *(f"p{n}" for n in range(9)),
        *(f"lead:l{n}" for n in range(12)),
        *(f"deal:d{n}" for n in range(10)),
        *(f"order:o{n}" for n in range(4)),
        *(f"order_line:{row['order_line_id']}" for row in records["order_line"]),
    ]


def _questions(draw: st.DrawFn) -> Question:
    now = START + timedelta(days=draw(st.integers(40, 90)), seconds=3_600)
    start = draw(st.sampled_from([None, None, START + timedelta(days=10)]))
    end = draw(st.sampled_from([None, None, START + timedelta(days=45)]))
    by = draw(st.sampled_from([(), (), *((name,) for name in DIMENSIONS), ("owner", "channel")]))
    calendar = draw(st.sampled_from(CALENDARS))
    return Question(
        now=now,
        start=start,
        end=end,
        by=by,
        horizon_days=draw(st.sampled_from([5, 14, 30])),
        months=tuple(calendar.months(START, START + timedelta(days=45))),
    )


@st.composite
def companies(draw: st.DrawFn) -> Company:
    """A company, some of whose parties are one, and a question."""
    drawn = draw(records)
    subjects = stand_ins(drawn)
    merged = draw(st.dictionaries(st.integers(0, 20), st.integers(0, 8), max_size=4))
    drawn["entity"] = [
        {"party_id": name, "entity_code": merged.get(code, code)}
        for code, name in enumerate(subjects)
    ]
    return Company(drawn, _questions(draw))
