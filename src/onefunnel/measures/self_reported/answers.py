"""What was tracked and said, counted, and the shares and agreements that follow."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from onefunnel.funnel.estimates import SMALLEST_COHORT
from onefunnel.funnel.incidence import wilson
from onefunnel.measures.self_reported.kappa import Kappa, of_name, of_pairs

FEWEST_ANSWERS = 30
"""Below it no share of answers is given: half of 29 is known to within 17 points only."""

Name = str | None
Share = tuple[float, float, float]
"""A share or a coefficient, and the ends of its interval."""


@dataclass(frozen=True)
class Said:
    """How many entities were tracked as what and said what.

    ``answers`` are of those who answered, by (tracked, said); ``silent`` of all others, by tracked.
    ``direct`` are the channels that say as little as none.
    """

    answers: Mapping[tuple[Name, Name], int]
    silent: Mapping[Name, int] = field(default_factory=dict)
    direct: frozenset[str] = frozenset()

    @cached_property
    def tracked(self) -> Counter[Name]:
        """All entities by tracked source."""
        return Counter(self.silent) + self.answering_tracked

    @cached_property
    def answering_tracked(self) -> Counter[Name]:
        """Those who answered by tracked source."""
        return _summed((tracked, count) for (tracked, _), count in self.answers.items())

    @cached_property
    def said(self) -> Counter[Name]:
        """The answers by what they name."""
        return _summed((said, count) for (_, said), count in self.answers.items())

    @cached_property
    def dark(self) -> Counter[Name]:
        """The answers of those tracked as direct or unknown."""
        rows = self.answers.items()
        return _summed((said, n) for (tracked, said), n in rows if self.is_dark(tracked))

    @cached_property
    def compared(self) -> dict[tuple[str, str], int]:
        """Usable answers of those who were tracked as something else."""
        return {
            (tracked, said): count
            for (tracked, said), count in self.answers.items()
            if tracked is not None and said is not None and not self.is_dark(tracked)
        }

    @property
    def names(self) -> list[Name]:
        """All names in order of code points, unknown last."""
        return sorted({*self.tracked, *self.said}, key=lambda name: (name is None, name or ""))

    @property
    def compared_names(self) -> set[str]:
        """The names that stand on either side of compared answers."""
        return {name for pair in self.compared for name in pair}

    def is_dark(self, tracked: Name) -> bool:
        """Whether a tracked source says nothing of where somebody came from."""
        return tracked is None or tracked in self.direct

    def share_said(self, name: Name) -> Share | None:
        """The part of the answers that name it; None where there are too few answers."""
        return _share(self.said[name], self.said.total(), FEWEST_ANSWERS)

    def dark_share(self, name: Name) -> Share | None:
        """The part of the answers of those tracked as direct or unknown."""
        return _share(self.dark[name], self.dark.total(), FEWEST_ANSWERS)

    def compared_of(self, name: Name) -> int:
        """How many compared answers name it."""
        return sum(count for (_, said), count in self.compared.items() if said == name)

    def agreement_of(self, name: str) -> Share | None:
        """The part of the compared answers naming it that were tracked as it."""
        if not self.is_comparable:
            return None
        same = self.compared.get((name, name), 0)
        return _share(same, self.compared_of(name), SMALLEST_COHORT)

    @property
    def agreement(self) -> Share | None:
        """The part of the compared answers that name what was tracked."""
        same = sum(count for (tracked, said), count in self.compared.items() if tracked == said)
        return _share(same, sum(self.compared.values()), FEWEST_ANSWERS)

    @property
    def is_comparable(self) -> bool:
        """Whether there are answers enough to compare."""
        return sum(self.compared.values()) >= FEWEST_ANSWERS

    def kappa_of(self, name: str) -> Share | None:
        """Cohen's kappa of one name against all others."""
        return _ends(of_name(self.compared, name)) if self.is_comparable else None

    @property
    def kappa(self) -> Share | None:
        """Cohen's kappa of all names."""
        enough = sum(self.compared.values()) >= self.needed_for_kappa
        return _ends(of_pairs(self.compared)) if enough else None

    @property
    def needed_for_kappa(self) -> int:
        """So many answers are needed: 2 k^2 of k names, as large-sample errors ask for.

        Source: Cicchetti & Fleiss 1977, Applied Psychological Measurement 1:195.
        """
        return max(FEWEST_ANSWERS, 2 * len(self.compared_names) ** 2)


def _share(part: int, of: int, needed: int) -> Share | None:
    """A share with Wilson's interval; None of fewer than are needed."""
    if of < needed:
        return None
    return part / of, *wilson(part / of, of)


def _ends(found: Kappa | None) -> Share | None:
    return None if found is None else (found.value, found.low, found.high)


def _summed(rows: Iterator[tuple[Name, int]]) -> Counter[Name]:
    found: Counter[Name] = Counter()
    for name, count in rows:
        found[name] += count
    return found
