"""Writing the file of an experiment: what is as it is by default is left out."""

from collections.abc import Iterator

from onefunnel.measures.attribution.recorded import Amounts, Experiment, Groups, Kind
from onefunnel.measures.attribution.recording import AMOUNTS, GROUPS
from onefunnel.measures.attribution.regions import Region
from onefunnel.pay.writing import quoted


def written(experiment: Experiment) -> str:
    r"""An experiment as a file that reads as the same.

    >>> from datetime import date
    >>> from onefunnel.measures.attribution.family import Value
    >>> from onefunnel.measures.attribution.recorded import Of
    >>> days = date(2024, 3, 1), date(2024, 3, 31)
    >>> groups = Groups(10_000, 230, 10_000, 200)
    >>> made = Experiment("spring", Of.CHANNEL, "retargeting", Value.LEADS, *days, groups)
    >>> written(made).splitlines()[:3]
    ['kind = "holdout"', 'dimension = "channel"', 'of = "retargeting"']
    """
    return "\n".join(_lines(experiment)) + "\n"


def _lines(experiment: Experiment) -> Iterator[str]:
    yield f"kind = {quoted(experiment.kind)}"
    yield f"dimension = {quoted(experiment.dimension)}"
    yield f"of = {quoted(experiment.of)}"
    yield f"value = {quoted(experiment.counts)}"
    yield f"from = {experiment.first}"
    yield f"to = {experiment.last}"
    if experiment.planned is not None:
        yield f"planned_before = {experiment.planned}"
    if experiment.reached is not None:
        yield f"reached = {experiment.reached}"
    if experiment.randomised is not (experiment.kind is Kind.HOLDOUT):
        yield f"randomised = {_flag(experiment.randomised)}"
    if experiment.overrides:
        yield "overrides = true"
    if isinstance(experiment.outcome, Groups):
        yield from (f"{key} = {getattr(experiment.outcome, key)}" for key in GROUPS)
    elif isinstance(experiment.outcome, Amounts):
        for key, value in zip(AMOUNTS, figures(experiment.outcome), strict=True):
            yield f"{key} = {value:.15g}"
    else:
        for each in experiment.outcome:
            yield from _region(each)


def figures(amounts: Amounts) -> Iterator[float]:
    """What both groups brought, in the order of the keys of a file."""
    for each in (amounts.treated, amounts.control):
        yield from (each.people, each.brought, each.deviation)


def _region(region: Region) -> Iterator[str]:
    yield from ("", "[[region]]", f"name = {quoted(region.name)}")
    yield f"treated = {_flag(region.treated)}"
    for key in ("before", "after"):
        yield f"{key} = [{', '.join(f'{each:.15g}' for each in getattr(region, key))}]"


def _flag(value: bool) -> str:
    return str(value).lower()
