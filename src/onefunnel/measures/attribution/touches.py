"""The touches of known entities, each with its player, and the players' numbers. Expressions only.

A player is a text ``<department>:<which>``: of marketing, and of no named department, the value of
the dimension that is asked for (``marketing:search``); of any other department the kind of contact
(``sales:call``), as its work shows no channel. So nobody's channel is taken for another's contact.
"""

from datetime import timedelta

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.contacts import is_contact
from onefunnel.funnel.instants import INSTANT, literal
from onefunnel.measures.attribution.asked import Asked
from onefunnel.measures.attribution.family import MOST_PLAYERS, UNKNOWN, Player
from onefunnel.vocabulary import Department

OTHER = "other"
"""The player who stands for those that have no number of their own."""


def touches(base: Base, asked: Asked) -> ir.Table:
    """The touches that a path of the period can have, or can end later with.

    Columns: touch_id, entity_code, at, player (never NULL), direct. Those of unknown visitors and
    undated ones are not in it, nor what people say of how they heard of the company.
    """
    rows = base.facts["touch"]
    rows = rows.mutate(at=rows.occurred_at.cast(INSTANT))
    kept = rows["at"].notnull() & is_contact(rows)
    if base.question.start is not None:
        window = timedelta(days=asked.settings.window_days)
        kept = kept & (rows["at"] >= literal(base.question.start - window))
    found = rows.filter(kept).select(
        "touch_id", "party_id", "at", player=_player(rows, asked), direct=_direct(rows, asked)
    )
    codes = base.facts["entity"].select(code_party="party_id", entity_code="entity_code")
    joined = found.inner_join(codes, found.party_id == codes.code_party)
    return joined.select("touch_id", "entity_code", "at", "player", "direct")


def numbers(base: Base, asked: Asked) -> ir.Table:
    """The number of each player of these touches: player, number (from 0), touches, called.

    Those with most touches come first, of equals the first by name; whoever is unknown is before
    all. Those with fewer touches than are asked for share the last number; so do those from the
    62nd on where there are more than 62. Several who share a number are called ``other``.
    """
    rows = touches(base, asked)
    if base.question.end is not None:
        rows = rows.filter(rows["at"] < literal(base.question.end))
    found = rows.group_by("player").aggregate(touches=rows.count())
    named = found.mutate(unknown=ibis.ifelse(found.player == UNKNOWN, 0, 1))
    order = ibis.window(order_by=[named.unknown, named.touches.desc(), named.player])
    placed = named.mutate(place=ibis.row_number().over(order), players=named.player.count().over())
    few = (placed.touches < asked.least_touches) & (placed.unknown == 1)
    none, last = (ibis.literal(each, type="int64") for each in (0, MOST_PLAYERS - 1))
    many = ibis.ifelse(placed.players > MOST_PLAYERS, last, placed.players.cast("int64"))
    kept = placed.players - ibis.ifelse(few, 1, none).sum().over()
    number = ibis.least(placed.place.cast("int64"), many, kept.cast("int64"))
    rows = placed.select("player", "touches", number=number)
    together = rows.player.count().over(group_by=rows.number)
    return rows.mutate(called=ibis.ifelse(together > 1, ibis.literal(OTHER), rows.player))


def players(base: Base, asked: Asked) -> ir.Table:
    """What each number stands for: number, player (``other`` where several share it), touches."""
    rows = numbers(base, asked)
    return rows.group_by("number").aggregate(
        touches=rows.touches.sum(), merged=rows.count(), player=rows.called.min()
    )


def known(player: str) -> Player:
    """A player as models know it: None where it is unknown.

    >>> known("marketing:search"), known("unknown")
    ('marketing:search', None)
    """
    return None if player == UNKNOWN else player


def shown(player: Player) -> tuple[str | None, str | None]:
    """A player's department, and its name as an answer shows it.

    A contact of another department keeps that department before its kind. Who is unknown has
    neither, and those put together have no one department.

    >>> shown("marketing:search"), shown("sales:call"), shown("other"), shown(None)
    (('marketing', 'search'), ('sales', 'sales:call'), (None, 'other'), (None, None))
    """
    if player is None or ":" not in player:
        return None, player
    department, name = player.split(":", 1)
    return department, name if department == Department.MARKETING else player


def _player(rows: ir.Table, asked: Asked) -> ir.StringValue:
    value = rows[asked.dimension]
    own = ibis.literal(f"{Department.MARKETING.value}:") + value
    kind = rows.kind.fill_null(UNKNOWN)
    contact = rows.department + ibis.literal(":") + kind
    ours = _is_marketings(rows)
    return ibis.cases(
        (ours & value.isnull(), ibis.literal(UNKNOWN)), (ours, own), else_=contact
    ).name("player")


def _is_marketings(rows: ir.Table) -> ir.BooleanValue:
    return rows.department.isnull() | (rows.department == Department.MARKETING.value)


def _direct(rows: ir.Table, asked: Asked) -> ir.BooleanValue:
    """Whether a touch of marketing came by a direct channel, whatever players are."""
    direct = rows.channel.isin(sorted(asked.settings.direct)) if asked.settings.direct else None
    if direct is None:
        return ibis.literal(False)
    return _is_marketings(rows) & direct.fill_null(False)
