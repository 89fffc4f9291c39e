"""A market with the salespeople by name, for a plan that bounds what anybody may lose."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from onefunnel.funnel.incidence import Floats
from onefunnel.measures.incentives.between import Marketed, market_of
from onefunnel.measures.incentives.market import Market, Paid, Seller
from onefunnel.measures.incentives.result import IncentivesRow
from onefunnel.measures.sellers.result import SellersRow


def market_of_persons(rows: Sequence[IncentivesRow], sellers: Sequence[SellersRow]) -> Marketed:
    """The market of the answers of ``incentives`` and ``sellers``, a seller per person with hours.

    Each has their own leads and hours, and works what they worked; where nothing shows that, what
    pays most. Leads of nobody, and of people without hours, are shared out by hours, worked ones
    with their pay at the average rates. What each is paid now is what their plan pays for an
    average win of each segment, not what they were lucky to win; whom no plan pays is taken to be
    paid as the average. Where the hours of each are unknown, the one seller who stands for all is
    left as he is.
    """
    team = market_of(rows)
    if team.market is None:
        return team
    people = [row for row in sellers if row.segment is None and row.hours]
    if not people:
        return team
    segments = team.market.segments
    return replace(team, market=Market(segments, _people(people, segments, sellers)))


def _people(
    people: Sequence[SellersRow], segments: Sequence[Paid], sellers: Sequence[SellersRow]
) -> tuple[Seller, ...]:
    of_person = {str(row.employee_id): place for place, row in enumerate(people)}
    leads, traced = _counted(sellers, of_person, segments, "leads"), _is_traced(sellers)
    worked = _counted(sellers, of_person, segments, "worked")
    hours = np.asarray([row.hours or 0.0 for row in people])
    shares = hours / hours.sum()
    usual = np.asarray([each.win_probability * each.base_per_win * each.rate for each in segments])
    found = []
    for place, row in enumerate(people):
        part = shares[place] * worked[-1]
        found.append(
            Seller(
                str(row.employee_id),
                _numbers(leads[place] + shares[place] * leads[-1]),
                float(hours[place]),
                _numbers(worked[place] + part) if traced else None,
                None if row.pay is None or not traced else float(row.pay) + float(part @ usual),
            )
        )
    return tuple(found)


def _counted(
    sellers: Sequence[SellersRow],
    of_person: Mapping[str, int],
    segments: Sequence[Paid],
    name: str,
) -> Floats:
    """Counts of persons x segments; the last row holds those of nobody and of all others."""
    of_segment = {each.segment: place for place, each in enumerate(segments)}
    found = np.zeros((len(of_person) + 1, len(segments)))
    for row in sellers:
        if row.segment in of_segment:
            place = of_person.get(row.employee_id or "", len(of_person))
            found[place, of_segment[row.segment]] += getattr(row, name) or 0
    return found


def _is_traced(sellers: Sequence[SellersRow]) -> bool:
    return all(row.worked is not None for row in sellers)


def _numbers(row: Floats) -> tuple[float, ...]:
    return tuple(float(each) for each in row)
