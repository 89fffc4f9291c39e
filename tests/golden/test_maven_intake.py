"""Maven Analytics' CRM figures, as the data's own description states them."""

from __future__ import annotations

from pathlib import Path

import ibis
import pytest

from onefunnel.intake import (
    Options,
    Staged,
    lookalikes,
    preset,
    read,
    reference_values,
    silent,
)

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "maven_crm"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the Maven data is not in ../shared/data")


@pytest.fixture(scope="module")
def maven() -> tuple[list[Staged], ibis.backends.duckdb.Backend]:
    con = ibis.duckdb.connect()
    return read([DATA], con, Options(mapping=preset("maven"), currency="USD"), silent), con


def test_opportunities_are_won_and_lost_as_published(
    maven: tuple[list[Staged], ibis.backends.duckdb.Backend],
) -> None:
    staged, con = maven
    counts = {part.table: part.rows.count().to_pyarrow().as_py() for part in staged}
    assert counts | {"deal_event": 0} == {
        "party": 85,
        "product": 7,
        "deal": 8800,
        "employee": 35,
        "deal_event": 0,
    }
    statuses: dict[str, int] = {}
    for part in staged:
        if part.table == "deal_event":
            table = con.to_pyarrow(part.rows.group_by("status").agg(n=part.rows.count()))
            statuses |= {row["status"]: row["n"] for row in table.to_pylist()}
    assert statuses == {"open": 8800, "won": 4238, "lost": 2473}
    assert sum(part.rejected.count().to_pyarrow().as_py() for part in staged) == 0


def test_a_prospect_is_open_since_nobody_knows_when(
    maven: tuple[list[Staged], ibis.backends.duckdb.Backend],
) -> None:
    staged, con = maven
    opened = next(part.rows for part in staged if part.table == "deal_event")
    unknown = opened.filter(opened.occurred_at.isnull())
    assert con.to_pyarrow(unknown.count()).as_py() == 500
    assert con.to_pyarrow(unknown.stage).unique().to_pylist() == ["Prospecting"]


def test_gtxpro_and_gtx_pro_are_probably_one_product(
    maven: tuple[list[Staged], ibis.backends.duckdb.Backend],
) -> None:
    staged, con = maven
    notes = lookalikes(reference_values(staged, con))
    assert [note.text for note in notes] == [
        "segment: 'GTX Pro' and 'GTXPro' are probably the same."
    ]
