"""The counts of attribution over the ledger in plain Python, one party after the other."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np

from onefunnel.funnel.reference.company import Company, Record, Records
from onefunnel.funnel.reference.money import lines, rounded
from onefunnel.funnel.rules import Rules
from onefunnel.measures.attribution.asked import Asked
from onefunnel.measures.attribution.buckets import buckets_of
from onefunnel.measures.attribution.counts import Counts, Credits
from onefunnel.measures.attribution.family import Player, Value
from onefunnel.measures.attribution.reference import Conversion, collapsed, paths
from onefunnel.measures.attribution.reference import counts as counts_of
from onefunnel.measures.attribution.rules import Path, Touch
from onefunnel.vocabulary import Question, Stage

THOUSANDTHS = 1000
MOST = 62
DIRECT = "directly "
"""Before the player of a touch that came by a direct channel, whatever players are."""

Parties = list[tuple[int, Path]]


@dataclass(frozen=True)
class Plain:
    """The counts, credits as floating point numbers, and what the other queries say."""

    counts: Counts
    touches: dict[Player, int]
    worth: Decimal
    unknown: int


def attribution(records: Records, rules: Rules, question: Question, asked: Asked) -> Plain:
    """The counts of the paths of the period, from records with ``entity`` among them."""
    given = _Given(Company(records, rules, question), asked)
    met = given.players()
    kept = given.kept(met)
    if len(met) > kept + 1:
        given.merge(met[kept:])
        met = [*met[:kept], "other"]
    parties = given.parties()
    counts = counts_of(parties, met, asked.settings, asked.orders)
    counts = Counts(
        players=counts.players,
        sets=replace(counts.sets, value_scale=THOUSANDTHS),
        credits=_credits(parties, met, given),
        transitions=counts.transitions,
    )
    return Plain(counts, dict(given.touched), *given.worth())


def parties_of(records: Records, rules: Rules, question: Question, asked: Asked) -> Parties:
    """The paths of the period, each with the bucket of its entity; nobody is put together."""
    return _Given(Company(records, rules, question), asked).parties()


class _Given:
    """Touches and conversions of each entity of a company."""

    def __init__(self, company: Company, asked: Asked) -> None:
        self.company, self.asked = company, asked
        contacts = [row for row in company.dated["touch"] if row["kind"] != "self_report"]
        self.touches: dict[int, list[Touch]] = defaultdict(list)
        self.direct: set[str] = set()
        for row in contacts:
            direct = _is_marketings(row) and row["channel"] in asked.settings.direct
            key = f"{int(direct)} {row['touch_id']}"
            self.touches[row["entity"]].append(Touch(key, row["at"], self.player(row)))
            if direct:
                self.direct.add(key)
        self.conversions = self._conversions()
        self.touched = Counter(self.player(row) for row in contacts if self._is_near(row["at"]))

    def player(self, row: Record) -> Player:
        """Who a touch is."""
        value: str | None = row[self.asked.dimension]
        if _is_marketings(row):
            return None if value is None else f"marketing:{value}"
        return f"{row['department']}:{row['kind'] or 'unknown'}"

    def _is_near(self, at: datetime) -> bool:
        """Whether a touch can be on a path of the period."""
        start, end = self.company.question.start, self.company.question.end
        window = timedelta(days=self.asked.settings.window_days)
        return (start is None or at >= start - window) and (end is None or at < end)

    def players(self) -> list[Player]:
        """In the order of their numbers."""
        most = sorted(self.touched, key=lambda each: (-self.touched[each], each or ""))
        return sorted(most, key=lambda each: each is not None)

    def kept(self, players: Sequence[Player]) -> int:
        """How many of them have a number of their own."""
        least = self.asked.least_touches
        enough = sum(each is None or self.touched[each] >= least for each in players)
        return min(enough, len(players) if len(players) <= MOST else MOST - 1)

    def merge(self, few: Sequence[Player]) -> None:
        """Make one player of these."""
        self.touched["other"] = sum(self.touched.pop(each) for each in few)
        for entity, every in self.touches.items():
            self.touches[entity] = [
                replace(each, player="other") if each.player in few else each for each in every
            ]

    def parties(self) -> Parties:
        """The paths of the period, each with the bucket of its entity."""
        settings = replace(self.asked.settings, collapse=False)
        found = []
        for entity in {*self.touches, *self.conversions}:
            made = self.conversions.get(entity, [])
            for path in paths(self._touches(entity, made), made, settings):
                ended = path.at or path.touches[-1].at
                if self.company.in_period(ended):
                    kept = collapsed(path) if self.asked.settings.collapse else path
                    found.append((int(buckets_of([entity])[0]), kept))
        return found

    def _touches(self, entity: int, made: list[Conversion]) -> list[Touch]:
        """Those of an entity; once it is a customer it can't become one."""
        every = self.touches.get(entity, [])
        if self.asked.value is not Value.CUSTOMERS or not made:
            return every
        return [touch for touch in every if touch.at <= made[0].at]

    def _conversions(self) -> dict[int, list[Conversion]]:
        company, found = self.company, defaultdict(list)
        if self.asked.value is Value.LEADS:
            for row in company.dated["lead"]:
                found[row["entity"]].append(Conversion(row["at"]))
            return found
        if self.asked.value is Value.CUSTOMERS:
            for entity, entries in company.entries.items():
                bought = entries[Stage.PURCHASE.position]
                if bought is not None:
                    found[entity].append(Conversion(bought, 0.0, None))
        else:
            for (entity, at), amounts in sorted(self._amounts().items()):
                units = rounded(sum(amounts, Fraction(0)), "0.001") * THOUSANDTHS
                found[entity].append(Conversion(at, float(units)))
        return {entity: self._with_leads(entity, made) for entity, made in found.items()}

    def _amounts(self) -> dict[tuple[int, datetime], list[Fraction]]:
        """What each entity's lines of an instant brought, unknown ones as nothing."""
        found: dict[tuple[int, datetime], list[Fraction]] = defaultdict(list)
        for line in lines(self.company):
            found[line.entity, line.at].append(self._amount(line) or Fraction(0))
        return found

    def _amount(self, line: object) -> Fraction | None:
        name = "amount" if self.asked.value is Value.REVENUE else "contribution"
        amount: Fraction | None = getattr(line, name)
        return amount

    def _with_leads(self, entity: int, made: list[Conversion]) -> list[Conversion]:
        """Each with the first lead that came after the one before it."""
        instants = [each.at for each in made]
        firsts: dict[int, datetime] = {}
        for row in self.company.dated["lead"]:
            place = bisect_left(instants, row["at"])
            if row["entity"] == entity and place < len(made):
                firsts.setdefault(place, row["at"])
        return [replace(each, lead_at=firsts.get(i)) for i, each in enumerate(made)]

    def worth(self) -> tuple[Decimal, int]:
        """All that is shared out in the period, and how many lines of it are unknown."""
        within = self.company.in_period
        if self.asked.value in (Value.LEADS, Value.CUSTOMERS):
            every = [each for made in self.conversions.values() for each in made]
            return Decimal(sum(within(each.at) for each in every)), 0
        amounts = [self._amount(line) for line in lines(self.company) if within(line.at)]
        known = [amount for amount in amounts if amount is not None]
        return rounded(sum(known, Fraction(0))), len(amounts) - len(known)


def _is_marketings(row: Record) -> bool:
    return row["department"] in (None, "marketing")


def _credits(parties: Parties, players: Sequence[Player], given: _Given) -> Credits:
    """What the rules give, a direct touch being one whatever its player is."""
    marked = [(bucket, _marked(path, given.direct)) for bucket, path in parties]
    names = [f"{prefix}{player}" for prefix in ("", DIRECT) for player in players]
    direct = frozenset(name for name in names if name.startswith(DIRECT))
    settings = replace(given.asked.settings, direct=direct)
    found = counts_of(marked, names, settings, ()).credits
    folded = (
        np.asarray(part[..., : len(players)] + part[..., len(players) :])
        for part in (found.conversions, found.value)
    )
    conversions, value = folded
    return Credits(found.models, conversions, value, value_scale=THOUSANDTHS)


def _marked(path: Path, direct: set[str]) -> Path:
    touches = [
        replace(touch, player=f"{DIRECT if touch.key in direct else ''}{touch.player}")
        for touch in path.touches
    ]
    return replace(path, touches=tuple(touches))
