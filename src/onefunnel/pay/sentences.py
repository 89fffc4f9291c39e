"""Why a line is paid, in English: the command line says it so, pages say it in their languages."""

from collections import defaultdict
from collections.abc import Mapping

SENTENCES: dict[str, str] = {
    "tier": "Tier {tier} pays {rate} from {from} to {to}.",
    "tier_retroactive": "Tier {tier} is reached and pays {rate} of all from {from} to {to}.",
    "tier_moved": "Tier {tier} now pays {rate} from {from} to {to}; it paid {rate_was} from "
    "{from_was} to {to_was}.",
    "tier_replaced": "Tier {tier} paid {rate} from {from} to {to}; another one pays that now.",
    "tier_taken_back": "Tier {tier} paid {rate} from {from} to {to}, which is no longer reached.",
    "threshold_holds": "The threshold of {threshold} is not reached: there is {total}.",
    "threshold_lifted": "The threshold of {threshold} no longer holds anything back.",
    "cap_holds": "The cap of {cap} is reached.",
    "cap_lifted": "The cap of {cap} leaves more than before.",
    "gate_holds": "The gate asks {at_least} of {measure}, which is {value}; {otherwise} of the pay "
    "is left.",
    "gate_lifted": "The gate asks {at_least} of {measure}; it holds back less than before.",
    "pool": "{part} of {parts} parts of a pool of {pool}: {share} of the margin of {margin} above "
    "{hurdle}.",
    "held": "{share} of {earned} is held until {until}.",
    "released": "{amount} that was held in {held_in} is released.",
    "draw_recoverable": "{paid_out} is made up to the draw of {draw}; {balance} is owed.",
    "draw_kept": "{paid_out} is made up to the draw of {draw}.",
    "draw_recovered": "Earlier advances are paid back; {balance} is still owed.",
    "guarantee": "{paid_out} is made up to the guarantee of {guarantee} for {period}.",
    "restated": "The month was booked with {was}; by what is known now it is {now}.",
    "continued": "{was} was booked in this month before; it is {now} now.",
}
"""The sentence of each code; ``unknown`` stands for a figure that is not there."""


def sentence(code: str, params: Mapping[str, str | None]) -> str:
    """A reason in English; a code that has no sentence is said as it is.

    >>> sentence("tier", {"tier": "2", "rate": "0.07", "from": "50000", "to": "50001"})
    'Tier 2 pays 0.07 from 50000 to 50001.'
    """
    known = {name: value for name, value in params.items() if value is not None}
    return SENTENCES.get(code, code).format_map(defaultdict(lambda: "unknown", known))
