"""What both departments reached and how many leads were worked, in plain Python."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from onefunnel.funnel.reference.company import Records
from onefunnel.funnel.reference.money import Line
from onefunnel.funnel.rules import Rules
from onefunnel.measures.incentives.records_reference import Firm
from onefunnel.measures.periods import Period, period_before
from onefunnel.vocabulary import Question


@dataclass(frozen=True, slots=True)
class Plain:
    """A period: by segment the leads that came, those before it and of them worked, lines sold."""

    came: Mapping[str, int]
    before: Mapping[str, tuple[int, int]]
    sold: Mapping[str, list[Line]]

    @property
    def buyers(self) -> int:
        """The customers, each once."""
        return len({line.entity for lines in self.sold.values() for line in lines})


def plain(records: Records, rules: Rules, question: Question, period: Period) -> Plain:
    """The figures of a period, lead after lead and line after line."""
    firm = Firm(records, rules, question)
    earlier = period_before(period, question.calendar)
    before: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for lead in firm.handed_over():
        if earlier.start <= lead["at"] < earlier.end:
            leads, worked = before[firm.segment(lead)]
            before[firm.segment(lead)] = leads + 1, worked + firm.is_worked(lead)
    within = (each for each in firm.leads if period.start <= each["at"] < period.end)
    came = Counter(firm.segment(lead) for lead in within)
    sold: dict[str, list[Line]] = defaultdict(list)
    for each in firm.sold:
        if period.start <= each.line.at < period.end:
            sold[_segment(firm, each.line, each.deal_id)].append(each.line)
    return Plain(came, before, sold)


def _segment(firm: Firm, line: Line, deal_id: str | None) -> str:
    """That of the lead which a line goes to, else the buyer's."""
    lead = firm.lead_of(line.entity, deal_id, line.at)
    if lead is not None:
        return firm.segment(firm.by_id[lead])
    return firm.company._party_segment(line.entity) or "unknown"


def known(amounts: list[Fraction | None]) -> Fraction:
    """The sum of what is known."""
    return sum((each for each in amounts if each is not None), Fraction())
