"""What people say of the company: customers who recommend it, and others who don't."""

import numpy as np
import pyarrow as pa

from onefunnel.simulator.columns import coded, identifiers, instants, prefixed, ratios, rows
from onefunnel.simulator.delays import DAY, Flags, Integers
from onefunnel.simulator.people import OWN, SECOND
from onefunnel.simulator.selling import Outcome, Selling
from onefunnel.simulator.setting import NEVER, Setting
from onefunnel.simulator.touches import PARTY_PREFIXES

KINDS = ("review", "referral", "recommendation")
REVIEW, REFERRAL, RECOMMENDATION = range(3)

COMPLAINS_EACH = 11
"""One in so many who did not buy writes a bad review; it makes nobody an advocate."""


def complained_at(deals: Selling) -> Integers:
    """When each lead that was lost writes a bad review, ``NEVER`` where it does not."""
    lost = (deals.outcome == Outcome.LOST) & (deals.person % COMPLAINS_EACH == 0)
    return np.where(lost, np.where(lost, deals.closed_at, 0) + 2 * DAY, NEVER)


def advocacy_table(setting: Setting, deals: Selling, second: Flags) -> pa.Table:
    """The rows of ``advocacy``: a review, a referral or a recommendation of each advocate.

    ``second`` says which leads have a second record, which carries it. Whom an advocate refers is
    the person who comes next after it; that costs and brings nothing in this model.
    """
    loyal = np.flatnonzero(deals.advocate_at < setting.end)
    bad = np.flatnonzero(complained_at(deals) < setting.end)
    person = np.concatenate([deals.person[loyal], deals.person[bad]])
    at = np.concatenate([deals.advocate_at[loyal], complained_at(deals)[bad]])
    record = np.concatenate([np.where(second[loyal], SECOND, OWN), np.full(len(bad), OWN)])
    good = np.arange(len(person)) < len(loyal)
    kind = np.where(good, person % 3, REVIEW)
    score = np.where(good, np.choose(kind, [4, 0, 9]), 1) + person % 2
    return rows(
        "advocacy",
        {
            "advocacy_id": identifiers("y", person),
            "party_id": prefixed(PARTY_PREFIXES, record, person),
            "occurred_at": instants(setting, at),
            "kind": coded(KINDS, kind),
            "score": ratios(score.astype(np.float64), kind != REFERRAL),
            "referred_party_id": identifiers("p", _next(setting, at), kind == REFERRAL),
        },
    )


def _next(setting: Setting, at: Integers) -> Integers:
    """The person who comes next after an instant: persons are numbered by their coming."""
    persons = setting.scenario.persons
    return np.minimum(np.ceil(at / setting.end * persons).astype(np.int64), persons - 1)
