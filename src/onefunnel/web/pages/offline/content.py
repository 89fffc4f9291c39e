"""What the page shows: what becomes of conversions at each platform, and the rows of the file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from onefunnel.measures.offline_conversions.conversions import Conversion
from onefunnel.measures.offline_conversions.platforms import Platform
from onefunnel.measures.offline_conversions.result import OfflineConversionsRow
from onefunnel.measures.offline_conversions.statuses import Status
from onefunnel.measures.offline_conversions.telling import ToldValue
from onefunnel.vocabulary import Answer
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_
from onefunnel.web.report import notes
from onefunnel.workflows.returning import File

PLATFORMS = {
    Platform.GOOGLE: "Google Ads",
    Platform.META: "Meta",
    Platform.MICROSOFT: "Microsoft Advertising",
}
KINDS = {
    Conversion.LEAD: N_("Leads"),
    Conversion.ACCEPTED: N_("Leads that sales accepted"),
    Conversion.CUSTOMER: N_("Customers"),
}
VALUES = {
    ToldValue.CONTRIBUTION: N_("Contribution"),
    ToldValue.REVENUE: N_("Revenue"),
    ToldValue.NONE: N_("No value"),
}
FATES = {
    Status.RETURNED: N_("Go back with a click"),
    Status.TAKEN_BACK: N_("Taken back since"),
    Status.EXPIRED: N_("Too late to be told"),
    Status.TOO_OLD: N_("The last click lies too long before"),
    Status.NOT_ASSIGNED: N_("A click whose platform nothing tells"),
    Status.OTHER_PLATFORM: N_("Clicks of other platforms only"),
    Status.WITHOUT_CLICK: N_("No click on record"),
    Status.KEPT_OUT: N_("Erased, or wants nothing told"),
}
"""What becomes of a conversion, in the order in which it is shown."""
LIMITS = {
    Platform.GOOGLE: N_(
        "Google takes a conversion until 90 days after the click. It counts what comes again with "
        "the same order id once."
    ),
    Platform.META: N_(
        "Meta takes an offline event until 62 days after it happened. What comes again within 7 "
        "days with the same order id and time it counts once; later it would count twice, so send "
        "each period once. It takes nothing back."
    ),
    Platform.MICROSOFT: N_(
        "Microsoft takes a conversion until 90 days after the click. It counts what comes again "
        "with the same click, name and time once."
    ),
}
UPLOADS = {
    Platform.GOOGLE: N_("Upload it in Google Ads under Goals, Conversions, Uploads."),
    Platform.META: N_(
        "Each line is the body of a request to the Conversions API of the dataset: at most a "
        "thousand events."
    ),
    Platform.MICROSOFT: N_(
        "Upload it in Microsoft Advertising under Conversions, Offline conversions."
    ),
}
PREVIEWED = 10


@dataclass(frozen=True, slots=True)
class Fate:
    """How many conversions fare so at each platform, in the order of the platforms."""

    name: Markup
    counts: tuple[str, ...]
    first: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the file as it is shown."""

    click: str
    clicked: Markup
    converted: Markup
    value: Markup | str


def fates(answer: Answer[OfflineConversionsRow], of: Conversion, words: Words) -> tuple[Fate, ...]:
    """What becomes of the conversions of a kind; fates that nobody has are left out."""
    rows = {row.platform: row for row in answer.rows if row.of == of.value}
    found = []
    for status, name in FATES.items():
        numbers = [getattr(rows[platform.value], status.value) for platform in Platform]
        if any(numbers) or status is Status.RETURNED:
            shown = tuple(words.figures.count(each) for each in numbers)
            found.append(Fate(words.say(name), shown, status is Status.RETURNED))
    return tuple(found)


def preview(file: File, rows: Sequence[Mapping[str, Any]], words: Words) -> tuple[Line, ...]:
    """The first rows of a file."""
    return tuple(_line(file, row, words) for row in rows[:PREVIEWED])


def _line(file: File, row: Mapping[str, Any], words: Words) -> Line:
    worth = None if file.told.value is ToldValue.NONE else row[file.told.value.value]
    return Line(
        row["click"],
        words.instant(row["click_at"]),
        words.instant(row["at"]),
        words.say("No value") if worth is None else words.figures.money(worth),
    )


def options(names: Mapping[Any, str], chosen: Any, words: Words) -> list[tuple[str, str, bool]]:
    """What can be chosen: value, text, whether it is."""
    return [(key.value, words.say(text), key is chosen) for key, text in names.items()]


def said(answer: Answer[OfflineConversionsRow], words: Words) -> list[notes.NoteView]:
    """What the reader must be told beside the figures."""
    return [notes.view(each, words) for each in answer.notes]
