"""What becomes of each conversion at each platform: returned, or why not. Expressions only."""

from collections.abc import Sequence
from enum import StrEnum

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.instants import SECONDS_A_DAY, literal, never, seconds_between
from onefunnel.funnel.subjects import attach
from onefunnel.measures.offline_conversions.clicks import clicks
from onefunnel.measures.offline_conversions.conversions import Conversion, conversions
from onefunnel.measures.offline_conversions.platforms import (
    ERASED,
    LIMITS,
    UNKNOWN,
    Platform,
)

OBJECTION = '"no_advertising":true'
"""In a party's ``attributes``, whatever spaces stand there: nothing of it is told to a platform."""
LOOKED_BACK = 90
"""Days before a conversion in which a click of unknown platform may have led to it."""


class Status(StrEnum):
    """What becomes of a conversion; the first that applies."""

    KEPT_OUT = "kept_out"
    """Its party was erased, or wants nothing told to advertising platforms."""
    TOO_OLD = "too_old"
    """The platform's last click lies too long before it."""
    TAKEN_BACK = "taken_back"
    """It does not hold any more."""
    EXPIRED = "expired"
    """The platform takes it no more: too long ago."""
    RETURNED = "returned"
    """It goes into the file."""
    NOT_ASSIGNED = "not_assigned"
    """No click of the platform, but one before it whose platform nothing tells."""
    OTHER_PLATFORM = "other_platform"
    """Clicks before it are of other platforms only."""
    WITHOUT_CLICK = "without_click"
    """No click with an identifier before it."""


def fates(
    base: Base,
    platforms: Sequence[Platform] = tuple(Platform),
    kinds: Sequence[Conversion] = tuple(Conversion),
) -> ir.Table:
    """The conversions of the period, of some kinds, with what becomes of them at some platforms.

    The columns of :func:`onefunnel.measures.offline_conversions.conversions.conversions`, and for
    each platform ``<platform>_status``, ``_at``, ``_kind`` and ``_click``: the last click of the
    platform at or before the conversion, of one instant that with the greatest touch_id; NULL
    where there is none.
    """
    rows = conversions(base, kinds)
    found = rows.left_join(_last_clicks(rows, platforms, base), ["of", "key"])
    found = found.drop(*(name for name in found.columns if name.endswith("_right")))
    found = attach(found, _kept_out(base), "entity_code", "kept_code")
    said = {status_of(each): _status(found, each, base) for each in platforms}
    clicked = [f"{each.value}_{part}" for each in platforms for part in CLICKED]
    return found.select(*rows.columns, *clicked, **said)


CLICKED = ("at", "kind", "click")
"""What is told of a click."""


def status_of(platform: Platform) -> str:
    """The column of the status at a platform."""
    return f"{platform.value}_status"


def _status(rows: ir.Table, platform: Platform, base: Base) -> ir.StringValue:
    limits = LIMITS[platform]
    click_at, converted = rows[f"{platform.value}_at"], rows["at"]
    waited = seconds_between(click_at, converted)
    since = click_at if limits.from_click else converted
    age = seconds_between(since, literal(base.question.now))
    unknown = seconds_between(rows.unknown_at, converted)
    met = click_at.notnull()
    return ibis.cases(
        (rows.kept.notnull(), Status.KEPT_OUT.value),
        (met & (waited > limits.click * SECONDS_A_DAY), Status.TOO_OLD.value),
        (met & rows.taken_at.notnull(), Status.TAKEN_BACK.value),
        (met & (age > limits.upload * SECONDS_A_DAY), Status.EXPIRED.value),
        (met, Status.RETURNED.value),
        ((unknown <= LOOKED_BACK * SECONDS_A_DAY).fill_null(False), Status.NOT_ASSIGNED.value),
        (rows.clicks > 0, Status.OTHER_PLATFORM.value),
        else_=Status.WITHOUT_CLICK.value,
    )


def _last_clicks(rows: ir.Table, platforms: Sequence[Platform], base: Base) -> ir.Table:
    """For each conversion with clicks before it: of, key, clicks, and the last of each platform.

    ``clicks`` are of how many platforms, ``unknown_at`` is the last one whose platform is unknown.
    """
    own = rows.select("of", "key", whose="entity_code", converted="at")
    every = clicks(base)
    met = own.inner_join(every, own.whose == every.entity_code)
    met = met.filter(met["at"] <= met.converted)
    order = ibis.window(
        group_by=[met.of, met.key, met.platform], order_by=[met["at"].desc(), met.touch_id.desc()]
    )
    ranked = met.mutate(place=ibis.row_number().over(order))
    last = ranked.filter(ranked.place == 0)
    unknown = ibis.ifelse(last.platform == UNKNOWN, last["at"], never())
    columns: dict[str, ir.Scalar] = {"clicks": last.count(), "unknown_at": unknown.max()}
    for each in platforms:
        ours = last.platform == each.value
        for part in CLICKED:
            none = ibis.null(last[part].type())
            columns[f"{each.value}_{part}"] = ibis.ifelse(ours, last[part], none).max()
    return last.group_by("of", "key").aggregate(**columns)


def _kept_out(base: Base) -> ir.Table:
    """The entities of which nothing is told: kept_code, kept."""
    entity, party = base.facts["entity"], base.facts["party"]
    said = party.attributes.replace(" ", "").lower().contains(OBJECTION).fill_null(False)
    objecting = party.filter(said).select(objector="party_id")
    rows = attach(entity, objecting.mutate(objects=ibis.literal(1)), "party_id", "objector")
    out = rows.filter(rows.party_id.startswith(ERASED) | rows.objects.notnull())
    return out.group_by(kept_code="entity_code").aggregate(kept=out.count())
