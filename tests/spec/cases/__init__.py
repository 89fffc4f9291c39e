"""The cases, by what they are about. They run on every engine."""

from tests.spec.cases.acquisition import ACQUISITION
from tests.spec.cases.attribution import ATTRIBUTION_CASES
from tests.spec.cases.behaviour import BEHAVIOUR
from tests.spec.cases.bridge import BRIDGE
from tests.spec.cases.losses import LOSSES
from tests.spec.cases.money import MONEY
from tests.spec.cases.offline_conversions import OFFLINE_CONVERSIONS
from tests.spec.cases.order import ORDER
from tests.spec.cases.plan_health import PLAN_HEALTH
from tests.spec.cases.self_reported import SELF_REPORTED
from tests.spec.cases.stages import STAGES
from tests.spec.cases.steps import STEPS
from tests.spec.cases.time import TIME
from tests.spec.cases.transitions import TRANSITIONS
from tests.spec.cases.unknowns import UNKNOWNS

CASES = [
    *MONEY,
    *UNKNOWNS,
    *TIME,
    *ORDER,
    *STAGES,
    *LOSSES,
    *STEPS,
    *BRIDGE,
    *BEHAVIOUR,
    *PLAN_HEALTH,
    *ACQUISITION,
    *ATTRIBUTION_CASES,
    *TRANSITIONS,
    *SELF_REPORTED,
    *OFFLINE_CONVERSIONS,
]
