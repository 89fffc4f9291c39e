"""What buyers order: the first time and again, in exact amounts."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from onefunnel.simulator.columns import (
    constant,
    identifiers,
    instants,
    money,
    prefixed,
    quantities,
    rows,
)
from onefunnel.simulator.delays import Flags, Integers, seconds
from onefunnel.simulator.people import OWN, SECOND
from onefunnel.simulator.prices import catalogue, discounts, net_prices
from onefunnel.simulator.selling import MOST_ORDERS, Outcome, Selling
from onefunnel.simulator.setting import Setting
from onefunnel.simulator.streams import Stream, generator
from onefunnel.simulator.touches import PARTY_PREFIXES


@dataclass(frozen=True, slots=True)
class Orders:
    """The order lines of an atom before the cut, a line an order; arrays over them.

    ``lead`` is the position among the atom's leads, ``ordinal`` 1 for the first order of a person.
    Amounts are in ten-thousandths, of a unit.
    """

    lead: Integers
    ordinal: Integers
    at: Integers
    product: Integers
    quantity: Integers
    list_price: Integers
    net_price: Integers
    unit_cost: Integers
    cost_known: Flags

    def __len__(self) -> int:
        return len(self.lead)

    @property
    def revenue(self) -> Integers:
        """Revenue of each line, in ten-thousandths."""
        return self.quantity * self.net_price

    @property
    def contribution(self) -> Integers:
        """Contribution of each line, in ten-thousandths; not known where the cost is not."""
        return self.quantity * (self.net_price - self.unit_cost)


def orders(setting: Setting, deals: Selling, atom: int) -> Orders:
    """The orders of an atom's leads. ``deals`` are those of the atom."""
    goods, scenario = catalogue(setting.scenario), setting.scenario
    lead = np.repeat(np.arange(len(deals)), deals.orders)
    firsts = np.cumsum(deals.orders) - deals.orders
    ordinal = np.arange(len(lead)) - np.repeat(firsts, deals.orders) + 1
    rng = generator(scenario.seed, Stream.ORDERS, atom)
    # Numbers for all orders that there could be: those of one lead don't depend on the others'.
    when, what, told = rng.random((3, len(deals), MOST_ORDERS))[:, lead, ordinal - 1]
    wait = np.where(ordinal > 2, seconds(scenario.reorder_delay, when), 0)
    waited = np.cumsum(wait)
    since = waited - np.repeat(waited[firsts[deals.orders > 0]], deals.orders[deals.orders > 0])
    at = np.where(ordinal == 1, deals.bought_at[lead], deals.loyal_at[lead] + since)
    segment = deals.segment[lead]
    other = goods.starts[segment] + np.floor(what * goods.sizes[segment]).astype(np.int64)
    product = np.where(ordinal == 1, deals.product[lead], other)
    known = told >= scenario.unknown_cost
    # The first price was bargained for; afterwards there is only what follows the size.
    again = discounts(scenario, goods, product, np.zeros(len(product)))
    discount = np.where(ordinal == 1, deals.discount[lead], again)
    kept = at < setting.end
    product, discount = product[kept], discount[kept]
    return Orders(
        lead[kept],
        ordinal[kept],
        at[kept],
        product,
        np.ones(int(kept.sum()), np.int64),
        goods.list_price[product],
        net_prices(scenario, goods, product, discount),
        goods.unit_cost[product],
        known[kept],
    )


def order_table(setting: Setting, deals: Selling, made: Orders, second: Flags) -> pa.Table:
    """The rows of ``order_line``; ``second`` says which leads have a second record."""
    person, first = deals.person[made.lead], made.ordinal == 1
    number = person * 100 + made.ordinal
    by_deal = first & (deals.outcome[made.lead] == Outcome.WON)
    record = np.where(second[made.lead] & ~first, SECOND, OWN)
    return rows(
        "order_line",
        {
            "order_line_id": identifiers("i", number),
            "order_id": identifiers("o", number),
            "party_id": prefixed(PARTY_PREFIXES, record, person),
            "deal_id": identifiers("d", person, by_deal),
            "ordered_at": instants(setting, made.at),
            "sku": identifiers("s", made.product + 1),
            "quantity": quantities(made.quantity),
            "list_price": money(made.list_price),
            "net_price": money(made.net_price),
            "unit_cost": money(made.unit_cost, made.cost_known),
            "currency": constant(setting.scenario.money, len(made)),
            "seller": identifiers("e", deals.owner[made.lead] + FIRST_SELLER, by_deal),
        },
    )


FIRST_SELLER = 11
"""The number of the first salesperson; the others of the staff come before."""
