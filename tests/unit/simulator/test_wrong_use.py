"""What is wrong is said, with the value and the valid names."""

from __future__ import annotations

from pathlib import Path

import pytest

from onefunnel.errors import UnknownName, UsageError
from onefunnel.simulator import (
    SCENARIOS,
    Channel,
    Conflicts,
    Delay,
    Plan,
    Scenario,
    Segment,
    Step,
    simulate,
)
from onefunnel.simulator.names import LANGUAGES
from onefunnel.simulator.scenarios import STEPS

MONTH = Delay("exponential", 30.0)


def company_sold_at_a_loss() -> Scenario:
    return SCENARIOS["healthy"](touches=100).with_conflicts(discount_slope=0.05)


def test_names_that_do_not_exist(tmp_path: Path) -> None:
    company = simulate(SCENARIOS["healthy"](touches=100))
    with pytest.raises(UnknownName, match="Did you mean 'company-x'"):
        SCENARIOS["company-y"]
    with pytest.raises(UnknownName, match="Did you mean 'pull'"):
        SCENARIOS["healthy"]().with_conflicts(pul=1.0)
    with pytest.raises(UnknownName, match="Valid: csv, parquet"):
        company.write(tmp_path / "x", "xlsx")
    with pytest.raises(UnknownName, match="Did you mean 'touch'"):
        next(company.blocks("toch"))
    with pytest.raises(UnknownName, match="language 'de'"):
        SCENARIOS["healthy"](language="de")
    with pytest.raises(UnknownName, match="language 'de'"):
        LANGUAGES["de"]
    with pytest.raises(UnknownName, match="currency 'USD'"):
        SCENARIOS["healthy"](currency="USD")
    with pytest.raises(UnknownName, match="lognormal"):
        Delay("lognorm", 1.0)
    with pytest.raises(UnknownName, match="base of pay 'margin'"):
        Plan("margin", 0.1)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Delay("exponential", 0.0),
        lambda: Delay("weibull", 1.0, -1.0),
        lambda: Step(0.7, Delay("exponential", 1.0), 0.4),
        lambda: Conflicts(follow_up=1.5),
        lambda: Conflicts(hours=0.0),
        lambda: SCENARIOS["healthy"](touches=0),
        lambda: SCENARIOS["healthy"](days=0),
        lambda: SCENARIOS["healthy"](steps=()),
        lambda: SCENARIOS["healthy"](steps=(Step(0.5, MONTH, 0.1), *STEPS[1:])),
        lambda: SCENARIOS["healthy"](channels=()),
        lambda: SCENARIOS["healthy"](channels=(Channel("direct", "", "", 1.0),)),
        lambda: SCENARIOS["healthy"](touches_per_person=100.0),
        lambda: SCENARIOS["healthy"](twice=1.1),
        lambda: Conflicts(junk=1.0),
        lambda: Conflicts(noise=-1.0),
        lambda: Segment("gates", 0.0, 1.0, 1.0, 1.0, 0.5, 0.5, MONTH, MONTH),
        lambda: Segment("gates", 1.0, 1.0, 1.0, 1.0, 0.7, 0.5, MONTH, MONTH),
        lambda: simulate(company_sold_at_a_loss()).truth,
    ],
)
def test_numbers_that_can_not_be(make: object) -> None:
    assert callable(make)
    with pytest.raises(UsageError):
        make()
