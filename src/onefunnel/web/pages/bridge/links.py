"""Where the figures of the bridge lead: the rows behind them, what they mean."""

from urllib.parse import urlencode

from django.urls import reverse

from onefunnel.measures.bridge.factors import CONTRIBUTED
from onefunnel.vocabulary import Department
from onefunnel.web.pages.bridge.factors import FIGURES
from onefunnel.web.pages.funnel.asking import written
from onefunnel.web.pages.months.offered import LookedAt

BEFORE, AFTER = "before", "after"
ANY = object()
"""In place of a segment: all of them."""


def bridge(month: LookedAt) -> str:
    """The page of a month."""
    return f"{reverse('bridge')}?{urlencode({'month': month.label})}"


def rows(
    month: LookedAt,
    factor: str,
    side: str,
    version: int,
    *,
    owner: Department | None = None,
    segment: object = ANY,
) -> str:
    """The rows behind a factor in the month itself (``after``) or in the one before it."""
    period = month.period
    where = {
        "measure": "bridge",
        "figure": FIGURES[factor],
        "side": side,
        "from": period.since.isoformat(),
        "to": period.until.isoformat(),
        "as_of": str(version),
    }
    if factor == CONTRIBUTED and owner is not Department.OTHER:
        # Functions that are none of ours are one owner, and have names of their own on record.
        where["department"] = written(owner.value if owner else None)
    if segment is None or isinstance(segment, str):
        where["segment"] = written(segment)
    return f"{reverse('rows')}?{urlencode(where)}"


def definition(key: str) -> str:
    """What a figure means."""
    return f"{reverse('definitions')}#{key}"
