"""Who works in the company."""

import numpy as np
import pyarrow as pa

from onefunnel.simulator.columns import coded, days, identifiers, ratios, rows
from onefunnel.simulator.orders import FIRST_SELLER
from onefunnel.simulator.selling import hours_a_day, sellers
from onefunnel.simulator.setting import Setting
from onefunnel.simulator.streams import Stream, generator

DIRECTOR, HEAD_OF_MARKETING, HEAD_OF_SALES = 1, 2, 3
MARKETERS = tuple(range(4, 8))
SUPPORT = (8, 9, 10)
OFFICE_HOURS = 40.0


def staff(setting: Setting) -> list[int]:
    """The numbers of all employees: the director, the heads, marketers, support, salespeople."""
    selling = range(FIRST_SELLER, FIRST_SELLER + sellers(setting))
    return [DIRECTOR, HEAD_OF_MARKETING, HEAD_OF_SALES, *MARKETERS, *SUPPORT, *selling]


def employee_table(setting: Setting) -> pa.Table:
    """The rows of ``employee``. The weekly hours of salespeople are all for selling."""
    numbers = np.asarray(staff(setting))
    words = setting.scenario.words
    rng = generator(setting.scenario.seed, Stream.OFFICE)
    names = rng.permutation(len(words.people))[: len(numbers)]
    sells = numbers >= FIRST_SELLER
    hours = 7 * hours_a_day(setting) / sellers(setting)
    department = np.select(
        [numbers == DIRECTOR, np.isin(numbers, SUPPORT), sells | (numbers == HEAD_OF_SALES)],
        [2, 3, 1],
        0,
    )
    manager = np.select([np.isin(numbers, MARKETERS), sells], [HEAD_OF_MARKETING, HEAD_OF_SALES], 1)
    role = np.where(numbers == DIRECTOR, 0, np.where(numbers <= HEAD_OF_SALES, 1, 2))
    roles = [words.office[name] for name in ("director", "head", "member")]
    return rows(
        "employee",
        {
            "employee_id": identifiers("e", numbers),
            "name": coded(words.people, names),
            "department": coded(("marketing", "sales", "management", "support"), department),
            "role": coded(roles, role),
            "manager": identifiers("e", manager, numbers != DIRECTOR),
            "active_from": days(setting, np.zeros(len(numbers), np.int64)),
            "weekly_hours": ratios(np.where(sells, hours, OFFICE_HOURS)),
        },
    )
