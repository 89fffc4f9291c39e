"""Three companies in workspaces: a healthy one, company X, and one that nobody follows up."""

from __future__ import annotations

import pytest

from onefunnel.api import Opened
from onefunnel.simulator import SCENARIOS, Company, simulate
from tests.recovery.company import take_in
from tools.recovery import TABLES

SIZE = {"touches": 15_000, "touches_per_person": 3.0}
CASES = {
    "healthy": SCENARIOS["healthy"](seed=21, **SIZE),
    "company-x": SCENARIOS["company-x"](seed=22, unseen_brand=0.1, unknown_cost=0.2, **SIZE),
    "no-follow-up": SCENARIOS["no-follow-up"](seed=23, unworked_win=0.1, **SIZE),
}

OF_PERSONS = (*TABLES, "alias", "unlink", "spend")
"""All that the funnel and the deals rest on; how the whole is taken in is shown elsewhere."""

Taken = tuple[Company, Opened]


@pytest.fixture(
    scope="session",
    params=[
        pytest.param(name, marks=pytest.mark.xdist_group(f"recovery-{name}")) for name in CASES
    ],
)
def taken(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Taken:
    """One of the companies with its workspace; a worker has it once."""
    company = simulate(CASES[request.param])
    folder = tmp_path_factory.mktemp(request.param)
    return company, take_in(company, folder, tables=OF_PERSONS)
