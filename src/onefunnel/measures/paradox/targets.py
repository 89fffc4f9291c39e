"""The targets of both departments, and what was reached of each."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from onefunnel.funnel.collected import Collected
from onefunnel.measures.incentives.alarm import Target
from onefunnel.vocabulary import Department

DEPARTMENTS = (Department.MARKETING, Department.SALES)
AT_MOST = frozenset({"spend", "cost_per_lead"})
"""Measures that are met by staying within the target; the others by reaching it."""
OF = ":"
"""Between a measure and the segment that a target is for: ``leads:parts``."""


@dataclass(frozen=True, slots=True)
class Achieved:
    """What a segment, or all of them, reached in the period; None is unknown.

    ``leads`` are those that marketing won, ``worked`` those of the leads that sales got.
    """

    leads: float = 0.0
    worked: float | None = 0.0
    spend: float | None = None
    revenue: float | None = 0.0
    contribution: float | None = 0.0
    customers: float = 0.0

    @property
    def cost_per_lead(self) -> float | None:
        """Spend divided by leads; None where either is unknown or there is no lead."""
        return self.spend / self.leads if self.spend is not None and self.leads else None


MEASURES: Mapping[str, Callable[[Achieved], float | None]] = {
    "leads": lambda each: each.leads,
    "worked": lambda each: each.worked,
    "spend": lambda each: each.spend,
    "cost_per_lead": lambda each: each.cost_per_lead,
    "revenue": lambda each: each.revenue,
    "contribution": lambda each: each.contribution,
    "customers": lambda each: each.customers,
}
"""What a target can be set for, by the name in the table ``target``."""


@dataclass(frozen=True, slots=True)
class Set:
    """A target as it is on record; ``segment`` None: of all."""

    department: str
    measure: str
    segment: str | None
    value: float | None


@dataclass(frozen=True, slots=True)
class Reached:
    """All targets of the month and what was reached: of all segments (None), and of each.

    ``without`` are departments that have no target, ``unknown`` the targets that can't be told.
    """

    targets: tuple[Set, ...]
    achieved: Mapping[str | None, Achieved]

    @property
    def without(self) -> tuple[str, ...]:
        """The departments without a target."""
        there = {each.department for each in self.targets}
        return tuple(each.value for each in DEPARTMENTS if each.value not in there)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The measures of targets that can't be compared, as they are written."""
        names = (
            each.measure + (OF + each.segment if each.segment else "")
            for each in self.targets
            if each.value is None or self.value(each) is None
        )
        return tuple(dict.fromkeys(names))

    def value(self, target: Set) -> float | None:
        """What was reached of a target; None where it is not measured or unknown."""
        measured = MEASURES.get(target.measure)
        return measured(self.achieved.get(target.segment, Achieved())) if measured else None


def reached_of(collected: Collected) -> Reached:
    """What the queries of targets, of leads, spend and sales say together."""
    given = (_set(row) for row in collected["targets"].to_pylist())
    names = {each.value for each in DEPARTMENTS}
    ours = sorted((each for each in given if each.department in names), key=_key)
    return Reached(tuple(ours), _achieved(collected))


def department_targets(reached: Reached, segment: str) -> dict[str, tuple[Target, ...]]:
    """The targets of each department that hold for a segment: of all, and of it."""
    found: dict[str, tuple[Target, ...]] = {each.value: () for each in DEPARTMENTS}
    for each in reached.targets:
        if each.segment in (None, segment):
            least = each.measure not in AT_MOST
            target = Target(each.measure, reached.value(each), each.value, least)
            found[each.department] += (target,)
    return found


def _set(row: Mapping[str, str | float | None]) -> Set:
    measure, _, segment = str(row["measure"] or "").strip().partition(OF)
    value = row["value"]
    return Set(
        str(row["department"] or "").strip().lower(),
        measure.strip().lower(),
        segment.strip() or None,
        None if value is None else float(value),
    )


def _key(each: Set) -> tuple[str, str, str, float]:
    return each.department, each.measure, each.segment or "", each.value or 0.0


def _achieved(collected: Collected) -> dict[str | None, Achieved]:
    came = {row["segment"]: row["leads"] for row in collected["came"].to_pylist()}
    done = _worked(collected)
    lines = {row["segment"]: row for row in collected["achieved"].to_pylist()}
    spent = collected["spent"].to_pylist()
    told = {row["segment"]: row for row in spent}
    traced = bool(collected["traces"].to_pylist()[0]["traces"])
    split = bool(spent) and None not in told
    found: dict[str | None, Achieved] = {}
    for name in {*came, *done, *lines, *(told if split else ())}:
        rows = [told[name]] if name in told else []
        found[name] = Achieved(
            came.get(name, 0),
            done.get(name, 0) if traced else None,
            _spend(rows) if split else None,
            *_sold([lines.get(name)]),
        )
    found[None] = Achieved(
        sum(came.values()),
        sum(done.values()) if traced else None,
        _spend(spent) if spent else None,
        *_sold(list(lines.values())),
    )
    buyers = collected["buyers"].to_pylist()[0]["customers"]
    found[None] = replace(found[None], customers=float(buyers))
    return found


def _worked(collected: Collected) -> dict[str, int]:
    """The leads of the period that were worked, by segment."""
    found: dict[str, int] = defaultdict(int)
    for row in collected["leads"].to_pylist():
        if row["asked"] and row["worked"]:
            found[row["segment"]] += row["moved"] + row["lost"] + row["censored"]
    return found


def _spend(rows: list[dict[str, object]]) -> float | None:
    if any(row["unknown"] for row in rows):
        return None
    return float(sum(float(str(row["amount"] or 0)) for row in rows))


def _sold(rows: list[dict[str, object] | None]) -> tuple[float | None, float | None, float]:
    """Revenue and contribution, None where a line leaves them unknown, and customers."""
    there = [row for row in rows if row is not None]

    def total(name: str, unknown: str) -> float | None:
        if any(row[unknown] for row in there):
            return None
        return float(sum(float(str(row[name] or 0)) for row in there))

    customers = float(sum(float(str(row["customers"])) for row in there))
    return total("revenue", "unpriced"), total("contribution", "uncosted"), customers
