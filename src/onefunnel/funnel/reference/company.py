"""A company's records as lists of dictionaries: whose each row is, and which rows count."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias

from onefunnel.funnel.rules import FACTS, Rule, Rules
from onefunnel.ledger.schema import TABLES
from onefunnel.vocabulary import STAGES, Question, Stage

Record: TypeAlias = dict[str, Any]
Records: TypeAlias = Mapping[str, list[Record]]
"""Table name → its rows, with ``entity`` among them."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
COMEBACKS = ("accepted", "qualified", "assigned", "connected")


def whole_seconds(instant: datetime) -> int:
    """Seconds since 1970, rounded down."""
    return (instant - EPOCH) // timedelta(seconds=1)


def between(earlier: datetime, later: datetime) -> int:
    """The duration in whole seconds."""
    return whole_seconds(later) - whole_seconds(earlier)


class Company:
    """The facts up to ``question.now``, each dated row with its ``entity`` and ``at``."""

    def __init__(self, records: Records, rules: Rules, question: Question) -> None:
        self.rules, self.question = rules, question
        self.records = {name: self._before_now(name, rows) for name, rows in records.items()}
        self.codes = {row["party_id"]: row["entity_code"] for row in records["entity"]}
        self.leads = {row["lead_id"]: row for row in self.records["lead"]}
        self.deals = {row["deal_id"]: row for row in self.records["deal"]}
        self.dated = {name: self._dated(name) for name in FACTS}
        self.own = self._own(observed=True)
        self.hints = self._own(observed=False)
        self.entries = self._entries()
        self.losses = self._losses(self.entries)

    def _before_now(self, name: str, rows: list[Record]) -> list[Record]:
        instant = TABLES[name].instant if name in TABLES else None
        return [row for row in rows if instant is None or self._is_past(row[instant])]

    def _is_past(self, moment: datetime | date | None) -> bool:
        if moment is None:
            return True
        if isinstance(moment, datetime):
            return moment <= self.question.now
        return moment <= self.question.now.date()

    # Whose a row is.

    def subject(self, name: str, row: Record) -> str | None:
        """The party that a row is about, or a stand-in."""
        if name == "lead":
            return row["party_id"] or f"lead:{row['lead_id']}"
        if name == "handoff":
            return self._of_lead(row["lead_id"])
        if name == "deal":
            return row["party_id"] or self._of_lead(row["lead_id"]) or f"deal:{row['deal_id']}"
        if name == "deal_event":
            return self._of_deal(row["deal_id"])
        if name == "order_line":
            order = row["order_id"] and f"order:{row['order_id']}"
            line = f"order_line:{row['order_line_id']}"
            return row["party_id"] or self._of_deal(row["deal_id"]) or order or line
        party: str | None = row["party_id"]
        return party

    def _of_lead(self, lead_id: str | None) -> str | None:
        if lead_id is None:
            return None
        return self.subject("lead", self.leads.get(lead_id, {"lead_id": lead_id, "party_id": None}))

    def _of_deal(self, deal_id: str | None) -> str | None:
        if deal_id is None:
            return None
        missing = {"deal_id": deal_id, "party_id": None, "lead_id": None}
        return self.subject("deal", self.deals.get(deal_id, missing))

    def entity(self, name: str, row: Record) -> int | None:
        """The code of the entity that a row belongs to; None: nobody known."""
        return self.codes.get(self.subject(name, row) or "")

    def _dated(self, name: str) -> list[Record]:
        """The rows that say when, with ``entity`` and ``at``, in order of time and key."""
        table = TABLES[name]
        assert table.instant is not None
        rows = [
            {**row, "at": row[table.instant], "entity": self.entity(name, row)}
            for row in self.records[name]
            if row[table.instant] is not None
        ]
        known = [row for row in rows if row["entity"] is not None]
        return sorted(known, key=lambda row: (row["at"], row[table.key]))

    # When each entity entered each stage.

    def _own(self, observed: bool) -> dict[Stage, dict[int, datetime]]:
        own: dict[Stage, dict[int, datetime]] = {stage: {} for stage in STAGES}
        for stage in STAGES:
            for rule in self.rules.of(stage).rules:
                if rule.observed != observed:
                    continue
                for entity, instant in self._by_rule(rule, stage, own).items():
                    earliest = min(instant, own[stage].get(entity, instant))
                    own[stage][entity] = earliest
        return own

    def _by_rule(
        self, rule: Rule, stage: Stage, own: dict[Stage, dict[int, datetime]]
    ) -> dict[int, datetime]:
        if rule.fallback and self._other_rules_match(stage):
            return {}
        rows = defaultdict(list)
        for row in self.dated[rule.fact]:
            if self._matches(row, rule):
                rows[row["entity"]].append(row)
        if rule.after is not None:
            entered = (own if rule.observed else self.own)[rule.after]
            rows = defaultdict(
                list,
                {
                    entity: [row for row in each if row["at"] >= entered[entity]]
                    for entity, each in rows.items()
                    if entity in entered
                },
            )
        found = {entity: self._nth(each, rule) for entity, each in rows.items()}
        return {entity: instant for entity, instant in found.items() if instant is not None}

    def _matches(self, row: Record, rule: Rule) -> bool:
        return (
            all(row[name] in values for name, values in rule.where)
            and all(row[name] is not None for name in rule.known)
            and all(row[name] is not None and row[name] >= least for name, least in rule.at_least)
            and all(row[name] is not None and row[name] > bound for name, bound in rule.above)
        )

    def _other_rules_match(self, stage: Stage) -> bool:
        return any(
            self._matches(row, rule)
            for rule in self.rules.of(stage).rules
            if not rule.fallback
            for row in self.records[rule.fact]
        )

    def _nth(self, rows: list[Record], rule: Rule) -> datetime | None:
        """The instant of the row that makes the entry; ``rows`` are in order."""
        instants = [row["at"] for row in rows]
        if rule.distinct is not None:
            firsts: dict[Any, datetime] = {}
            for row in rows:
                if row[rule.distinct] is not None:
                    firsts.setdefault(row[rule.distinct], row["at"])
            instants = sorted(firsts.values())
        for last in range(rule.nth - 1, len(instants)):
            span = between(instants[last - rule.nth + 1], instants[last])
            if rule.nth == 1 or rule.within_days is None or span <= rule.within_days * 86_400:
                found: datetime = instants[last]
                return found
        return None

    def _entries(self) -> dict[int, list[datetime | None]]:
        """Per entity, when it entered each stage: a later stage implies the earlier ones."""
        found = {}
        for entity in set(self.codes.values()):
            entries: list[datetime | None] = [None] * len(STAGES)
            later: datetime | None = None
            for stage in reversed(STAGES):
                records = (self.own[stage].get(entity), self.hints[stage].get(entity), later)
                later = min((each for each in records if each is not None), default=None)
                entries[stage.position] = later
            if entries[0] is not None:
                found[entity] = entries
        return found

    def observed(self, entity: int, stage: Stage) -> bool:
        """Whether the entry into the stage is the entity's own record of it."""
        own = self.own[stage].get(entity)
        return own is not None and own == self.entries[entity][stage.position]

    def in_period(self, instant: datetime | None) -> bool:
        """Whether an instant is in the question's period."""
        start, end = self.question.start, self.question.end
        if instant is None:
            return False
        return (start is None or instant >= start) and (end is None or instant < end)

    # What was lost.

    def standing_deals(self) -> dict[str, tuple[str, Record]]:
        """deal_id → its standing status, and the first event of the final run of that status."""
        runs: dict[str, tuple[str, Record]] = {}
        for event in self.dated["deal_event"]:
            status, deal_id = event["status"], event["deal_id"]
            if status is not None and (deal_id not in runs or runs[deal_id][0] != status):
                runs[deal_id] = (status, event)
        return runs

    def _losses(
        self, entries: dict[int, list[datetime | None]]
    ) -> dict[int, tuple[datetime, str | None, str | None]]:
        """Per entity whose loss stands: when, the reason, and whose reason."""
        deals = list(self.standing_deals().values())
        still_open = {event["entity"] for status, event in deals if status == "open"}
        events = [
            (row["at"], 0, row["deal_event_id"], row["lost_reason"], row["lost_reason_source"], row)
            for status, row in deals
            if status == "lost"
        ]
        events += [
            (row["at"], 1, row["handoff_id"], row["reason"], row["reason_source"], row)
            for row in self.dated["handoff"]
            if row["kind"] == "disqualified"
        ]
        back = self._last_comebacks(entries)
        found: dict[int, tuple[datetime, str | None, str | None]] = {}
        for at, _, _, reason, source, row in sorted(events, key=lambda each: each[:3]):
            entity = row["entity"]
            came_back = entity in back and back[entity] > at
            if entity not in still_open and entity not in found and not came_back:
                found[entity] = (at, reason, source)
        return found

    def _last_comebacks(self, entries: dict[int, list[datetime | None]]) -> dict[int, datetime]:
        signs = [
            (row["entity"], row["at"])
            for row in self.dated["deal_event"]
            if row["status"] in ("open", "won")
        ]
        signs += [(row["entity"], row["at"]) for row in self.dated["lead"]]
        signs += [
            (row["entity"], row["at"]) for row in self.dated["handoff"] if row["kind"] in COMEBACKS
        ]
        bought = ((entity, each[Stage.PURCHASE.position]) for entity, each in entries.items())
        signs += [(entity, at) for entity, at in bought if at is not None]
        latest: dict[int, datetime] = {}
        for entity, at in signs:
            latest[entity] = max(at, latest.get(entity, at))
        return latest

    # Dimensions.

    def dimension(self, entity: int, name: str) -> str | None:
        """The value of a dimension of an entity; None: unknown."""
        origin, is_lead = self._origin(entity)
        if name == "owner":
            return self._owner(entity)
        if name == "cohort_month":
            return self.month(origin["at"] if origin else self.entries[entity][0])
        if name == "segment":
            own = origin["segment"] if origin and is_lead else None
            return own if own is not None else self._party_segment(entity)
        value: str | None = origin[name] if origin else None
        return value

    def dimensions(self, entity: int) -> tuple[str | None, ...]:
        """The values of the question's dimensions of an entity."""
        return tuple(self.dimension(entity, name) for name in self.question.by)

    def _origin(self, entity: int) -> tuple[Record | None, bool]:
        """The first lead, else the first touch; what somebody says of how they came is none."""
        for name in ("lead", "touch"):
            for row in self.dated[name]:
                if row["entity"] == entity and row.get("kind") != "self_report":
                    return row, name == "lead"
        return None, False

    def _party_segment(self, entity: int) -> str | None:
        parties = sorted(self.records["party"], key=lambda row: str(row["party_id"]))
        for row in parties:
            if self.codes.get(row["party_id"]) == entity and row["segment"] is not None:
                segment: str = row["segment"]
                return segment
        return None

    def _owner(self, entity: int) -> str | None:
        firsts: dict[str, datetime] = {}
        for event in self.dated["deal_event"]:
            firsts.setdefault(event["deal_id"], event["at"])
        mine = [
            (firsts[deal_id], deal_id)
            for deal_id, deal in self.deals.items()
            if deal_id in firsts and self.entity("deal", deal) == entity
        ]
        if mine and self.deals[min(mine)[1]]["owner"] is not None:
            owner: str = self.deals[min(mine)[1]]["owner"]
            return owner
        for row in self.dated["handoff"]:
            if row["entity"] == entity and row["kind"] in ("assigned", "accepted"):
                actor: str | None = row["actor"]
                return actor
        return None

    def month(self, instant: datetime | None) -> str | None:
        """The label of the month of the question that holds an instant."""
        for month in self.question.months:
            if instant is not None and month.start <= instant < month.end:
                return month.label
        return None
