"""Writing a scorecard's file: what is as it is by default is left out."""

from collections.abc import Iterator
from decimal import Decimal

from onefunnel.measures.scorecard.curve import PAYOUTS
from onefunnel.measures.scorecard.plan import COMMON_SHARE, Gate, Measure, Scorecard
from onefunnel.pay.content import number
from onefunnel.pay.writing import quoted


def written(card: Scorecard) -> str:
    r"""A scorecard as a file that reads as the same.

    >>> from datetime import date
    >>> from onefunnel.measures.scorecard.plan import Level
    >>> written(Scorecard(Level.COMPANY, "X", None, (), date(2024, 1, 1)))
    'level = "company"\nof = "X"\nfrom = 2024-01-01\n'
    """
    blocks = [_head(card), *map(_measure, card.measures)]
    blocks += (["[[gate]]", *_gate(each)] for each in card.gates)
    return "\n\n".join("\n".join(lines) for lines in blocks) + "\n"


def _head(card: Scorecard) -> list[str]:
    lines = [f"level = {quoted(card.level.value)}", f"of = {quoted(card.of)}"]
    if card.department is not None:
        lines.append(f"department = {quoted(card.department.value)}")
    lines.append(f"from = {card.valid_from}")
    if card.valid_to is not None:
        lines.append(f"to = {card.valid_to}")
    if card.common_share != COMMON_SHARE:
        lines.append(f"common_share = {number(card.common_share)}")
    return lines


def _measure(measure: Measure) -> list[str]:
    curve = measure.curve
    lines = ["[[measure]]", f"source = {quoted(measure.source)}"]
    lines.append(f"owner = {quoted(measure.owner.value)}")
    numbers = {
        "weight": measure.weight,
        "threshold": curve.threshold,
        "target": curve.target,
        "cap": curve.cap,
    }
    lines += [f"{key} = {number(value)}" for key, value in numbers.items()]
    if curve.payouts != PAYOUTS:
        lines.append(f"payout = [{', '.join(map(number, curve.payouts))}]")
    if measure.counter is not None:
        lines.append(f"counter = {quoted(measure.counter)}")
    if measure.gate is not None:
        lines.append(f"gate = {{ {', '.join(_gate(measure.gate))} }}")
    if measure.additive:
        lines.append("additive = true")
    return lines


def _gate(gate: Gate) -> Iterator[str]:
    yield f"source = {quoted(gate.source)}"
    bound = "floor" if gate.floor is not None else "ceiling"
    yield f"{bound} = {number(gate.bound)}"
    if gate.shut != Decimal(0):
        yield f"shut = {number(gate.shut)}"
