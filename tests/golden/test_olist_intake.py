"""Olist's published figures, as the data's own description states them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import ibis
import pytest

from onefunnel.intake import Options, Staged, preset, read, silent

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "olist"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the Olist data is not in ../shared/data")


@pytest.fixture(scope="module")
def olist() -> dict[str, Staged]:
    con = ibis.duckdb.connect()
    options = Options(mapping=preset("olist"), zone="America/Sao_Paulo", currency="BRL")
    staged = read([DATA], con, options, silent)
    return {part.table: part for part in staged}


def test_every_table_has_the_published_number_of_rows(olist: dict[str, Staged]) -> None:
    counts = {table: part.rows.count().to_pyarrow().as_py() for table, part in olist.items()}
    assert counts == {
        "party": 8000,
        "lead": 8000,
        "handoff": 8000,
        "deal": 842,
        "deal_event": 842,
        "alias": 842,
        "order_line": 5044,
    }
    assert {part.rejected.count().to_pyarrow().as_py() for part in olist.values()} == {0}


def test_sixty_leads_have_no_origin_and_unknown_stays_a_word(olist: dict[str, Staged]) -> None:
    leads = olist["lead"].rows
    assert leads.channel.isnull().sum().to_pyarrow().as_py() == 60
    assert (leads.channel == "unknown").sum().to_pyarrow().as_py() == 1099


def test_the_price_total_is_exact(olist: dict[str, Staged]) -> None:
    lines = olist["order_line"].rows
    assert lines.net_price.sum().to_pyarrow().as_py() == Decimal("676851.4800")
    assert lines.party_id.nunique().to_pyarrow().as_py() == 380


def test_days_are_local_and_the_first_and_last_are_those_published(
    olist: dict[str, Staged],
) -> None:
    created = olist["lead"].rows.created_at
    bounds = created.min().to_pyarrow().as_py(), created.max().to_pyarrow().as_py()
    assert bounds == (
        datetime(2017, 6, 14, 3, tzinfo=UTC),
        datetime(2018, 5, 31, 3, tzinfo=UTC),
    )


def test_sellers_are_tied_to_their_leads(olist: dict[str, Staged]) -> None:
    alias, lines = olist["alias"].rows, olist["order_line"].rows
    tied = lines.semi_join(alias, lines.party_id == alias.value)
    assert tied.count().to_pyarrow().as_py() == 5044
    assert set(alias.kind.to_pyarrow().to_pylist()) == {"external"}
