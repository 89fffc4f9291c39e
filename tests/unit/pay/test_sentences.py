"""Every reason that a line can have is said in words, with all its figures."""

from __future__ import annotations

import string

from hypothesis import given, settings

from onefunnel.measures.payouts.booked import row_of
from onefunnel.pay.engine import payouts
from onefunnel.pay.reference.firm import Firm
from onefunnel.pay.sentences import SENTENCES, sentence
from tests.unit.pay.strategies import firms

MAY_LACK = {"draw", "value"}


@settings(max_examples=15)
@given(firms())
def test_every_reason_has_its_words(firm: Firm) -> None:
    found = payouts(
        firm.plans,
        firm.members,
        firm.sales,
        firm.until,
        since=firm.plans[0].first,
        calendar=firm.calendar,
        minor=firm.minor,
    )
    for line in found.lines:
        row = row_of(line, "EUR")
        fields = {name for _, name, _, _ in string.Formatter().parse(SENTENCES[row.code]) if name}
        assert fields - row.params.keys() <= MAY_LACK
        assert "unknown" not in row.why or None in row.params.values()


def test_a_reason_of_a_later_release_is_said_by_its_code() -> None:
    assert sentence("windfall", {"rate": "0.1"}) == "windfall"
