"""The rows of ``show acquisition``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class AcquisitionRow:
    """What was spent in the period, who came of it, and what they brought until now.

    The row is a cohort: money spent, touches and leads are those of the period, customers are those
    who came in it, whenever they bought. A recent period is not ripe; ``maturity`` says how far it
    is. Unknown values of a dimension are a row of their own. Each figure adds up over the rows to
    what it is without dimensions, to the last decimal; shares, rates and quotients do not.

    ``spend`` is what was spent on days of the period, at the rates of those days. Where its record
    does not say a dimension that is asked for, it is shared out by the convention of
    ``attribution.toml``; ``spend_shared`` is the part of it that was. None: an amount or a rate of
    it is unknown, or nothing at all is on record as spent in the period. ``touches`` are those of
    marketing, or of no department by name, without answers to how somebody heard of the company, by
    their own channel, campaign and page, the segment of their party and their own month. ``leads``
    are by what they say themselves, their segment else their party's. ``accepted`` and
    ``rejected``: how these leads stand by their last hand-off of either kind (of one instant the
    one with the greatest key; undated ones stand where there is no dated one); a lead with neither
    is neither. ``acceptance_rate`` = accepted / (accepted + rejected), with Wilson's interval.
    ``top_rejection_reason`` is that of most leads that stand rejected
    (``top_rejection_reason_leads``), of equals the first by name, unknown last.

    ``customers`` are those who came in the period, by the rules of the funnel: their first lead,
    else their first touch, else their first entry into any stage, was in it; and who have bought by
    now. They stand by the dimensions of that origin. ``revenue`` and ``contribution`` are of all
    their lines until now, sums of what is known, None where there are lines and none is known;
    ``unknown_contribution_lines`` are those without. ``repeat_contribution`` is the part from their
    own entry into loyalty on: from their second order, unless the firm's rules say otherwise.

    ``win_rate`` is the share of buyers with a lead of the row who bought within the horizon from
    the first of these leads; lost ones compete, open ones count as long as they were watched, and
    who had bought before is left out. ``_low`` and ``_high`` are its 95 % interval; ``maturity`` is
    the share of them whose outcome at the horizon is known. ``hours`` are those on record for work
    on the leads, None where none are: of their hand-offs, else of sales' activities on them.

    ``cost_per_lead``, ``cost_per_accepted`` and ``cost_per_customer`` = spend / that number,
    ``return_on_spend`` = contribution / spend, ``contribution_per_hour`` = contribution / hours;
    None where the divisor is 0 or one of both is unknown.
    """

    spend: Decimal | None
    touches: int
    leads: int
    accepted: int
    rejected: int
    customers: int
    revenue: Decimal | None
    contribution: Decimal | None
    repeat_contribution: Decimal | None
    cost_per_lead: Decimal | None
    cost_per_accepted: Decimal | None
    cost_per_customer: Decimal | None
    return_on_spend: float | None
    top_rejection_reason: str | None
    top_rejection_reason_leads: int
    spend_shared: Decimal | None
    unknown_contribution_lines: int
    acceptance_rate: float | None
    acceptance_rate_low: float | None
    acceptance_rate_high: float | None
    win_rate: float | None
    win_rate_low: float | None
    win_rate_high: float | None
    horizon_days: int
    maturity: float | None
    hours: float | None
    contribution_per_hour: Decimal | None
    dimensions: Mapping[str, str | None] = field(default_factory=dict)
