"""The equations of a chain for all removals at once.

With M the moves of a chain (or their transpose) and D_c ones but for the states that player c leads
to, each column c of the answer solves y = D_c (b + M y); column 0 removes nobody. A sweep of that
equation alone converges slowly where paths are long. So a smaller chain, whose states are the last
one or two players and whose moves are the mean moves N, weighted by visits, is solved exactly, and
sweeps are left for what it does not see: y = (I - D_c N)^-1 D_c (b + (M - N) y), an iterative
aggregation and disaggregation (Koury, McAllister & Stewart 1984, SIAM Journal on Algebraic and
Discrete Methods 5:164). Weighted so, the smaller chain is the one of the lower order. A chain that
is small is its own smaller chain, and the first sweep is the answer. Counts of paths always led to
one in tens of sweeps; counts that no paths have may need elimination.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array, csr_array, diags_array, eye_array
from scipy.sparse.linalg import splu

from onefunnel.measures.attribution.buckets import Floats, Ints
from onefunnel.measures.attribution.chains import START, Chain
from onefunnel.measures.attribution.family import BITS, MOST_ORDER

MOST_GROUPS = 1_000
"""The smaller chain is the largest of so many states."""

CLOSE, CLOSE_ENOUGH = 1e-14, 1e-12
"""What may be left of the equations: where sweeps end, and where rounding lets none get closer."""

ASTRAY = 1e3
MOST_SWEEPS = 200


class Equations:
    """The equations of one chain, for the removal of each of so many players and of nobody."""

    def __init__(self, chain: Chain, players: int) -> None:
        self.chain = chain
        self.smaller = _smaller(chain, players)
        led = (np.flatnonzero(chain.last == player) for player in range(players))
        self.removed = [np.empty(0, np.int64), *led]

    def converting(self) -> Floats:
        """The chance to convert from each state without meeting player c: (states, 1 + players).

        Column 0 is with everybody, column 1 + c without player c; it is 0 in the states of c.
        """
        return self._solved(self.chain.moves, self.smaller, self.chain.ends)

    def visiting(self) -> Floats:
        """How often a path is in each state before it meets player c: (states, 1 + players)."""
        start = np.zeros(len(self.chain.codes))
        start[START] = 1.0
        return self._solved(csr_array(self.chain.moves.T), self.smaller.backwards(), start)

    def _solved(self, moves: csr_array, smaller: "_Smaller", given: Floats) -> Floats:
        """Sweeps until nothing is left; where they lead nowhere, elimination player by player."""
        answer = np.zeros((len(given), len(self.removed)))
        first = error = np.inf
        for _ in range(MOST_SWEEPS):
            rest = given[:, None] + moves @ answer - answer
            for column, states in enumerate(self.removed):
                rest[states, column] = 0.0
            error = float(np.abs(rest).max()) / max(1.0, float(answer.max()))
            first = error if np.isinf(first) else first
            if error <= CLOSE or not error <= ASTRAY * first:
                break
            answer += smaller.answer(rest)
        if error <= CLOSE_ENOUGH:
            return answer
        return np.column_stack([_eliminated(moves, given, states) for states in self.removed])


def _eliminated(moves: csr_array, given: Floats, removed: Ints) -> Floats:
    """The answer for one removal, by sparse elimination."""
    kept = np.ones(len(given))
    kept[removed] = 0.0
    matrix = eye_array(len(given)) - diags_array(kept) @ moves
    return np.asarray(splu(csc_array(matrix)).solve(kept * given))


@dataclass(frozen=True, slots=True)
class _Smaller:
    """A smaller chain: how what is left gets there and back, and the inverse of I less its moves.

    ``blocks`` are, per player, the groups that it leads to and the inverse of the inverse's block
    of them: without these groups the answer z of the whole chain is z less what z is there.
    """

    gather: csr_array
    scatter: csr_array
    inverse: Floats
    blocks: tuple[tuple[Ints, Floats], ...]

    def backwards(self) -> "_Smaller":
        """The same for the transpose of the moves: everything is transposed."""
        gather, scatter = csr_array(self.scatter.T), csr_array(self.gather.T)
        blocks = tuple((groups, block.T) for groups, block in self.blocks)
        return _Smaller(gather, scatter, self.inverse.T, blocks)

    def answer(self, rest: Floats) -> Floats:
        """What the smaller chain makes of what is left; what it can't see goes on as it is."""
        grouped = self.gather @ rest
        found = self.inverse @ grouped
        for column, (groups, block) in enumerate(self.blocks, 1):
            found[:, column] -= self.inverse[:, groups] @ (block @ found[groups, column])
            found[groups, column] = 0.0
        return np.asarray(rest + self.scatter @ (found - grouped))


def _smaller(chain: Chain, players: int) -> _Smaller:
    groups, of_state = _groups(chain.codes)
    size = (len(groups), len(chain.codes))
    sums = csr_array((np.ones(size[1]), (of_state, np.arange(size[1]))), size)
    visits = np.bincount(of_state, chain.visits, size[0])
    per_visit = np.divide(1.0, visits, out=np.zeros(size[0]), where=visits > 0)
    means = csr_array(diags_array(per_visit) @ sums @ diags_array(chain.visits))
    moves = (means @ chain.moves @ sums.T).toarray()
    inverse = np.linalg.inv(np.eye(size[0]) - moves)
    last = np.full(size[0], -1, np.int64)
    last[of_state] = chain.last
    led = [np.flatnonzero(last == player) for player in range(players)]
    blocks = tuple((each, np.linalg.inv(inverse[np.ix_(each, each)])) for each in led)
    return _Smaller(means, csr_array(sums.T), inverse, blocks)


def _groups(codes: Ints) -> tuple[Ints, Ints]:
    """States that agree in their last players: in as many as the limit allows, one at least."""
    for digits in range(MOST_ORDER, 0, -1):
        groups, of_state = np.unique(codes & (1 << BITS * digits) - 1, return_inverse=True)
        if len(groups) <= MOST_GROUPS:
            break
    return groups, of_state
