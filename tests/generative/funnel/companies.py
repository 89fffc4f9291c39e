"""Small companies with all that goes wrong: ties, gaps, repeats, moves back, merged parties.

People go through the funnel more or less as people do, so that cohorts are large enough to give
figures; then records lose their instants, parties and parents, or say something odd. Hypothesis
chooses how many people there are, how much is spoilt, and the seed of the rest: a failing company
shrinks to few people and little damage.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import strategies as st

from onefunnel.vocabulary import DIMENSIONS, Calendar, Question

START = datetime(2024, 3, 1, tzinfo=UTC)
CALENDARS = (Calendar("gregorian", "Europe/Bucharest"), Calendar("solar_hijri", "Asia/Tehran"))
WORDS = (None, "web", "Web", "unknown", "ярмарка")
INTENTS = (None, "quote", "trial")
KINDS = ("offered", "assigned", "accepted", "rejected", "connected", "disqualified", "recycled")
CURRENCIES = (None, "EUR", "EUR", "EUR", "USD", "VND", "XXX")
QUANTITIES = ("1", "1", "3", "0", "-1", "2.5", "0.3333", "200000")
PRICES = ("19.99", "12.3456", "0", "0.0001", "100000")
RATES = ("0", "0.92", "1.0875", "27123.5", "0.00003687")

Row = dict[str, Any]


class Records(dict[str, list[Row]]):
    """Records by table, printed as how many there are: the seed that made them is told beside.

    Hypothesis warns of a long print, a warning is an error, and it would hide what went wrong.
    """

    def __repr__(self) -> str:
        return f"<{', '.join(f'{len(rows)} {name}' for name, rows in self.items())}>"


@dataclass(frozen=True)
class Company:
    """Records by table, and a question to them."""

    records: dict[str, list[Row]]
    question: Question

    def __post_init__(self) -> None:
        object.__setattr__(self, "records", Records(self.records))


class Maker:
    """Writes the records of one company; ``damage`` is the share of values that are spoilt."""

    def __init__(self, seed: int, people: int, damage: float) -> None:
        self.random = Random(seed)
        self.damage = damage
        self.tables: dict[str, list[Row]] = {
            name: []
            for name in (
                "party",
                "touch",
                "lead",
                "handoff",
                "deal",
                "deal_event",
                "order_line",
                "advocacy",
                "indicator",
                "rate",
            )
        }
        for number in range(people):
            self.person(f"p{number}")
        self.surroundings()

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def spoilt(self, value: Any) -> Any:
        return None if self.chance(self.damage) else value

    def word(self) -> str | None:
        return self.random.choice(WORDS)

    def money(self) -> Decimal | None:
        return self.spoilt(Decimal(self.random.choice(PRICES)))

    def add(self, table: str, key: str, **values: Any) -> str:
        # Keys of mixed case: engines must not order them by a language's rules.
        name = f"{self.random.choice('aBcD')}{len(self.tables[table])}"
        self.tables[table].append({key: name, **values})
        return name

    def later(self, instant: datetime, most: int) -> datetime:
        """Some whole days later, often at the same instant; now and then before."""
        days = self.random.choice(
            [0, 0, self.random.randint(0, most), self.random.randint(-5, most)]
        )
        odd = self.random.choice([0, 0, 0, 1, 999_999, 43_200_000_000, 86_399_999_999])
        return instant + timedelta(days=days, microseconds=odd)

    def person(self, party: str) -> None:
        at = START + timedelta(days=self.random.randint(0, 40))
        if self.chance(0.8):
            self.add("party", "unused", party_id=party, segment=self.word())
        for _ in range(self.random.randint(0, 4)):
            self.touch(party, self.later(at, 20))
        if self.chance(0.8):
            lead = self.lead(party, self.later(at, 10))
            if self.chance(0.7):
                self.deal(party, lead, self.later(at, 15))
        if self.chance(0.3):
            self.order(party, None, self.later(at, 30))
        if self.chance(0.3):
            self.advocacy(party, self.later(at, 60))

    def touch(self, party: str, at: datetime) -> None:
        self.add(
            "touch",
            "touch_id",
            party_id=self.spoilt(party),
            occurred_at=self.spoilt(at),
            channel=self.random.choice([*WORDS, "direct"]),
            source=self.word(),
            kind=self.kind(),
            intent=self.random.choice(INTENTS),
            campaign=self.word(),
            page=self.word(),
        )

    def kind(self) -> str:
        """The kind of the next touch. What is an answer is not drawn: all else of a seed stays."""
        kind = self.random.choice(["visit", "visit", "click"])
        is_answer = kind == "click" and len(self.tables["touch"]) % 3 == 0
        return "self_report" if is_answer else kind

    def lead(self, party: str, at: datetime) -> str:
        lead = self.add(
            "lead",
            "lead_id",
            party_id=self.spoilt(party),
            created_at=self.spoilt(at),
            channel=self.word(),
            campaign=self.word(),
            page=self.word(),
            segment=self.word(),
        )
        for _ in range(self.random.randint(0, 2)):
            self.add(
                "handoff",
                "handoff_id",
                lead_id=self.spoilt(self.dangling(lead)),
                occurred_at=self.spoilt(self.later(at, 10)),
                kind=self.random.choice(KINDS),
                actor=self.word(),
                reason=self.word(),
                reason_source=self.random.choice([None, "customer"]),
            )
        return lead

    def dangling(self, key: str) -> str:
        return f"missing {key}" if self.chance(self.damage / 2) else key

    def deal(self, party: str, lead: str, at: datetime) -> None:
        deal = self.add(
            "deal",
            "deal_id",
            party_id=self.spoilt(party),
            lead_id=self.spoilt(self.dangling(lead)),
            owner=self.word(),
            segment=self.word(),
        )
        path = self.random.choice(["open", "open won", "open lost", "open won", "won", "lost open"])
        for status in path.split():
            self.deal_event(deal, status, at)
            at = self.later(at, 20)
        if path.endswith("won") and self.chance(0.7):
            for _ in range(self.random.randint(1, 3)):
                self.order(party, deal, self.later(at, 20))

    def deal_event(self, deal: str, status: str, at: datetime) -> None:
        self.add(
            "deal_event",
            "deal_event_id",
            deal_id=self.spoilt(self.dangling(deal)),
            occurred_at=self.spoilt(at),
            status=self.spoilt(status),
            amount=self.money(),
            currency=self.random.choice(CURRENCIES),
            lost_reason=self.word(),
            lost_reason_source=self.random.choice([None, "salesperson"]),
        )

    def order(self, party: str, deal: str | None, at: datetime) -> None:
        self.add(
            "order_line",
            "order_line_id",
            order_id=self.spoilt(f"o{self.random.randint(0, 30)}"),
            party_id=self.spoilt(party),
            deal_id=deal and self.spoilt(self.dangling(deal)),
            ordered_at=self.spoilt(at),
            quantity=self.spoilt(Decimal(self.random.choice(QUANTITIES))),
            net_price=self.money(),
            unit_cost=self.money(),
            currency=self.random.choice(CURRENCIES),
        )

    def advocacy(self, party: str, at: datetime) -> None:
        self.add(
            "advocacy",
            "advocacy_id",
            party_id=self.spoilt(party),
            occurred_at=self.spoilt(at),
            kind=self.random.choice(["review", "referral", "recommendation"]),
            score=self.spoilt(float(self.random.randint(3, 10))),
        )

    def surroundings(self) -> None:
        """Exchange rates, some twice a day, and measures of the population."""
        for _ in range(self.random.randint(0, 6)):
            self.add(
                "rate",
                "rate_id",
                day=self.random.choice([date(2024, 2, 1), date(2024, 3, 20), None]),
                currency=self.random.choice(["EUR", "USD", "VND"]),
                base=self.random.choice(["EUR", "USD", "VND"]),
                rate=Decimal(self.random.choice(RATES)),
            )
        for _ in range(self.random.randint(0, 4)):
            self.add(
                "indicator",
                "indicator_id",
                day=self.random.choice([date(2024, 3, 1), date(2024, 3, 5), None]),
                stage=self.random.choice(["customer_awareness", "brand_preference", "none"]),
                measure="survey",
                segment=self.word(),
                value=self.random.choice([None, 0.25, 1.0, 300.0]),
                respondents=self.random.choice([None, 40]),
            )

    def entity(self) -> list[Row]:
        """Every subject that a row can have, some of them the same."""
        keys = {
            name: [str(next(iter(row.values()))) for row in rows]
            for name, rows in self.tables.items()
        }
        subjects = [
            *sorted({row["party_id"] for row in self.tables["party"]} | self._parties()),
            *(f"lead:{missing}{key}" for key in keys["lead"] for missing in ("", "missing ")),
            *(f"deal:{missing}{key}" for key in keys["deal"] for missing in ("", "missing ")),
            *(f"order:o{number}" for number in range(31)),
            *(f"order_line:{key}" for key in keys["order_line"]),
        ]
        same = {
            self.random.randrange(len(subjects)): self.random.randrange(len(subjects))
            for _ in range(self.random.randint(0, 5))
        }
        return [
            {"party_id": name, "entity_code": same.get(code, code)}
            for code, name in enumerate(subjects)
        ]

    def _parties(self) -> set[str]:
        tables = ("touch", "lead", "deal", "order_line", "advocacy")
        return {row["party_id"] for name in tables for row in self.tables[name] if row["party_id"]}


def _question(random: Random) -> Question:
    calendar = random.choice(CALENDARS)
    by = random.choice([(), (), (), *((name,) for name in DIMENSIONS), ("owner", "channel")])
    return Question(
        now=START + timedelta(days=random.randint(40, 100), seconds=3_600),
        start=random.choice([None, None, START + timedelta(days=10)]),
        end=random.choice([None, None, START + timedelta(days=45)]),
        by=by,
        horizon_days=random.choice([5, 14, 30]),
        months=tuple(calendar.months(START, START + timedelta(days=45))),
    )


def company(seed: int, people: int, damage: float) -> Company:
    """The company of a seed, and a question."""
    maker = Maker(seed, people, damage)
    for row in maker.tables["party"]:
        del row["unused"]
    records = {**maker.tables, "entity": maker.entity()}
    return Company(records, _question(maker.random))


def companies() -> st.SearchStrategy[Company]:
    """Companies of up to forty people."""
    return st.builds(
        company,
        st.integers(0, 2**32),
        st.integers(0, 40),
        st.sampled_from([0.0, 0.05, 0.2]),
    )
