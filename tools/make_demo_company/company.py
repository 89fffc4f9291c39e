"""All of Company X, put together: the files by their names."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from tools.make_demo_company import handing, inside, money, names, orders, people, trade, visits
from tools.make_demo_company.book import COLUMNS, Book
from tools.make_demo_company.calendar import MONTHS, at_work, later, local
from tools.make_demo_company.chance import Chance
from tools.make_demo_company.orders import Customer
from tools.make_demo_company.people import Lead
from tools.make_demo_company.selling import sell_to_firm
from tools.make_demo_company.trade import GATES

FOLDER = Path(__file__).parents[2] / "src" / "onefunnel" / "demo" / "company-x"

UNREADABLE = {
    3: "x1,p41,31.02.2025,review,5,",
    9: "x2,p77,2025-02-11T09:20:00Z,reveiw,4,",
    15: "x3,p102,2025-03-05T17:45:00Z,review,five stars,",
    22: ",p150,2025-04-02T08:10:00Z,recommendation,9,",
    30: "x4,p188,2025-04-22T12:00:00Z,recomendation,10,",
    38: "x5,p230,yesterday,review,3,",
    47: "x6,p301",
}
"""Lines of the hand-kept list of reviews that can't be read, and where they stand in it."""


def make() -> dict[str, str]:
    """Every file of the company by its name; the same each time."""
    book = Book()
    money.products(book)
    money.rates(book)
    money.spending(book)
    money.promotions(book)
    money.surveys(book)
    inside.staff(book)
    inside.months(book)
    inside.weeks(book)
    visits.visitors(book)
    leads = people.leads(book)
    customers = [each for lead in leads if (each := handing.hand_over(book, lead))]
    for customer in customers:
        orders.afterwards(book, customer)
    _installers(book)
    _referrals(book, customers, leads)
    _strangers(book, customers, leads)
    files = {f"{table}.csv": book.text(table) for table in COLUMNS}
    files["advocacy.csv"] = _with_unreadable(files["advocacy.csv"])
    return files


def _installers(book: Book) -> None:
    """Firms that sales has always known buy gates without any lead."""
    for number, _ in enumerate(names.firms(), start=1):
        for place, month in enumerate(MONTHS):
            chance = Chance("installer", number, place)
            if chance.happens(0.2):
                day = month + timedelta(days=chance.whole(0, 27))
                at = at_work(local(day, chance.between(9, 17)), chance)
                sell_to_firm(book, f"o{number}", trade.FIRST_SELLER, at, chance)


def _referrals(book: Book, customers: list[Customer], leads: list[Lead]) -> None:
    """Some who came straight to the company were sent by a customer."""
    brought: set[str] = set()
    for customer in customers:
        chance = Chance("referral", customer.number)
        said = later(customer.at, 3 + chance.waiting(15))
        if chance.happens(0.07) and (friend := _friend(leads, customer, said, brought)):
            orders.speak(book, customer.party_id, said, "referral", None, friend)
            brought.add(friend)


def _friend(leads: list[Lead], customer: Customer, said: datetime, taken: set[str]) -> str | None:
    for lead in leads:
        near = said < lead.at < later(said, 30)
        new = lead.party_id not in taken and lead.party_id == f"p{lead.number}"
        if near and new and lead.origin == trade.DIRECT and lead.party_id != customer.party_id:
            return lead.party_id
    return None


def _strangers(book: Book, customers: list[Customer], leads: list[Lead]) -> None:
    """A few speak who never bought: nobody called them back."""
    bought = {customer.party_id for customer in customers}
    waiting = [lead for lead in leads if lead.segment != GATES and lead.party_id not in bought]
    for lead in waiting[200:2000:280]:
        chance = Chance("stranger", lead.number)
        at = later(lead.at, 20 + chance.waiting(10))
        orders.speak(book, lead.party_id, at, "review", chance.whole(1, 2))


def _with_unreadable(text: str) -> str:
    lines = text.splitlines()
    for line, broken in UNREADABLE.items():
        lines.insert(line - 1, broken)
    return "\n".join(lines) + "\n"
