"""Leads that nobody worked: bounds that hold, weights that recover, refusals where they can't."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefunnel.errors import UsageError
from onefunnel.measures.incentives.selection import Stratum, bounds, weighted

counts = st.tuples(*[st.integers(0, 30)] * 4).map(
    lambda n: Stratum(max(n[:2]), min(n[:2]), max(n[2:]), min(n[2:]))
)


@given(st.lists(counts, min_size=1, max_size=4), st.booleans(), st.booleans())
def test_assumptions_only_narrow_the_bounds(
    strata: list[Stratum], never_hurts: bool, better: bool
) -> None:
    wide = bounds(strata)
    narrow = bounds(strata, work_never_hurts=never_hurts, better_were_picked=better)
    if wide is None or narrow is None:
        assert sum(each.left for each in strata) == 0
        return
    assert (wide.low, wide.high) == pytest.approx((0.0, 1.0))
    assert wide.low <= narrow.low <= narrow.high <= wide.high + 1e-12


def test_the_bounds_hold_what_picking_hides() -> None:
    # Half the leads are good; salespeople see it and work most of those.
    random = np.random.default_rng(2)
    good = random.random(20_000) < 0.5
    worked = random.random(20_000) < np.where(good, 0.8, 0.2)
    if_worked = random.random(20_000) < np.where(good, 0.5, 0.1)
    if_left = if_worked & (random.random(20_000) < 0.2)
    stratum = Stratum(
        int(worked.sum()),
        int((worked & if_worked).sum()),
        int((~worked).sum()),
        int((~worked & if_left).sum()),
    )
    truth = if_worked[~worked].mean()
    found = bounds([stratum], work_never_hurts=True, better_were_picked=True)
    assert found.low < truth < found.high
    # Weighting that does not see what they saw is wrong; in strata of it, it is right.
    assert weighted([stratum]).rate.low > truth
    parts = [
        Stratum(
            *(
                int(each.sum())
                for each in (w, w & if_worked, ~worked & kind, ~worked & if_left & kind)
            )
        )
        for kind in (good, ~good)
        for w in (worked & kind,)
    ]
    seen = weighted(parts).rate
    assert seen.low < truth < seen.high


def test_weights_are_those_of_the_leads_that_were_left() -> None:
    strata = [Stratum(100, 50, 100), Stratum(100, 10, 300)]
    found = weighted(strata)
    assert found.rate.value == pytest.approx(0.25 * 0.5 + 0.75 * 0.1)
    assert found.effective == pytest.approx((100 + 300) ** 2 / (100 * 1 + 100 * 9))
    assert [note.code for note in found.notes] == ["no_hidden_choice"]


def test_a_stratum_where_all_were_worked_has_no_say() -> None:
    strata = [Stratum(100, 50, 100), Stratum(100, 10, 0)]
    assert weighted(strata).rate.value == 0.5


@pytest.mark.parametrize(
    ("strata", "code"),
    [
        ([Stratum(0, 0, 10), Stratum(100, 10, 10)], "refused_no_overlap"),
        ([Stratum(4, 2, 96), Stratum(100, 10, 10)], "refused_no_overlap"),
        ([Stratum(20, 2, 30)], "refused_few_effective"),
        ([Stratum(20, 2, 0)], "refused_none_left"),
    ],
)
def test_where_weighting_can_not_be_defended_it_is_refused(
    strata: list[Stratum], code: str
) -> None:
    found = weighted(strata)
    assert (found.rate, found.notes[0].code) == (None, code)


def test_contradicting_assumptions_leave_what_was_seen() -> None:
    found = bounds([Stratum(10, 1, 10, 5)], work_never_hurts=True, better_were_picked=True)
    assert (found.low, found.high) == (0.5, 0.5)


def test_more_won_than_there_are_is_refused() -> None:
    with pytest.raises(UsageError):
        Stratum(5, 6, 1)
