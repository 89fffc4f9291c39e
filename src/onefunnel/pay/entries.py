"""When each sale counts, and from when on it is known: returns go with their sales."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from onefunnel.pay.credits import Sale
from onefunnel.pay.families import Family
from onefunnel.pay.plan import Plan


class Entry(NamedTuple):
    """A sale as it counts from the month of a day on, with what it returns.

    ``by`` is 1; -1 where it no longer counts so, for what it returns has become known; ``passing``
    says that it counts so only until then.
    """

    known: date
    sale: Sale
    returned: Sale | None = None
    by: int = 1
    passing: bool = False


def entries(family: Family, sales: Mapping[str, Sale], remarks: dict[str, int]) -> Iterator[Entry]:
    """The sales of the versions' events, each return with its sale, on the day it counts for.

    A return goes to those who sold it. Within the time of clawback it counts on the day of the
    sale, later it is left out. One that is dated before its sale counts on its own day until that
    is known.
    """
    for sale in sales.values():
        returned = sales.get(sale.returns) if sale.returns is not None else None
        if returned is None:
            if sale.returns is not None and _plan_at(family, sale.day, sale) is not None:
                remarks["return_of_unknown_sale"] += 1
            if _plan_at(family, sale.day, sale) is not None:
                yield Entry(sale.day, sale)
        else:
            known = max(sale.day, returned.day)
            if known > sale.day and _plan_at(family, sale.day, sale) is not None:
                yield Entry(sale.day, sale, passing=True)
                yield Entry(known, sale, by=-1, passing=True)
            dated = _dated(family, sale, returned, remarks)
            if dated is not None and _plan_at(family, dated.day, dated) is not None:
                yield Entry(known, dated, returned)


def _dated(family: Family, sale: Sale, returned: Sale, remarks: dict[str, int]) -> Sale | None:
    """A return on the day it counts for; None where it came after the time of clawback."""
    plan = _plan_at(family, returned.day, returned)
    within = None if plan is None else plan.clawback_days
    if within is not None and (sale.day - returned.day).days > within:
        remarks["return_after_clawback"] += 1
        return None
    day = sale.day if within is None else returned.day
    return replace(sale, day=day, sellers=returned.sellers)


def _plan_at(family: Family, day: date, sale: Sale) -> Plan | None:
    """The version in effect on a day, if it counts sales of this event."""
    place = family.at(day)
    plan = None if place is None else family.versions[place]
    return plan if plan is not None and plan.crediting is sale.event else None
