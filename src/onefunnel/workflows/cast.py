"""The cast of the sample company: one person in every role, by names of each language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from onefunnel.simulator.names import LANGUAGES
from onefunnel.simulator.orders import FIRST_SELLER
from onefunnel.simulator.staff import (
    DIRECTOR,
    HEAD_OF_MARKETING,
    HEAD_OF_SALES,
    MARKETERS,
    SUPPORT,
)
from onefunnel.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the sample company who may sign in; ``employee_id`` empty: not in the records."""

    role: Role
    name: str
    employee_id: str


EMPLOYEES: Mapping[Role, int] = {
    Role.DIRECTOR: DIRECTOR,
    Role.HEAD_OF_MARKETING: HEAD_OF_MARKETING,
    Role.HEAD_OF_SALES: HEAD_OF_SALES,
    Role.MARKETING: MARKETERS[0],
    Role.SALES: FIRST_SELLER,
    Role.EMPLOYEE: SUPPORT[0],
}

NAMES: Mapping[str, tuple[str, ...]] = {
    "en": (
        "Ana Ionescu",
        "Martha Reeve",
        "Daniel Turner",
        "Kate Norris",
        "Adam Baker",
        "Nora Ellis",
        "Helen Carter",
        "Oliver Young",
    ),
    "ro": (
        "Ana Ionescu",
        "Elena Dobre",
        "Radu Marinescu",
        "Ioana Florea",
        "Mihai Barbu",
        "Irina Avram",
        "Laura Georgescu",
        "Dan Enache",
    ),
    "ru": (
        "Анна Белова",
        "Елена Громова",
        "Алексей Данилов",
        "Дарья Егорова",
        "Михаил Жуков",
        "Ирина Власова",
        "Ольга Андреева",
        "Борис Ильин",
    ),
    "fa": (
        "شیرین احمدی",
        "سارا حسینی",
        "بهرام اکبری",
        "زهرا امینی",
        "رضا جعفری",
        "پریسا باقری",
        "الهام توکلی",
        "سعید خسروی",
    ),
    "vi": (
        "Lê Thị Anh",
        "Đỗ Thị Hạnh",
        "Hoàng Văn Dũng",
        "Bùi Thị Giang",
        "Cao Văn An",
        "Dương Thị Hoa",
        "Lâm Thị Bích",
        "Hồ Văn Hải",
    ),
}
"""Names of the cast by language, in the order of the roles."""


def cast(language: str) -> tuple[Member, ...]:
    """Who of the sample company may sign in, one in every role.

    >>> cast("ro")[0]
    Member(role=<Role.DIRECTOR: 'director'>, name='Ana Ionescu', employee_id='e1')
    """
    named = zip(Role, NAMES[language], strict=True)
    return tuple(Member(role, name, _employee(role)) for role, name in named)


def _employee(role: Role) -> str:
    return f"e{EMPLOYEES[role]}" if role in EMPLOYEES else ""


def settings_of(language: str) -> dict[str, Any]:
    """What a workspace of the sample company is set to, by its language."""
    made = LANGUAGES[language]
    return {
        "name": "Company X",
        "currency": made.currency,
        "timezone": made.zone,
        "language": language,
        "calendar_name": made.calendar,
        "country": made.country,
    }
