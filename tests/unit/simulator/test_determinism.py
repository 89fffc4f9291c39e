"""The same seed gives the same company, whatever the size of the blocks."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from onefunnel.ledger.schema import TABLES
from onefunnel.simulator import SCENARIOS, Truth, simulate
from onefunnel.simulator.streams import ATOM
from onefunnel.simulator.writing import truth_file

# A little more than one atom of persons, so that there is a second.
SCENARIO = SCENARIOS["company-x"](touches=5 * (ATOM + 500), seed=7, language="ro")


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.*")}


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_the_same_seed_writes_the_same_bytes(tmp_path: Path, kind: str) -> None:
    written = [simulate(SCENARIO).write(tmp_path / name, kind) for name in ("a", "b")]
    first, second = map(digests, written)
    assert first == second
    assert set(first) == {f"{name}.{kind}" for name in TABLES}
    truths = [truth_file(folder).read_text(encoding="utf-8") for folder in written]
    assert truths[0] == truths[1]


def test_a_dictionary_has_every_value_once() -> None:
    """Parquet writes bytes that nobody set where a value stands twice."""
    for name, block in simulate(SCENARIO).passes():
        for field in block.schema:
            if pa.types.is_dictionary(field.type):
                for chunk in block[field.name].chunks:
                    held = chunk.dictionary.to_pylist()
                    assert len(set(held)) == len(held), (name, field.name)


def test_another_seed_gives_another_company() -> None:
    other = simulate(replace(SCENARIO, seed=8))
    assert not other.tables()["touch"].equals(simulate(SCENARIO).tables()["touch"])


@pytest.mark.parametrize("name", sorted(TABLES))
def test_rows_do_not_depend_on_the_size_of_blocks(name: str) -> None:
    company = simulate(SCENARIO)
    small = pa.concat_tables(company.blocks(name, atoms_a_block=1)).combine_chunks()
    large = pa.concat_tables(company.blocks(name, atoms_a_block=5)).combine_chunks()
    assert small.equals(large)


def test_tables_have_the_columns_of_the_ledger_and_different_keys() -> None:
    for name, rows in simulate(SCENARIO).tables().items():
        assert rows.schema.equals(TABLES[name].arrow_schema)
        assert rows.num_rows, name
        assert len(rows[TABLES[name].key].unique()) == rows.num_rows, name


def test_what_is_written_is_what_the_tables_hold(tmp_path: Path) -> None:
    import pyarrow.parquet as parquet

    company = simulate(SCENARIO)
    folder = company.write(tmp_path / "x", "parquet")
    for name, rows in company.tables().items():
        read = parquet.read_table(folder / f"{name}.parquet").cast(rows.schema)
        assert read.equals(rows), name


def test_the_truth_comes_back_from_its_text(tmp_path: Path) -> None:
    company = simulate(SCENARIO)
    folder = company.write(tmp_path / "x", "parquet")
    assert Truth.from_json(truth_file(folder).read_text(encoding="utf-8")) == company.truth


def test_nothing_is_written_after_the_cut() -> None:
    company = simulate(SCENARIO)
    for name, rows in company.tables().items():
        instant = TABLES[name].instant
        if instant and rows.schema.field(instant).type == pa.timestamp("us", tz="UTC"):
            last = pa.compute.max(rows[instant]).as_py()
            assert last < company.scenario.now, name


def test_references_name_what_there_is() -> None:
    tables = simulate(SCENARIO).tables()
    names = {
        target: set(tables[target][TABLES[target].key].to_pylist())
        for target in ("lead", "deal", "product", "employee", "party", "order_line")
    }
    # Touches of visitors carry the cookie until somebody is known; an alias ties it.
    names["party"] |= set(tables["alias"]["value"].to_pylist())
    for name, rows in tables.items():
        for column in TABLES[name].columns:
            if column.references is not None:
                held = set(rows[column.name].to_pylist()) - {None}
                assert held <= names[column.references], (name, column.name)
