"""Companies with a known truth over all tables of the ledger, the same for the same seed.

>>> from onefunnel.simulator import SCENARIOS, simulate
>>> company = simulate(SCENARIOS["company-x"](touches=1_000, seed=7, language="ro"))
>>> sorted(set(company.tables()) & {"touch", "lead", "deal"})
['deal', 'lead', 'touch']
>>> round(company.truth.quarrel.expected.alignment, 4)
0.8099
"""

from onefunnel.simulator.company import Company, simulate
from onefunnel.simulator.delays import Delay
from onefunnel.simulator.scenario import Channel, Conflicts, Plan, Scenario, Segment, Step
from onefunnel.simulator.scenarios import SCENARIOS
from onefunnel.simulator.self_reports import SelfReports
from onefunnel.simulator.truth import Truth

__all__ = [
    "SCENARIOS",
    "Channel",
    "Company",
    "Conflicts",
    "Delay",
    "Plan",
    "Scenario",
    "Segment",
    "SelfReports",
    "Step",
    "Truth",
    "simulate",
]
