"""Large files are read by several threads; every record keeps the line on which it stands."""

from __future__ import annotations

from pathlib import Path

import ibis
import pyarrow.compute as pc

from onefunnel.intake import Options, read, silent

RECORDS = 400_000
BAD_EACH = 50_000


def test_every_record_of_a_large_file_keeps_its_line(tmp_path: Path) -> None:
    path = tmp_path / "touch.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("touch_id,party_id,occurred_at,department,kind,intent,page\n")
        file.writelines(_record(number) for number in range(RECORDS))
    con = ibis.duckdb.connect(threads=2)
    # A zone with changes of the clock, too: local times are read by a function of our own.
    (part,) = read([path], con, Options(zone="Europe/Bucharest", scratch=tmp_path), silent)
    rows = con.to_pyarrow(part.rows.select("touch_id", "line"))
    assert len(rows) == RECORDS - RECORDS // BAD_EACH
    numbers = pc.cast(pc.utf8_slice_codeunits(rows["touch_id"], 1), "int64")
    assert pc.all(pc.equal(pc.add(numbers, 2), rows["line"])).as_py()
    rejected = con.to_pyarrow(part.rejected.order_by("line")).to_pylist()
    assert [row["line"] - 2 for row in rejected] == [*range(BAD_EACH - 1, RECORDS, BAD_EACH)]
    assert {row["code"] for row in rejected} == {"bad_choice"}
    assert part.files[0].is_file()


def _record(number: int) -> str:
    kind = "dream" if number % BAD_EACH == BAD_EACH - 1 else "visit"
    instant = f"2024-03-{1 + number % 28:02d}T{number % 24:02d}:30:00"
    return f"t{number},p{number % 999},{instant},marketing,{kind},quote,/gates/{number % 7}\n"
