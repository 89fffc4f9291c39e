"""The rows behind figures: as many as the figure, with names, for whoever may see them."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from html import unescape
from io import BytesIO, StringIO
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.test import Client

from onefunnel.vocabulary import Role, Stage
from onefunnel.workflows.asking import Asked, ask
from onefunnel.workflows.workspace import Workspace
from tests.web.site import work_all

Enter = Callable[[Role], Client]
ENTERED = "/rows/?measure=funnel&figure=entered&stage=purchase_intention"
MANY = ENTERED.replace("purchase_intention", "customer_awareness")


def opened(client: Client, address: str, **headers: str) -> str:
    """The rows once they are worked out."""
    for _ in range(4):
        answer = client.get(address, headers=headers)
        text = unescape(answer.content.decode())
        assert answer.status_code == 200, text[:2000]
        if 'class="waiting"' not in text:
            return text
        work_all()
    raise AssertionError(text)


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def figures(site: Workspace) -> list[tuple[str, int]]:
    """Addresses of rows, and how many there must be."""
    funnel = {row.stage: row for row in ask(site, "funnel", Asked()).rows}
    intention = funnel[Stage.PURCHASE_INTENTION]
    leak = ask(site, "leaks", Asked()).rows[0]
    deals = ask(site, "deals", Asked()).rows[0]
    reason = ask(site, "lost_reasons", Asked()).rows[0]
    of_leak = f"/rows/?measure=leaks&stage={leak.stage}&figure="
    named = f"stage={reason.stage}&reason={reason.reason}&source={reason.source}"
    return [
        (ENTERED, intention.entered),
        (ENTERED.replace("entered", "implied"), intention.implied),
        (of_leak + "left", leak.left),
        (of_leak + "stalled", leak.stalled),
        ("/rows/?measure=deals&figure=won", deals.won),
        ("/rows/?measure=deals&figure=open", deals.open),
        (f"/rows/?measure=lost_reasons&figure=lost&{named}", reason.lost),
    ]


def test_there_are_as_many_rows_as_the_figure_says(signed_in: Enter, site: Workspace) -> None:
    client = signed_in(Role.DIRECTOR)
    for address, number in figures(site):
        said = f"<p>{number:,} row{'s' * (number != 1)}"
        assert said in opened(client, address), address


def test_the_rows_of_money_add_up_to_it(signed_in: Enter, site: Workspace) -> None:
    client = signed_in(Role.DIRECTOR)
    address = "/rows/?measure=funnel&figure=revenue&stage=purchase"
    opened(client, address)
    text = body(client.get(address.replace("/rows/", "/rows/file/"))).decode()
    rows = list(csv.DictReader(StringIO(text)))
    answer = ask(site, "funnel", Asked()).rows
    revenue = next(row.revenue for row in answer if row.stage is Stage.PURCHASE)
    assert revenue
    assert sum(float(row["amount"]) for row in rows) == pytest.approx(float(revenue))
    assert all(row["name"] for row in rows)


def test_rows_name_the_customer_as_the_records_do(signed_in: Enter, site: Workspace) -> None:
    text = opened(signed_in(Role.MARKETING), MANY)
    found = re.findall(r'<a href="/customers/([^/"]+)/" data-row><bdi>([^<]+)</bdi>', text)
    assert len(found) == 50
    party, shown = found[0]

    def names(reader: Any) -> list[dict[str, str]]:
        entity, people = reader.table("entity"), reader.table("party")
        code = entity.filter(entity.party_id == party).entity_code
        same = entity.filter(entity.entity_code.isin(code)).party_id
        rows = reader.fetch(people.filter(people.party_id.isin(same)))
        return list(rows.to_pylist())

    on_record = site.reading(names)
    assert shown in {row["name"] or row["email"] or row["party_id"] for row in on_record}


def test_a_name_is_that_of_any_party_of_the_customer_else_an_address_else_none() -> None:
    import ibis

    from onefunnel.workflows.named import with_names

    entity = {"party_id": ["a", "b", "c", "d"], "entity_code": [2, 2, 1, 0]}
    party = {
        "party_id": ["a", "b", "c"],
        "name": [None, "Ana Pop", None],
        "email": ["z@x.example", None, "c@x.example"],
    }
    facts = {"entity": ibis.memtable(entity), "party": ibis.memtable(party)}
    lines = {"line_id": ["9", "3", "5"], "kind": ["deal", "order_line", "deal"]}
    rows = ibis.memtable({**lines, "entity_code": [0, 1, 2]})
    found = with_names(rows, facts).to_pyarrow().to_pylist()
    assert [(row["line_id"], row["party_id"], row["name"]) for row in found] == [
        ("5", "a", "Ana Pop"),
        ("9", "d", None),
        ("3", "c", "c@x.example"),
    ]


def test_pages_of_rows_share_none(signed_in: Enter) -> None:
    client = signed_in(Role.SALES)
    first = set(re.findall(r'/customers/([^/"]+)/', opened(client, MANY)))
    text = opened(client, f"{MANY}&part=2")
    second = set(re.findall(r'/customers/([^/"]+)/', text))
    assert first and second and not first & second
    assert "51–100 of " in text
    for page in ("0", "999", "x", "-1", "²"):
        assert client.get(f"{MANY}&part={page}").status_code == 400


def test_the_panel_is_given_a_part_and_the_page_is_whole(signed_in: Enter) -> None:
    client = signed_in(Role.DIRECTOR)
    address = f"{ENTERED}&horizon=60"
    asking = {"HX-Request": "true", "HX-Target": "panel"}
    part = client.get(address, headers=asking).content.decode()
    assert 'hx-target="#panel"' in part and "<html" not in part
    part = opened(client, address, **asking)
    assert "data-close" in part and "<html" not in part
    whole = opened(client, address)
    assert "<html" in whole and 'class="x"' not in whole


def test_the_second_look_has_no_job(signed_in: Enter) -> None:
    from onefunnel.store.models import Job

    client = signed_in(Role.DIRECTOR)
    opened(client, f"{ENTERED}&period=last_month")
    before = Job.objects.count()
    opened(client, f"{ENTERED}&period=last_month")
    assert Job.objects.count() == before


def test_who_saw_rows_and_who_took_them_away_is_written_down(signed_in: Enter) -> None:
    from onefunnel.store.models import AuditLine

    client = signed_in(Role.SALES)
    opened(client, ENTERED)
    seen = AuditLine.objects.get(action="seen", subject_kind="rows")
    assert seen.subject_id == "funnel?figure=entered&stage=purchase_intention"
    assert seen.person is not None and seen.person.role == Role.SALES
    for kind in ("csv", "parquet"):
        body(client.get(f"{ENTERED.replace('/rows/', '/rows/file/')}&format={kind}"))
    taken = AuditLine.objects.filter(action="exported", subject_kind="rows")
    assert [line.detail["format"] for line in taken] == ["csv", "parquet"]


def test_files_hold_all_rows(signed_in: Enter, site: Workspace) -> None:
    client = signed_in(Role.ANALYST)
    opened(client, ENTERED)
    answer = ask(site, "funnel", Asked()).rows
    number = next(row.entered for row in answer if row.stage is Stage.PURCHASE_INTENTION)
    address = ENTERED.replace("/rows/", "/rows/file/")
    plain = client.get(f"{address}&format=csv")
    assert plain.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.DictReader(StringIO(body(plain).decode())))
    table = pq.read_table(BytesIO(body(client.get(f"{address}&format=parquet"))))
    assert len(rows) == len(table) == number
    assert [row["party_id"] for row in rows] == table["party_id"].to_pylist()


def test_a_file_that_is_not_there_yet_is_waited_for(signed_in: Enter) -> None:
    answer = signed_in(Role.ANALYST).get(
        "/rows/file/?measure=funnel&figure=entered&stage=purchase&horizon=180"
    )
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/rows/?measure=funnel")


def test_an_answer_is_taken_away_as_it_is_shown(signed_in: Enter, site: Workspace) -> None:
    from onefunnel.store.models import AuditLine
    from tests.web.test_funnel_page import opened as page

    client = signed_in(Role.DIRECTOR)
    page(client, "/funnel/?channel=search")
    answer = client.get("/funnel/file/?measure=funnel&channel=search&format=csv")
    rows = list(csv.DictReader(StringIO(body(answer).decode())))
    by = ask(site, "funnel", Asked(by=("channel",))).rows
    wanted = {str(row.stage): row.entered for row in by if row.dimensions["channel"] == "search"}
    assert {row["stage"]: int(row["entered"]) for row in rows} == wanted
    assert AuditLine.objects.filter(action="exported", subject_kind="figure").count() == 1


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("measure=weather", "funnel, leaks"),
        ("measure=funnel&figure=rain&stage=purchase", "realised_contribution"),
        ("measure=funnel&figure=entered", "customer_awareness"),
        ("measure=funnel&figure=entered&stage=lunch", "customer_awareness"),
        ("measure=funnel&figure=conversion&stage=customer_awareness", "no conversion"),
        ("measure=funnel&figure=entered&stage=purchase&as_of=7", "The versions are 0 to 1."),
        ("measure=lost_reasons&figure=lost&stage=lunch", "customer_awareness"),
    ],
)
def test_rows_that_cant_be_are_refused_with_what_can(
    query: str, said: str, signed_in: Enter
) -> None:
    answer = signed_in(Role.DIRECTOR).get(f"/rows/?{query}")
    assert answer.status_code == 400
    assert said in answer.content.decode()


def test_a_file_of_no_such_kind_is_refused(signed_in: Enter) -> None:
    for address in (f"{ENTERED.replace('/rows/', '/rows/file/')}", "/funnel/file/?measure=funnel"):
        assert signed_in(Role.DIRECTOR).get(f"{address}&format=exe").status_code == 400


@pytest.mark.parametrize("role", Role)
def test_the_cast_at_the_rows(role: Role, signed_in: Enter) -> None:
    from onefunnel.vocabulary import Permission

    client = signed_in(role)
    wanted = 200 if role.may(Permission.RECORDS) else 403
    assert client.get(ENTERED).status_code == wanted
    for address in ("/rows/file/?format=exe", "/funnel/file/?format=exe"):
        assert client.get(address).status_code == (400 if wanted == 200 else 403)


def test_rows_of_a_person_are_for_the_head_of_the_team(signed_in: Enter, site: Workspace) -> None:
    answer = ask(site, "funnel", Asked(by=("owner",)))
    owner = next(row.dimensions["owner"] for row in answer.rows if row.dimensions["owner"])
    address = f"{ENTERED}&owner={owner}"
    for role in (Role.DIRECTOR, Role.SALES, Role.ANALYST):
        assert signed_in(role).get(address).status_code == 403
    assert "Purchase intention" in opened(signed_in(Role.HEAD_OF_SALES), address)
    assert signed_in(Role.HEAD_OF_MARKETING).get(address).status_code == 403


def test_a_page_of_rows_asks_the_database_little(signed_in: Enter) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, counted = signed_in(Role.DIRECTOR), []
    for address in (ENTERED, "/rows/?measure=deals&figure=open"):
        opened(client, address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        counted.append(len(asked))
    assert len(set(counted)) == 1
    assert counted[0] <= 7
