"""Published figures of attribution through the ledger: people, touches, purchases, and the measure.

``test_attribution`` holds the kernels to the same figures.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest

from onefunnel.cli import main
from onefunnel.ledger.schema import Facts
from onefunnel.measures.attribution.result import AttributionRow
from onefunnel.vocabulary import Question, Terms
from onefunnel.vocabulary.questions import Crediting
from onefunnel.vocabulary.terms import ATTRIBUTION
from tests.golden.test_attribution import ALLOCATED, EXACT
from tests.spec.attribution_tables import THREE_CHANNELS, TWO_CHANNELS
from tests.spec.engines import NAMES, Records, ask, schema_of

DATA = Path(__file__).parents[2].parent / "shared" / "data"
DAY = datetime(2024, 3, 1, tzinfo=UTC)
EVER = Question(now=datetime(2024, 7, 1, tzinfo=UTC), by=("channel",), currency="EUR")


# --- The worked examples of methods, section 5, from files to what is printed


def run(*arguments: object) -> None:
    with pytest.raises(SystemExit) as left:
        main([str(each) for each in arguments])
    assert left.value.code == 0


def canonical(tables: Records, folder: Path) -> Path:
    """The tables as files named after them."""
    folder.mkdir()
    for name in ("touch", "order_line"):
        rows = tables[name]
        with (folder / f"{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return folder


def shown(
    tables: Records, folder: Path, capsys: pytest.CaptureFixture[str], *models: str
) -> dict[tuple[str, str | None], dict[str, Any]]:
    """What ``onefunnel show attribution`` prints after an import, by model and channel."""
    run("init", folder / "firm")
    run("import", folder / "firm", canonical(tables, folder / "exports"))
    capsys.readouterr()
    options = [word for model in models for word in ("--model", model)]
    run("show", folder / "firm", "attribution", "--by", "channel", *options, "--format", "json")
    rows = json.loads(capsys.readouterr().out)["rows"]
    return {(row["model"], row["channel"]): row for row in rows}


def test_the_two_channels_from_files_to_print(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """P .8, removal .75 and .5, shares .6 and .4; Shapley 2.5 and 1.5."""
    said = shown(TWO_CHANNELS, tmp_path, capsys, "markov_1", "markov_2", "shapley")
    for model in ("markov_1", "markov_2"):
        g, m = said[model, "g"], said[model, "m"]
        assert (g["removal_effect"], m["removal_effect"]) == pytest.approx((0.75, 0.5))
        assert (g["share"], m["share"]) == (0.6, 0.4)
        assert (g["credit"], m["credit"], g["grade"]) == (2.4, 1.6, "C")
    assert [said["shapley", name]["credit"] for name in ("g", "m", None)] == [2.5, 1.5, 0.0]


def test_the_three_channels_from_files_to_print(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """P = 1/3, removal .5, 1 and 1, shares .2, .4 and .4."""
    said = shown(THREE_CHANNELS, tmp_path, capsys, "markov_1")
    effects = [said["markov_1", name]["removal_effect"] for name in ("c1", "c2", "c3")]
    assert effects == pytest.approx([0.5, 1.0, 1.0])
    assert [said["markov_1", name]["share"] for name in ("c1", "c2", "c3")] == [0.2, 0.4, 0.4]


# --- The published paths: 88,387 people with 378,209 touches


def read(file: Path) -> list[dict[str, str]]:
    if not file.is_file():
        pytest.skip(f"{file.parent.name} is not in ../shared/data")
    packed = file.suffix == ".gz"
    text = gzip.decompress(file.read_bytes()).decode() if packed else file.read_text()
    return list(csv.DictReader(text.splitlines(), delimiter="," if packed else ";"))


def people(paths: Iterable[Mapping[str, str]]) -> Facts:
    """A person for each path as often as it was gone; the first who converted has all its value."""
    touches: dict[str, list[Any]] = {
        name: [] for name in ("touch_id", "party_id", "occurred_at", "channel")
    }
    lines: list[dict[str, Any]] = []
    entity: list[dict[str, Any]] = []
    for path in paths:
        channels = path["path"].split(" > ")
        conversions = int(path["total_conversions"])
        for number in range(conversions + int(path["total_null"])):
            party = f"p{len(entity)}"
            entity.append({"party_id": party, "entity_code": len(entity)})
            touches["touch_id"] += [f"{party}-{place:02}" for place in range(len(channels))]
            touches["party_id"] += [party] * len(channels)
            touches["occurred_at"] += [DAY + timedelta(hours=i) for i in range(len(channels))]
            touches["channel"] += channels
            if number < conversions:
                value = path["total_conversion_value"] if number == 0 else "0"
                lines.append(
                    {
                        "order_line_id": f"o{party}",
                        "party_id": party,
                        "ordered_at": DAY + timedelta(days=30),
                        "quantity": Decimal(1),
                        "net_price": Decimal(value).quantize(Decimal("0.0001")),
                        "currency": "EUR",
                    }
                )
    rows = {"touch": pa.table(touches), "order_line": pa.Table.from_pylist(lines)}
    return loaded({**rows, "entity": pa.Table.from_pylist(entity)})


def loaded(tables: Mapping[str, pa.Table]) -> Facts:
    """Whole tables in DuckDB, with the columns that are left out as unknown."""
    connection, facts = ibis.duckdb.connect(), {}
    for name in NAMES:
        schema = schema_of(name)
        given = tables.get(name, schema.empty_table())
        columns = [
            given[field.name].cast(field.type)
            if field.name in given.column_names
            else pa.nulls(given.num_rows, field.type)
            for field in schema
        ]
        facts[name] = connection.create_table(name, pa.Table.from_arrays(columns, schema=schema))
    return facts


def credits(rows: Sequence[AttributionRow], model: str) -> dict[str | None, Decimal]:
    return {row.dimensions["channel"]: row.credit for row in rows if row.model == model}


def assert_credits(
    rows: Sequence[AttributionRow], model: str, said: Mapping[str, float], within: float = 1.5e-4
) -> None:
    """To the fourth decimal, in which one unit moves so that all sum to the whole."""
    found = credits(rows, model)
    assert found.pop(None) == 0
    assert found.keys() == said.keys()
    for name, credit in found.items():
        assert abs(float(credit) - said[str(name)]) <= within, (model, name)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_published_rules_and_chains_through_the_ledger() -> None:
    facts = people(read(DATA / "channel_paths" / "path_data.csv"))
    results = read_results()
    rules = ("first_touch", "last_touch", "linear")
    for value, worth in (("customers", "conversions"), ("revenue", "value")):
        models = (*rules, "markov_1", "markov_2") if value == "customers" else rules
        question = replace(EVER, crediting=Crediting(value=value, models=models))
        rows, _ = ask(facts, "attribution", question)
        for rule in rules:
            column = f"{rule.removesuffix('_touch')}_touch_{worth}"
            said = {each["channel_name"]: float(each[column]) for each in results}
            # A purchase's money counts in thousandths; 357 of the published sums have more digits.
            assert_credits(rows, rule, said, 1.5e-4 if value == "customers" else 0.05)
        if value == "customers":
            for order, exact in EXACT.items():
                assert_credits(rows, f"markov_{order}", exact)


def read_results() -> list[dict[str, str]]:
    with (DATA / "channel_paths" / "heuristic_results.csv").open() as file:
        return list(csv.DictReader(file))


@pytest.mark.long
@pytest.mark.timeout(900)
def test_allocations_of_mta_through_the_ledger() -> None:
    """Its models collapse repeats, as a firm can agree to do."""
    facts = people(read(DATA / "mta_cases" / "data.csv.gz"))
    agreed = Terms(((ATTRIBUTION, "[attribution]\ncollapse = true\n"),))
    crediting = Crediting(value="customers", models=tuple(ALLOCATED))
    rows, _ = ask(facts, "attribution", replace(EVER, terms=agreed, crediting=crediting))
    for model, said in ALLOCATED.items():
        assert_credits(rows, model, said)
