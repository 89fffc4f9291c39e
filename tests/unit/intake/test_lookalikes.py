from __future__ import annotations

from pathlib import Path

import ibis

from onefunnel.intake import Options, lookalikes, read, reference_values, silent


def test_spellings_that_differ_in_case_space_and_marks_are_alike() -> None:
    values = {"sku": ["GTX Pro", "GTXPro", "gtx-pro", "GTX Plus"], "channel": ["E-Mail", "email"]}
    told = [(note.code, note.params["values"]) for note in lookalikes(values)]
    assert told == [("lookalike", "GTX Pro\nGTXPro\ngtx-pro"), ("lookalike", "E-Mail\nemail")]


def test_numbers_and_different_names_are_not_alike() -> None:
    assert lookalikes({"sku": ["1.5", "15", "1-5"], "segment": ["pet", "pets", "", "--"]}) == []


def test_facts_are_compared_with_the_products(
    con: ibis.backends.duckdb.Backend, tmp_path: Path
) -> None:
    (tmp_path / "product.csv").write_text("sku,name\nGTX Pro,GTX Pro\n")
    (tmp_path / "deal.csv").write_text("deal_id,segment\n1,GTXPro\n2,\n")
    (tmp_path / "quote.csv").write_text("quote_id,sku\n1,gtx pro\n")
    values = reference_values(read([tmp_path], con, Options(), silent), con)
    assert values == {"segment": ["GTX Pro", "GTXPro"], "sku": ["GTX Pro", "gtx pro"]}
    assert len(lookalikes(values)) == 2
