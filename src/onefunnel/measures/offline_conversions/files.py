"""The files that the platforms take, line by line.

Times are in UTC and to the second, amounts in cents. An identifier of a conversion is a hash of
ours: it stays the same from file to file, so that a platform knows what it was told before.
"""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

from onefunnel.errors import UsageError
from onefunnel.measures.offline_conversions.platforms import Kind, Platform
from onefunnel.measures.offline_conversions.telling import Row, Told, adjusts, fits

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ZONE = "Parameters:TimeZone=+0000"
GOOGLE = (
    "Conversion Name",
    "Conversion Time",
    "Conversion Value",
    "Conversion Currency",
    "Order ID",
)
GOOGLE_CLICKS = {Kind.GCLID: "Google Click ID", Kind.GBRAID: "GBRAID", Kind.WBRAID: "WBRAID"}
GOOGLE_ADJUSTMENTS = (
    *("Order ID", "Conversion Name", "Adjustment Time", "Adjustment Type"),
    *("Adjusted Value", "Adjusted Value Currency"),
)
MICROSOFT = (
    *("Microsoft Click ID", "Conversion Name", "Conversion Time"),
    *("Conversion Value", "Conversion Currency"),
)
MICROSOFT_ADJUSTMENTS = (
    *("Type", "Status", "Id", "Parent Id", "Client Id", "Name", "Conversion Name"),
    *("Conversion Time", "Microsoft Click Id", "Adjustment Type", "Adjustment Time"),
    *("Adjustment Value", "Adjustment Currency Code"),
)
BULK_VERSION = "6.0"
META_BATCH = 1_000
"""Meta takes so many events in a request."""


def conversions_file(platform: Platform, rows: Sequence[Row], how: Told) -> Iterator[str]:
    """The file of conversions, in parts; ``rows`` are those returned, in their order.

    Google and Microsoft: CSV of their templates. Meta: a line for each request of the Conversions
    API, a JSON object with at most a thousand events. What does not fit (:func:`fits`) is left out.
    """
    kept = [row for row in rows if fits(platform, row, how)]
    return _CONVERSIONS[platform](kept, how)


def adjustments_file(platform: Platform, rows: Sequence[Row], how: Told) -> Iterator[str]:
    """The file that takes conversions back, or says their value anew.

    ``rows`` are those to adjust. Microsoft: a bulk file. Raises UsageError for Meta, which takes
    nothing back.
    """
    check_adjustable(platform)
    kept = [row for row in rows if adjusts(platform, row, how)]
    make = _google_adjustments if platform is Platform.GOOGLE else _microsoft_adjustments
    return make(kept, how)


def check_adjustable(platform: Platform) -> None:
    """Raise UsageError for a platform that takes nothing back."""
    if platform is Platform.META:
        raise UsageError(
            "Meta takes no conversion back.",
            remedy="Return only what will last, some days later; ask google or microsoft.",
        )


def _google(rows: Sequence[Row], how: Told) -> Iterator[str]:
    kinds = [kind for kind in GOOGLE_CLICKS if kind is Kind.GCLID or _has(rows, kind)]
    yield f"{ZONE}\n"
    yield from _csv(
        (*(GOOGLE_CLICKS[kind] for kind in kinds), *GOOGLE),
        (
            (
                *(row["click"] if row["kind"] == kind.value else "" for kind in kinds),
                *(how.name, _time(row["at"]), how.worth(row), how.currency_of(row)),
                how.id_of(row),
            )
            for row in rows
        ),
    )


def _has(rows: Iterable[Row], kind: Kind) -> bool:
    return any(row["kind"] == kind.value for row in rows)


def _microsoft(rows: Sequence[Row], how: Told) -> Iterator[str]:
    yield f"{ZONE}\n"
    yield from _csv(
        MICROSOFT,
        (
            (row["click"], how.name, _time(row["at"]), how.worth(row), how.currency_of(row))
            for row in rows
        ),
    )


def _meta(rows: Sequence[Row], how: Told) -> Iterator[str]:
    for first in range(0, len(rows), META_BATCH):
        events = [_event(row, how) for row in rows[first : first + META_BATCH]]
        yield json.dumps({"data": events}, ensure_ascii=False) + "\n"


def _event(row: Row, how: Told) -> dict[str, Any]:
    custom: dict[str, Any] = {"order_id": how.id_of(row)}
    if worth := how.worth(row):
        custom |= {"value": float(worth), "currency": how.currency}
    return {
        "event_name": how.name,
        "event_time": (row["at"] - EPOCH) // timedelta(seconds=1),
        "event_id": how.id_of(row),
        "action_source": "physical_store",
        "user_data": {"fbc": _fbc(row)},
        "custom_data": custom,
    }


def _fbc(row: Row) -> str:
    """The identifier as Meta wants it, with the instant of the click in milliseconds."""
    if row["kind"] == Kind.FBC.value:
        return str(row["click"])
    milliseconds = (row["click_at"] - EPOCH) // timedelta(milliseconds=1)
    return f"fb.1.{milliseconds}.{row['click']}"


def _google_adjustments(rows: Sequence[Row], how: Told) -> Iterator[str]:
    yield f"{ZONE}\n"
    yield from _csv(
        GOOGLE_ADJUSTMENTS,
        (
            (how.id_of(row), how.name, _time(_when(row)), _kind(row).upper(), *_anew(row, how))
            for row in rows
        ),
    )


def _microsoft_adjustments(rows: Sequence[Row], how: Told) -> Iterator[str]:
    empty = ("",) * (len(MICROSOFT_ADJUSTMENTS) - 6)
    head = ("Format Version", "", "", "", "", BULK_VERSION, *empty)
    lines = (
        (
            *("Offline Conversion", "", "", "", "", "", how.name, _bulk_time(row["at"])),
            *(row["click"], _kind(row), _bulk_time(_when(row)), *_anew(row, how)),
        )
        for row in rows
    )
    yield from _csv(MICROSOFT_ADJUSTMENTS, (head, *lines))


def _kind(row: Row) -> str:
    return "Retract" if row["taken_at"] is not None else "Restate"


def _when(row: Row) -> datetime:
    """When it changed: after the conversion, whatever the records say."""
    said: datetime = row["taken_at"] or row["changed_at"]
    after: datetime = row["at"] + timedelta(seconds=1)
    return max(said, after)


def _anew(row: Row, how: Told) -> tuple[str, str]:
    """The value that stands now and its currency; neither where all is taken back."""
    return ("", "") if row["taken_at"] is not None else (how.worth(row), how.currency_of(row))


def _csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for cells in (head, *rows):
        writer.writerow(cells)
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def _time(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _bulk_time(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_CONVERSIONS: Mapping[Platform, Callable[[Sequence[Row], Told], Iterator[str]]] = {
    Platform.GOOGLE: _google,
    Platform.META: _meta,
    Platform.MICROSOFT: _microsoft,
}
