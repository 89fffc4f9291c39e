"""Why a line is paid, in words: the sentences of the pay engine, their figures in the language."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from string import Formatter

from markupsafe import Markup

from onefunnel.pay.plan import Base, Gauge
from onefunnel.pay.sentences import SENTENCES
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.statements.amounts import GAUGE_NAMES, Amounts, month_name, number

KIND_NAMES = {
    "earning": N_("Earned"),
    "pool": N_("Share of a pool"),
    "holdback": N_("Held back"),
    "release": N_("Released"),
    "draw": N_("Advance"),
    "guarantee": N_("Guarantee"),
}
MONEY = frozenset(
    (
        "amount",
        "balance",
        "cap",
        "draw",
        "earned",
        "guarantee",
        "hurdle",
        "margin",
        "now",
        "paid_out",
        "pool",
        "was",
    )
)
OF_BASE = frozenset(
    ("base_now", "base_was", "from", "from_was", "threshold", "to", "to_was", "total")
)
RATES = frozenset(("rate", "rate_was"))
SHARES = frozenset(("share", "otherwise"))
MONTHS = frozenset(("held_in", "period"))
GAUGED = frozenset(("at_least", "value"))


def why(
    code: str, params: Mapping[str, str | None], base: Base | None, amounts: Amounts
) -> Markup | None:
    """A reason in the language; None where its code has no sentence.

    ``base`` is what the component counts, None where that is not known any more.
    """
    message = SENTENCES.get(code)
    if message is None:
        return None
    values = {
        name: _shown(name, params.get(name), params, base, amounts)
        for _, name, _, _ in Formatter().parse(message)
        if name is not None
    }
    return amounts.words.say(message, **values)


def _shown(
    name: str,
    text: str | None,
    params: Mapping[str, str | None],
    base: Base | None,
    amounts: Amounts,
) -> object:
    """A figure of a reason, by its name."""
    words = amounts.words
    if text is None:
        return words.say("unknown")
    if name == "until":
        return words.day(date.fromisoformat(text))
    if name == "measure":
        return words.say(GAUGE_NAMES[Gauge(text)])
    if name in MONTHS:
        return month_name(text, words)
    value = number(text)
    if value is None:
        return Markup("<bdi>{}</bdi>").format(text)
    return _writer(name, params, base, amounts)(value)


def _writer(
    name: str, params: Mapping[str, str | None], base: Base | None, amounts: Amounts
) -> Callable[[Decimal], object]:
    if name in MONEY:
        return amounts.money
    if name in OF_BASE:
        return lambda value: amounts.base(value, base)
    if name in RATES:
        return lambda value: amounts.rate(value, base)
    if name in SHARES:
        return amounts.figures.rate
    if name in GAUGED:
        return lambda value: amounts.gauge(value, params.get("measure") or "")
    return amounts.figures.exactly
