"""Real sellers that are known by two numbers: as a lead of marketing, and in the order book."""

from __future__ import annotations

import csv

import pyarrow as pa
import pytest

from onefunnel.identity import resolve
from tests.project.files import ROOT
from tests.unit.identity.cases import NAME, PARTY, name, person, table

DATA = ROOT.parent / "shared" / "data" / "olist"


def column(file: str, *names: str) -> list[tuple[str, ...]]:
    """Columns of a file of the data set."""
    with (DATA / f"olist_{file}.csv").open(encoding="utf-8", newline="") as lines:
        return [tuple(row[each] for each in names) for row in csv.DictReader(lines)]


@pytest.mark.skipif(not DATA.is_dir(), reason=f"the Olist data is not in {DATA}")
def test_olist_sellers_are_the_leads_they_grew_from() -> None:
    """8,000 leads; 842 became sellers, of whom 380 sold (Olist, CC BY-NC-SA 4.0)."""
    leads = [lead for (lead,) in column("marketing_qualified_leads_dataset", "mql_id")]
    seller = dict(column("closed_deals_dataset", "mql_id", "seller_id"))
    sold = {each for (each,) in column("order_items_of_closed_sellers", "seller_id")}
    assert (len(leads), len(seller), len(sold)) == (8000, 842, 380)

    changes = resolve(
        parties=table(PARTY, [person(lead) for lead in leads]),
        aliases=table(NAME, [name(lead, "external", value) for lead, value in seller.items()]),
        subjects=pa.table({"party_id": [*leads, *sold]}),
    )
    codes = dict(zip(*changes.to_pydict().values(), strict=True))
    assert len(codes) == 8380
    assert set(codes.values()) == set(range(8000))
    assert all(codes[seller[lead]] == codes[lead] for lead in seller if seller[lead] in sold)
