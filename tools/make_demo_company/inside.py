"""What happens inside the company: staff, targets, meetings, messages, approvals, other money."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from tools.make_demo_company import trade
from tools.make_demo_company.book import Book
from tools.make_demo_company.calendar import MONTHS, days, later, local
from tools.make_demo_company.chance import Chance

TARGETS = (
    ("marketing", "leads", 220),
    ("marketing", "cost_per_lead", 6),
    ("sales", "revenue", 24_000),
    ("sales", "deals_won", 16),
)
"""Each department meets its own; none of them asks what a lead brings."""

MESSAGES = {
    ("marketing", "sales"): 46,
    ("sales", "marketing"): 9,
    ("sales", "support"): 31,
    ("support", "sales"): 38,
    ("marketing", "management"): 14,
    ("sales", "management"): 17,
}
APPROVALS = {"campaign": "marketing", "discount": "sales", "new form": "marketing"} | {
    "price list": "sales",
    "trade fair": "marketing",
}
SAVED = (
    ("support", "repairs sold on the telephone", 310, "service log"),
    ("procurement", "cheaper photocells", 540, "supplier contract"),
    ("legal", "claim averted", 900, "file 14"),
    ("finance", "early payment discount", 180, "bank statements"),
)
TASKS = {"campaign": 150, "page": 120, "newsletter": 90, "lead list": 60, "report": 75}


def staff(book: Book) -> None:
    """Who works in the company."""
    for key, name, department, role, manager, first, last, hours in trade.STAFF:
        book.add(
            "employee",
            employee_id=key,
            name=name,
            department=department,
            role=role,
            manager=manager,
            active_from=first,
            active_to=last,
            weekly_hours=hours,
        )


def months(book: Book) -> None:
    """What there is once a month: targets, messages, money of other functions."""
    for place, month in enumerate(MONTHS):
        chance = Chance("month", place)
        for department, measure, value in TARGETS:
            period = f"{month:%Y-%m}"
            book.add("target", period=period, department=department, measure=measure, value=value)
        for (sender, receiver), messages in MESSAGES.items():
            _messages(book, month, sender, receiver, messages, chance)
        _approvals(book, month, place, chance)
        department, kind, amount, evidence = SAVED[place % len(SAVED)]
        day = month + timedelta(days=chance.whole(8, 24))
        money = Decimal(f"{chance.around(amount):.2f}")
        book.add(
            "contribution",
            day,
            day=day,
            department=department,
            kind=kind,
            amount=money,
            currency="EUR",
            evidence=evidence,
        )


def weeks(book: Book) -> None:
    """What there is every week: meetings of each department, rarely of both; marketing's work."""
    for day in days():
        chance = Chance("day", day.isoformat())
        if day.weekday() == 0:
            _meeting(book, day, "sales", "sales", 1, chance.whole(3, 4), 30)
            _meeting(book, day, "marketing", "marketing", 1, 3, 45)
        if day.weekday() == 3 and day.day <= 7:
            heads = 2 if chance.happens(0.35) else 1
            _meeting(book, day, "leads", "marketing;sales", heads, chance.whole(3, 7), 60)
        if day.weekday() in (1, 3):
            _marketing_work(book, day, chance)


def _marketing_work(book: Book, day: date, chance: Chance) -> None:
    task = chance.one_of(list(TASKS))
    at = local(day, chance.between(9, 16))
    book.add(
        "activity",
        at,
        occurred_at=at,
        actor=chance.one_of(trade.MARKETERS),
        department="marketing",
        task=task,
        subject_kind="campaign",
        subject_id=chance.one_of(("gates-search", "parts-search", "remote-sale", "dream-gate")),
        minutes=round(chance.around(TASKS[task])),
    )


def _meeting(
    book: Book, day: date, kind: str, departments: str, heads: int, people: int, minutes: int
) -> None:
    at = local(day, 10)
    book.add(
        "meeting",
        at,
        occurred_at=at,
        kind=kind,
        departments=departments,
        heads_present=heads,
        participants=people,
        minutes=minutes,
    )


def _messages(
    book: Book, month: date, sender: str, receiver: str, messages: int, chance: Chance
) -> None:
    for via, share in ((True, 0.6), (False, 0.4)):
        book.add(
            "message_flow",
            month,
            period=month,
            from_department=sender,
            to_department=receiver,
            via_manager=via,
            messages=round(chance.around(messages * share)),
        )


def _approvals(book: Book, month: date, place: int, chance: Chance) -> None:
    """Four decisions a month; each takes a little more than a year ago."""
    for number in range(4):
        kind = chance.one_of(list(APPROVALS))
        opened = local(month + timedelta(days=3 + 6 * number), chance.between(9, 17))
        needed = 2 + round(place / 6 + chance.between(0, 1))
        refused = 1 if kind == "discount" and chance.happens(0.3) else 0
        closed = later(opened, needed * chance.between(0.8, 2.2))
        book.add(
            "approval",
            opened,
            decision_id=book.new("dec"),
            opened_at=opened,
            closed_at=closed,
            kind=kind,
            requested_by_department=APPROVALS[kind],
            approvals=needed,
            refused=refused,
            participants=needed + chance.whole(1, 3),
            amount=chance.whole(2, 40) * 50,
        )
