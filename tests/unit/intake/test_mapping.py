"""Mapping files: what they can say, and what is said when they are wrong."""

from __future__ import annotations

import pytest

from onefunnel.errors import InputError, UnknownName
from onefunnel.intake import parse_mapping, preset, preset_names
from tests.unit.intake.conftest import Reader

MAPPING = """
[[source]]
file = "deals-*.csv"
date_order = "dmy"
null_values = ["-", "N/A"]

[[source.into]]
table = "deal"
[source.into.columns]
deal_id = { join = ["region", "number"], with = "-" }
owner = { column = "owner", default = "nobody" }

[[source.into]]
table = "deal_event"
where = [{ column = "closed", known = true }, { column = "owner", is_not = ["test"] }]
[source.into.columns]
deal_event_id = { join = ["region", "number", { value = "closed" }], with = ":" }
deal_id = { join = ["region", "number"], with = "-" }
occurred_at = "closed"
status = { column = "stage", map = { Won = "won", "Closed lost" = "lost" } }
lost_reason_source = { column = "why", map = { price = "customer" }, other = "salesperson" }
"""
DEALS = """region,number,owner,closed,stage,why,colour
east,1,Ana,31.12.2023,Won,,red
east,2,-,N/A,Open,,red
west,3,test,01.01.2024,Won,,red
west,4,,02.01.2024, Closed lost ,price,red
west,5,Ion,03.01.2024,Stalled,mood,red
,6,Ion,03.01.2024,Won,,red
"""


def test_a_refused_row_names_the_columns_of_its_file(load: Reader) -> None:
    """One that is made of several names them all; one that the file lacks, and a constant, none."""
    outcome = load("deals-2024.csv", DEALS.replace("02.01.2024", "soon"), MAPPING)
    named = {(row["column"], row["file_column"]) for row in outcome.rejected}
    assert named == {
        ("deal_id", "region + number"),
        ("deal_event_id", "region + number"),
        ("occurred_at", "closed"),
        ("status", "stage"),
    }


def test_one_source_feeds_several_tables(load: Reader) -> None:
    outcome = load("deals-2024.csv", DEALS, MAPPING)
    deals = [row for row in outcome.rows if "owner" in row]
    assert [(row["deal_id"], row["owner"], row["line"]) for row in deals] == [
        ("east-1", "Ana", 2),
        ("east-2", "nobody", 3),
        ("west-3", "test", 4),
        ("west-4", "nobody", 5),
        ("west-5", "Ion", 6),
    ]
    events = [row for row in outcome.rows if "status" in row]
    assert [(row["deal_event_id"], row["status"]) for row in events] == [
        ("east:1:closed", "won"),
        ("west:4:closed", "lost"),
    ]
    assert [row["lost_reason_source"] for row in events] == [None, "customer"]
    told = [(row["table"], row["line"], row["column"], row["code"]) for row in outcome.rejected]
    assert told == [
        ("deal", 7, "deal_id", "missing_key"),
        ("deal_event", 6, "status", "bad_choice"),
        ("deal_event", 7, "deal_event_id", "missing_key"),
    ]
    assert outcome.notes == ["unused_columns"]


def test_the_where_that_excludes_unknown_values_keeps_them(load: Reader) -> None:
    """is_not takes rows without a value: unknown is not one of those named."""
    outcome = load("deals-2.csv", DEALS, MAPPING)
    assert "west:4:closed" in [row.get("deal_event_id") for row in outcome.rows]


def test_a_column_that_the_file_lacks_is_told_with_the_nearest(load: Reader) -> None:
    with pytest.raises(InputError, match="Did you mean 'owners'") as told:
        load("deals-1.csv", DEALS.replace("owner", "owners"), MAPPING)
    assert told.value.code == "missing_column"


def test_a_file_that_no_source_names_is_refused(load: Reader) -> None:
    with pytest.raises(InputError) as told:
        load("other.csv", DEALS, MAPPING)
    assert told.value.code == "no_matching_file"


INTO = "[[source.into]]\n"
START = '[[source]]\nfile = "a.csv"\n[[source.into]]\n'


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("[[source", 1, "not TOML"),
        ("", None, "no [[source]]"),
        ('[[source]]\nfile = "a.csv"\n', None, "feeds no table"),
        ('[[sauce]]\nfile = "a"\n', 1, "Did you mean 'source'"),
        (START + 'table = "leed"\n', 4, "Did you mean 'lead'"),
        (START + 'table = "lead"\ncolumns = { lead_id = "a", chanel = "b" }\n', 5, "'channel'"),
        (START + 'table = "lead"\ncolumns = { channel = "b" }\n', 5, "'lead_id' identifies"),
        (START + 'table = "lead"\ncolumns = { lead_id = { colum = "b" } }\n', 5, "'column'"),
        (START + 'table = "lead"\ncolumns = { lead_id = { with = "b" } }\n', 5, "needs one of"),
        (START + 'table = "lead"\ncolumns = { lead_id = 3 }\n', 5, "needs a column name"),
        ('[[source]]\nfile = "a"\ndecimal = "x"\n' + INTO, 3, "decimal can't be"),
        ('[[source]]\nfile = "a"\ncalendar = "solar"\n' + INTO, 3, "solar_hijri"),
    ],
)
def test_a_wrong_mapping_is_told_with_its_line(text: str, line: int | None, said: str) -> None:
    with pytest.raises(InputError) as told:
        parse_mapping(text, "m.toml")
    assert told.value.code == "bad_mapping"
    assert said in str(told.value)
    assert told.value.place.line == line


def test_presets_are_found_by_name() -> None:
    assert preset_names() == ("hubspot", "maven", "olist")
    assert [preset(name).name for name in preset_names()] == [
        *("hubspot.toml", "maven.toml", "olist.toml"),
    ]
    with pytest.raises(UnknownName, match="Did you mean 'olist'"):
        preset("olst")
