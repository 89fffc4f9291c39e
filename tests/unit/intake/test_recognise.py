"""Files that nobody described: what they are, what their columns are, and how they are written."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from onefunnel.intake import Options, parse_mapping, preset, preset_names, silent
from onefunnel.intake.composing import Chosen, composed
from onefunnel.intake.guessing import Draft, guess, profile, recipe, source_of, suggest, writing_of
from onefunnel.intake.guessing.profile import Profile
from onefunnel.intake.guessing.recipes import RECIPES
from onefunnel.intake.mapping import Source
from onefunnel.intake.mapping.write import mapping_text
from onefunnel.intake.recognise import as_what, first_draft, recognise
from onefunnel.intake.samples import MOST_VALUES, Sample, sample
from tests.unit.intake.conftest import Reader

VALUES = {
    "id": ["901", "902", "903"],
    "text": ["one", "two", "two"],
    "email": ["ana@firm.example", "ion@firm.example"],
    "phone": ["+40 721 000 001", "0721-000-002"],
    "date": ["05.03.2024", "28.03.2024"],
    "money": ["1 234,50", "89,90"],
}


def columns(**shapes: str) -> dict[str, Profile]:
    return {name.replace("_", " "): profile(VALUES[shape]) for name, shape in shapes.items()}


def named(names: str, shapes: str) -> dict[str, Profile]:
    pairs = zip(names.split(","), shapes.split(), strict=True)
    return {name: profile(VALUES[shape]) for name, shape in pairs}


CASES = [
    pytest.param(
        "Record ID,First Name,Last Name,Email,Phone Number,Lifecycle Stage,Create Date",
        "id text text email phone text date",
        "contacts",
        "contact_id first_name last_name email phone - created_at",
        id="hubspot contacts",
    ),
    pytest.param(
        "Record ID,Deal Name,Deal Stage,Amount,Create Date,Close Date,Associated Contact IDs",
        "id text text money date date id",
        "deals",
        "deal_id - stage amount created_at closed_at contact_id",
        id="hubspot deals",
    ),
    pytest.param(
        "Id,AccountId,StageName,Amount,CloseDate,CreatedDate,OwnerId,LeadSource",
        "id id text money date date id text",
        "deals",
        "deal_id company_id stage amount closed_at created_at owner channel",
        id="salesforce opportunities",
    ),
    pytest.param(
        "Lead ID,First Name,Last Name,Email,Lead Source,Lead Status,Created Date",
        "id text text email text text date",
        "contacts",
        "contact_id first_name last_name email channel - created_at",
        id="salesforce leads",
    ),
    pytest.param(
        "Deal - ID,Deal - Title,Deal - Value,Deal - Status,Deal - Deal created,Person - Name",
        "id text money text date text",
        "deals",
        "deal_id - amount status created_at name",
        id="pipedrive deals",
    ),
    pytest.param(
        "ID,Название сделки,Сумма,Стадия сделки,Дата создания,Ответственный",
        "id text money text date text",
        "deals",
        "deal_id - amount stage created_at owner",
        id="bitrix24 deals",
    ),
    pytest.param(
        "ID,Имя,Фамилия,Телефон,Электронная почта,Дата создания,Источник",
        "id text text phone email date text",
        "contacts",
        "contact_id first_name last_name phone email created_at channel",
        id="bitrix24 leads",
    ),
    pytest.param(
        "شناسه,نام و نام خانوادگی,تلفن,تاریخ ثبت,کانال",
        "id text phone date text",
        "contacts",
        "contact_id name phone created_at channel",
        id="persian",
    ),
    pytest.param(
        "Mã,Họ và tên,Số điện thoại,Ngày tạo,Nguồn",
        "id text phone date text",
        "contacts",
        "contact_id name phone created_at channel",
        id="vietnamese",
    ),
    pytest.param(
        "Nr,Nume complet,Telefon,Adresă email,Data creării,Canal",
        "id text phone email date text",
        "contacts",
        "contact_id name phone email created_at channel",
        id="romanian",
    ),
]


@pytest.mark.parametrize(("names", "shapes", "kind", "fields"), CASES)
def test_columns_are_told_by_name_and_value(
    names: str, shapes: str, kind: str, fields: str
) -> None:
    found = named(names, shapes)
    assert guess(found) == kind
    suggested = suggest(recipe(kind), found)
    told = [suggested[name][0] if name in suggested else "-" for name in found]
    assert told == fields.split()


def test_a_name_that_says_a_date_does_not_make_names_of_people_dates() -> None:
    found = suggest(recipe("deals"), {"Close date of": profile(VALUES["text"])})
    assert found == {}


def test_nothing_is_guessed_where_nothing_tells() -> None:
    assert guess(columns(a="text", b="id")) == ""


@pytest.mark.parametrize(
    ("values", "order", "decimal", "sure"),
    [
        (["05.03.2024", "07.03.2024"], "dmy", "", True),
        (["3/25/2024", "4/1/2024"], "mdy", "", True),
        (["03/04/2024"], "dmy", "", False),
        (["2024-03-01 10:00"], "", "", True),
        (["2024/03/01"], "ymd", "", True),
        (["1.234,50"], "", ",", True),
        (["1,234"], "", "", True),
        (["0.5", "1,234.50"], "", ".", True),
    ],
)
def test_how_dates_and_numbers_are_written(
    values: list[str], order: str, decimal: str, sure: bool
) -> None:
    found = writing_of([values])
    assert (found.date_order, found.decimal, found.sure) == (order, decimal, sure)


def test_years_of_the_solar_calendar_are_known_in_any_digits() -> None:
    assert writing_of([["1402/12/29"]]).calendar == "solar_hijri"
    assert writing_of([["۱۴۰۲/۱۲/۲۹ ۱۰:۳۰"]]).calendar == "solar_hijri"


DEALS = """ID;Сумма;Стадия сделки;Дата создания;Дата закрытия;Контакт
1;1 234,50;Успешно;05.03.2024;28.03.2024;7;
2;89,90;Переговоры;07.03.2024;;8
"""


def test_a_draft_reads_what_it_was_drawn_from(load: Reader) -> None:
    """A list of deals feeds deals and their events: opened, won or lost."""
    header = ("ID", "Сумма", "Стадия сделки", "Дата создания", "Дата закрытия", "Контакт")
    first = (
        ("1", "1 234,50", "Успешно", "05.03.2024", "28.03.2024", "7;9"),
        ("2", "89,90", "Переговоры", "07.03.2024", None, "8"),
    )
    values = {"Стадия сделки": ("Успешно", "Переговоры")}
    draft = first_draft(Sample(header, first, 2, values=values))
    assert draft is not None
    assert draft.meanings == {"stage": {"Успешно": "won", "Переговоры": "open"}}
    text = mapping_text(composed([Chosen("d.csv", header, Source("d.csv", ()), draft=draft)]))
    rows = "\n".join("\t".join(cell or "" for cell in row) for row in (header, *first))
    outcome = load("d.csv", rows + "\n", text)
    assert outcome.rejected == []
    deals = {r["deal_id"]: r["party_id"] for r in outcome.rows if "lead_id" in r and "deal_id" in r}
    assert deals == {"1": "7", "2": "8"}
    events = {
        r["deal_event_id"]: (r["status"], str(r["amount"]))
        for r in outcome.rows
        if "deal_event_id" in r
    }
    assert events == {
        "1:open": ("open", "1234.5000"),
        "1:closed": ("won", "1234.5000"),
        "2:open": ("open", "89.9000"),
    }


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_every_kind_of_list_makes_a_mapping(name: str) -> None:
    """With every field given, and with the least that it needs."""
    kind = recipe(name)
    every = {f"column {field.name}": field.name for field in kind.fields}
    least = {f"column {group[0]}": group[0] for group in kind.needs}
    for columns in (every, least):
        source = source_of(Draft(name, columns, {"stage": {"x": "won"}}), "f.csv")
        text = mapping_text(composed([Chosen("f.csv", (), source, draft=Draft(name, columns))]))
        assert {into.table for into in source.into} <= set(kind.tables)
        assert parse_mapping(text).sources[0].into


@pytest.mark.parametrize("name", preset_names())
def test_a_mapping_that_is_written_is_read_back_as_it_was(name: str) -> None:
    mapping = preset(name)
    assert parse_mapping(mapping_text(mapping), mapping.name) == mapping


CONTACTS = "Record ID,First Name,Last Name,Email,Create Date\n7,Ana,Pop,a@b.example,2024-03-01\n"


def test_files_are_recognised_by_name_by_columns_and_by_presets(tmp_path: Path) -> None:
    told = {
        "touch.csv": ("touch_id,party_id,occurred_at\nT,P,2024-03-01\n", "table"),
        "what ever.csv": ("lead_id,party_id,created_at\nL,P,2024-03-01\n", "table"),
        "all-people.csv": (CONTACTS, "preset"),
        "mended.csv": ("quarantine_id,lead_id\nq,L\n", "mended"),
        "unknown.csv": ("colour,weight\nred,3\n", "list"),
        "picture.csv": ("%PDF-1.4", "refused"),
        "empty.csv": ("\n", "refused"),
    }
    for name, (text, _) in told.items():
        (tmp_path / name).write_text(text)
    paths = sorted(tmp_path.iterdir())
    found = {seen.file: seen for seen in recognise(paths, Options(), silent)}
    assert {name: seen.as_what for name, seen in found.items()} == {
        name: what for name, (_, what) in told.items()
    }
    assert (found["what ever.csv"].table, found["all-people.csv"].preset) == ("lead", "hubspot")


def test_an_archive_gives_its_files_and_a_bomb_is_refused(tmp_path: Path) -> None:
    good, bomb = tmp_path / "good.zip", tmp_path / "bomb.zip"
    with zipfile.ZipFile(good, "w") as archive:
        archive.writestr("lead.csv", "lead_id,created_at\nL,2024-03-01\n")
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("lead.csv", b"0" * 50_000_000)
    found = recognise([bomb, good], Options(), silent)
    assert [(seen.file, seen.as_what) for seen in found] == [
        ("bomb.zip", "refused"),
        ("good.zip/lead.csv", "table"),
    ]
    assert found[0].error is not None and found[0].error.code == "zip_too_large"


@pytest.mark.parametrize(
    "file", ["hubspot-crm-exports-all-companies-2026-11-21.csv", "export-7.csv"]
)
def test_companies_of_hubspot_are_no_contacts(file: str, load: Reader) -> None:
    header = ("Record ID", "Company name", "Company owner", "Create Date", "Phone Number")
    header = (*header, "City", "Country/Region", "Industry", "Number of Employees")
    looked = Sample(header, (), 2)
    seen = as_what(file, "", looked)
    assert (seen.as_what, seen.preset) == ("preset", "hubspot")
    sources = preset("hubspot").sources
    assert [into.table for into in sources[seen.source].into] == ["party"]
    text = mapping_text(preset("hubspot"))
    rows = "7,Terra Labs,Dana,2024-03-01 10:00,,Iasi,RO,Software,12\n"
    outcome = load("all-companies.csv", f"{','.join(header)}\n{rows}", text)
    (row,) = outcome.rows
    assert (row["party_id"], row["kind"], row["name"]) == (
        "company:7",
        "organisation",
        "Terra Labs",
    )


def test_a_list_that_only_shares_dates_and_numbers_is_none_of_hubspots() -> None:
    header = ("Record ID", "Ticket name", "Create Date", "Phone Number", "Country/Region")
    assert as_what("tickets.csv", "", Sample(header, (), 2)).as_what == "list"


def test_a_preset_whose_words_a_firm_does_not_use_is_none() -> None:
    """Deals whose stages have names of their own are asked about."""
    header = ("Record ID", "Deal Stage", "Amount", "Create Date", "Close Date", "Deal owner")
    own = Sample(header, (), 2, values={"Deal Stage": ("Signed", "Talking")})
    theirs = Sample(header, (), 2, values={"Deal Stage": ("Closed won", "Talking")})
    assert as_what("d.csv", "", own).as_what == "list"
    assert as_what("d.csv", "", theirs).as_what == "preset"


def test_a_sample_counts_records_and_keeps_states_not_people(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    many = MOST_VALUES + 1
    rows = "".join(f'{n};"two\nlines";{"won" if n % 3 else "lost"}\n' for n in range(many))
    path.write_bytes(f"sep=;\nno;note;Состояние\n{rows}".encode())
    found = sample(path, "delimited", "list.csv", Source("list.csv", ()), tmp_path)
    assert (found.records, found.exact, found.delimiter, found.header_line) == (many, True, ";", 2)
    assert found.values["Состояние"] == ("won", "lost")
    assert "no" not in found.values
    assert found.first[0] == ("0", "two\nlines", "lost")


def test_hubspot_exports_are_read_by_the_columns_they_have(load: Reader) -> None:
    """Optional columns that an export lacks are left out; so are tables that would need them."""
    text = mapping_text(preset("hubspot"))
    outcome = load("all-contacts.csv", CONTACTS, text)
    assert [row["party_id"] for row in outcome.rows] == ["7", "7"]
    assert outcome.rows[0]["name"] == "Ana Pop"
    deals = (
        "Record ID,Deal Stage,Amount,Create Date,Close Date,Associated Contact IDs\n"
        "1,Closed Won (Sales Pipeline),10,2024-03-01,2024-03-09,7;8\n"
        "2,Closed lost,20,2024-03-01,2024-03-08,\n"
    )
    outcome = load("all-deals.csv", deals, text)
    assert outcome.rejected == []
    assert [r["party_id"] for r in outcome.rows if "party_id" in r] == ["7", None]
    closed = [r["status"] for r in outcome.rows if str(r.get("deal_event_id")).endswith("closed")]
    assert closed == ["won", "lost"]


def test_chances_in_percent_are_taken_as_such_and_no_key_comes_twice() -> None:
    looked = Sample(
        ("id", "code", "Stage", "Probability (%)", "Created Date", "Amount"),
        (("A", "1", "New", "60", "2024-03-01", "1"), ("A", "2", "New", "5", "2024-03-02", "2")),
        2,
    )
    draft = first_draft(looked, "deals")
    assert draft is not None and "id" not in draft.columns
    assert draft.percents and "Probability (%)" in draft.percents
