"""From rows of credited sales to what the pay engine takes: lots where it can be, else sales."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from onefunnel.measures.payouts.plans import Purse
from onefunnel.pay.credits import Lot, Sale, Seller
from onefunnel.pay.periods import DAY, month_of
from onefunnel.pay.plan import ZERO, Event
from onefunnel.vocabulary import Calendar

Ints = npt.NDArray[np.int64]
EPOCH = date(1970, 1, 1)
FIGURES = ("quantity", "revenue", "contribution")
MAY_LACK = (*FIGURES, "product", "segment")
AT_ONCE = 20_000
OTHER = ""
"""Stands for products and segments that no plan names."""


@dataclass(frozen=True, slots=True)
class Book:
    """The sales of one purse; ``not_whole`` are those whose shares can't be: they are left out."""

    sales: tuple[Sale, ...]
    lots: tuple[Lot, ...]
    not_whole: tuple[str, ...] = ()


def book(table: pa.Table, purse: Purse, calendar: Calendar) -> Book:
    """The sales of a table of :func:`onefunnel.measures.payouts.sales.credited`.

    Sales of one seller alone are added up where no plan can tell them apart: of one seller, from
    one day on which some plan, member or window changes to the next, with the same of the products
    and segments that plans name.
    """
    if not table.num_rows:
        return Book((), ())
    days = local_days(table["at"], calendar)
    plain = pc.fill_null(table["plain"], False)
    dated = table.append_column("day", pa.array(days))
    lots = tuple(_lots(dated.filter(plain), purse, calendar))
    sales, not_whole = [], []
    for each in _each(dated.filter(pc.invert(plain))):
        if _is_whole(each):
            sales.append(each)
        else:
            not_whole.append(each.sale_id)
    return Book(tuple(sales), lots, tuple(not_whole))


def local_days(instants: pa.ChunkedArray, calendar: Calendar) -> Ints:
    """The local day of each instant, in days since 1970."""
    at = np.asarray(instants.cast(pa.timestamp("us", "UTC")).cast(pa.int64()).to_numpy())
    ends = instants.cast(pa.timestamp("us", "UTC"))
    first = calendar.local_day(pc.min(ends).as_py()).toordinal()
    last = calendar.local_day(pc.max(ends).as_py()).toordinal()
    begins = [calendar.start_of_day(date.fromordinal(day)) for day in range(first, last + 1)]
    starts = np.array([each.replace(tzinfo=None) for each in begins], dtype="datetime64[us]")
    place = np.searchsorted(starts.astype(np.int64), at, side="right") - 1
    return np.asarray(place + (first - EPOCH.toordinal()), dtype=np.int64)


def _lots(table: pa.Table, purse: Purse, calendar: Calendar) -> Iterator[Lot]:
    if not table.num_rows:
        return
    changes = _changes(table["day"], purse, calendar)
    stretch = np.searchsorted(changes, table["day"].to_numpy(), side="right") - 1
    components = [each for plan in purse.plans for each in plan.components]
    keyed = pa.table(
        {
            "sale_id": table["sale_id"],
            "event": table["event"],
            "employee_id": table["employee_id"],
            "product": _told(table["product"], (n for c in components for n in c.products)),
            "segment": _told(table["segment"], (n for c in components for n in c.segments)),
            "stretch": pa.array(stretch),
            **{f"no_{name}": pc.is_null(table[name]) for name in FIGURES},
            **{name: table[name] for name in FIGURES},
            "sign": _signs(table["quantity"]),
        }
    )
    keys = [name for name in keyed.column_names[1:] if name not in (*FIGURES, "sign")]
    sums = [(name, "sum") for name in (*FIGURES, "sign")]
    added = keyed.group_by(keys).aggregate([*sums, ("sign", "count")])
    named = _first_ids(keyed, keys)
    for row in added.to_pylist():
        key = tuple(row[name] for name in keys)
        yield _lot(row, named.get(key, ""), EPOCH + timedelta(int(changes[row["stretch"]])))


def _changes(days: pa.ChunkedArray, purse: Purse, calendar: Calendar) -> Ints:
    """The days since 1970 on which something changes, from the first of some days on."""
    first, last = (EPOCH + timedelta(days=each) for each in pc.min_max(days).as_py().values())
    found = {first}
    month = month_of(calendar, first)
    while month.after <= last:
        found.add(month.after)
        month = month_of(calendar, month.after)
    windows = [each for plan in purse.plans for each in plan.components]
    found |= {each.first for each in windows if each.first is not None}
    found |= {each.first for each in purse.plans} | {each.first for each in purse.members}
    ends = {each.last for each in purse.plans} | {each.last for each in purse.members}
    ends |= {each.last for each in windows}
    found |= {end + DAY for end in ends if end is not None and end < last}
    kept = sorted((day - EPOCH).days for day in found if first <= day <= last)
    return np.array(kept, dtype=np.int64)


def _told(column: pa.ChunkedArray, named: Iterable[str]) -> pa.ChunkedArray:
    """The values that are named; all others as one, but what is unknown stays so."""
    known = pc.is_in(column, value_set=pa.array(sorted(set(named)), pa.string()))
    told = pc.if_else(known, column, pa.scalar(OTHER, pa.string()))
    return pc.if_else(pc.is_valid(column), told, pa.scalar(None, pa.string()))


def _signs(quantity: pa.ChunkedArray) -> pa.ChunkedArray:
    """How many sales each row is: -1 for a return."""
    back = pc.fill_null(pc.less(quantity, pa.scalar(ZERO, quantity.type)), False)
    return pc.if_else(back, pa.scalar(-1, pa.int64()), pa.scalar(1, pa.int64()))


def _first_ids(keyed: pa.Table, keys: Sequence[str]) -> dict[tuple[Any, ...], str]:
    """The first sale of each group in which something is unknown."""
    lacking = pc.is_null(keyed[MAY_LACK[0]])
    for name in MAY_LACK[1:]:
        lacking = pc.or_(lacking, pc.is_null(keyed[name]))
    some = keyed.filter(lacking)
    first = some.group_by(keys).aggregate([("sale_id", "min")])
    return {tuple(row[name] for name in keys): row["sale_id_min"] for row in first.to_pylist()}


def _lot(row: Mapping[str, Any], sale_id: str, day: date) -> Lot:
    return Lot(
        sale_id=sale_id,
        lines=row["sign_count"],
        day=day,
        event=Event(row["event"]),
        employee=row["employee_id"],
        quantity=row["quantity_sum"],
        revenue=row["revenue_sum"],
        contribution=row["contribution_sum"],
        sales=Decimal(row["sign_sum"]),
        product=row["product"],
        segment=row["segment"],
    )


def _each(table: pa.Table) -> Iterator[Sale]:
    """The sales of rows one by one, each with its sellers in order of their credits."""
    order = [("sale_id", "ascending"), ("credit_id", "ascending")]
    batches = table.sort_by(order).to_batches(max_chunksize=AT_ONCE)
    rows = (row for batch in batches for row in batch.to_pylist())
    for _, group in groupby(rows, key=lambda row: row["sale_id"]):
        yield _sale(list(group))


def _sale(rows: Sequence[Mapping[str, Any]]) -> Sale:
    first = rows[0]
    sellers = [
        Seller(row["employee_id"], row["share"], row["overlay"])
        for row in rows
        if row["employee_id"] is not None
    ]
    return Sale(
        sale_id=first["sale_id"],
        day=EPOCH + timedelta(days=first["day"]),
        event=Event(first["event"]),
        sellers=tuple(sellers),
        quantity=first["quantity"],
        revenue=first["revenue"],
        contribution=first["contribution"],
        product=first["product"],
        segment=first["segment"],
        returns=first["returns"],
    )


def _is_whole(sale: Sale) -> bool:
    shares = [seller.share for seller in sale.sellers if not seller.overlay]
    if any(seller.share < 0 for seller in sale.sellers):
        return False
    return not shares or sum(shares, ZERO) == 1
