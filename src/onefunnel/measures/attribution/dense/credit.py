"""The compiled pass of credit: what the rules give to the touches of paths that converted.

It counts what the queries in :mod:`onefunnel.measures.attribution.query` count, in the same units,
so that no sum differs by a bit.
"""

import numpy as np
import numpy.typing as npt

from onefunnel.funnel.dense.compiling import compiled
from onefunnel.measures.attribution.dense.kernel import (
    Agreed,
    Bytes,
    Conversions,
    Ints,
    Paths,
)

Floats = npt.NDArray[np.float64]

SECOND = 1_000_000


@compiled
def credit(
    route: Ints,
    paths: Paths,
    buckets: Bytes,
    conversions: Conversions,
    agreed: Agreed,
    scales: Floats,
    credits: Ints,
    met: npt.NDArray[np.bool_],
) -> None:
    """Add what the rules give to the touches of these paths, which all converted, in whole units.

    ``scales`` are the units of a share and of a rest, and 2: as a number that the compiler does not
    know, it is raised to powers as the engine does it. ``credits`` are by bucket, number, kind
    (conversions, units, rest) and rule; ``met`` says of which numbers there are any.
    """
    begins, stops, places, made = paths
    numbers, bits, half_life = agreed.numbers, agreed.bits, agreed.half_life
    low, whole, cut_off, two = (1 << bits) - 1, scales[0], scales[1], scales[2]
    shares, decays = np.zeros(7), np.zeros(np.max(stops - begins))
    for path in range(len(begins)):
        begin, size, bucket = begins[path], stops[path] - begins[path], buckets[places[path]]
        of, last = made[path], size - 1
        units = conversions.units[of]
        latest = (route[begin + last] >> bits) // SECOND
        undirected, lead, decayed = -1, -1, 0.0
        for place in range(size):
            key = route[begin + place]
            if not key & 1:
                undirected = place
            if key >> bits <= conversions.lead_at[of]:
                lead = place
            age = np.float64(latest - (key >> bits) // SECOND)
            decays[place] = np.floor(two ** (-age / half_life) * whole + 0.5)
            decayed += decays[place]
        for place in range(size):
            number = numbers[route[begin + place] & low]
            first, final, middle = place == 0, place == last, place == lead
            shares[0], shares[1] = first, final
            shares[2] = place == undirected or (undirected < 0 and final)
            shares[3] = 1.0 / size
            others = last - (last > 0)
            shares[4] = 0.2 / others if others else 0.0
            if first or final:
                shares[4] = (first + final) * (0.4 if others else 0.5)
            shares[5] = shares[4]
            if lead >= 0:
                others -= 0 < lead < last
                shares[5] = 0.1 / others if others else 0.0
                if first or final or middle:
                    shares[5] = (first + final + middle) * (0.3 if others else 1 / 3)
            shares[6] = decays[place] / decayed
            met[bucket, number] = True
            sums = credits[bucket, number]
            for rule in range(7):
                if shares[rule] == 0.0:
                    continue
                given = np.floor(shares[rule] * whole + 0.5)
                sums[0, rule] += np.int64(given) * conversions.conversions[of]
                if units == 0:
                    continue
                worth = shares[rule] * units
                cut = np.floor(worth)
                rest = np.floor((worth - cut) * cut_off + 0.5)
                sums[1, rule] += np.int64(cut)
                sums[2, rule] += np.int64(rest)
