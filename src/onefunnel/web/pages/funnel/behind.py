"""Which rows an address asks for, and of what."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from markupsafe import Markup

from onefunnel.errors import UsageError
from onefunnel.funnel.rows import exactly
from onefunnel.measures.registry import MEASURES
from onefunnel.vocabulary import DIMENSIONS, Stage
from onefunnel.web.locale import Words
from onefunnel.web.locale.terms import DIMENSION_NAMES
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.funnel import acquired, bridged, credited
from onefunnel.web.pages.funnel.asking import Filters, value_of
from onefunnel.web.pages.funnel.listed import COHORTS, source_name
from onefunnel.web.report.cells import dimension_value
from onefunnel.workflows.computed import Rows

STAGE_KEYS = ("stage", "from_stage", "to_stage")
NEEDED: Mapping[str, tuple[str, ...]] = {
    "funnel": ("stage",),
    "leaks": ("stage",),
    "deals": (),
    "lost_reasons": (),
    "conversion": ("from_stage", "to_stage"),
    "bridge": (),
    "acquisition": (),
    **{name: (needed,) for name, needed in credited.NEEDED.items()},
    "incentives": (),
    "behaviour": (),
    "paradox": (),
}
"""What the rows of each measure must be told, besides the figure."""
OFFERED: Mapping[str, tuple[str, ...]] = {
    **NEEDED,
    "lost_reasons": ("stage", "reason", "source"),
    "bridge": (bridged.SIDE, "department"),
    **credited.OFFERED,
}

TITLES: Mapping[tuple[str, str], str] = {
    ("funnel", "entered"): N_("Entered"),
    ("funnel", "observed"): N_("Entered, on record"),
    ("funnel", "implied"): N_("Entered, implied by a later stage"),
    ("funnel", "open"): N_("Still open: neither bought nor lost"),
    ("funnel", "conversion"): N_("Followed from the stage before"),
    ("funnel", "lost"): N_("Lost on the way"),
    ("funnel", "revenue"): N_("Revenue"),
    ("funnel", "realised_contribution"): N_("Earned so far"),
    ("funnel", "unknown_contribution_lines"): N_("Sales of unknown cost"),
    ("leaks", "left"): N_("Went no further"),
    ("leaks", "lost"): N_("Went no further, lost"),
    ("leaks", "stalled"): N_("Went no further, without a next stage"),
    ("deals", "won"): N_("Deals won"),
    ("deals", "lost"): N_("Deals lost"),
    ("deals", "open"): N_("Open deals"),
    ("deals", "opened"): N_("Deals opened"),
    ("lost_reasons", "lost"): N_("Lost"),
    ("conversion", "conversion"): N_("Followed from the stage before"),
    ("conversion", "lost"): N_("Lost on the way"),
    ("acquisition", "spend"): N_("Spend"),
    ("acquisition", "touches"): N_("Touches of marketing"),
    ("acquisition", "leads"): N_("Leads"),
    ("acquisition", "accepted"): N_("Leads that sales accepted"),
    ("acquisition", "rejected"): N_("Leads that sales rejected"),
    ("acquisition", "customers"): N_("Customers"),
    ("acquisition", "revenue"): N_("Revenue"),
    ("acquisition", "contribution"): N_("Earned so far"),
    ("acquisition", "repeat_contribution"): N_("Earned by repeat orders"),
    ("acquisition", "unknown_contribution_lines"): N_("Sales of unknown cost"),
    ("attribution", "credit"): N_("Touches that are credited"),
    ("transitions", "paths"): N_("Touches at this step of paths"),
    ("incentives", "leads"): N_("Leads"),
    ("incentives", "worked"): N_("Leads that were worked"),
    ("incentives", "won"): N_("Leads that were won"),
    ("behaviour", "leads"): N_("Leads whose time to be worked is over"),
    ("behaviour", "in_time"): N_("Leads worked in time"),
    ("behaviour", "not_in_time"): N_("Leads not worked in time"),
    ("paradox", "left"): N_("Leads that nobody worked"),
    ("paradox", "leads"): N_("Leads"),
    ("paradox", "worked"): N_("Leads that were worked"),
    ("paradox", "won"): N_("Leads that were won"),
    ("bridge", "leads"): N_("Leads"),
    ("bridge", "customers"): N_("Customers"),
    ("bridge", "lines"): N_("Sales"),
    ("bridge", "contributed"): N_("Other functions"),
}
MEANINGS = {
    "conversion": "reached",
    "lost": "lost",
    "revenue": "revenue",
    "realised_contribution": "earned",
    "unknown_contribution_lines": "earned",
    "open": "expected",
    "left": "left",
    "stalled": "left",
}
"""The definition of a figure; of those that are not here it is that of an entry."""


def wanted(given: Mapping[str, str], filters: Filters, version: int, words: Words) -> Rows:
    """The rows that an address names, of one ledger version. UsageError for what can't be."""
    measure = _valid(given.get("measure", "funnel"), tuple(NEEDED), words.say("Measure"), words)
    figures = MEASURES[measure].figures
    figure = _valid(given.get("figure") or figures[0], figures, words.say("Figure"), words)
    named = {name: given[name] for name in OFFERED[measure] if given.get(name)}
    stages = tuple(stage.value for stage in Stage)
    for name in STAGE_KEYS:
        if name in named or name in NEEDED[measure]:
            _valid(named.get(name, ""), stages, words.say("Stage"), words)
    if measure == "funnel" and figure in COHORTS and Stage(named["stage"]).previous is None:
        raise UsageError(
            words.say("The first stage has no conversion."), remedy=words.say("Ask a later stage.")
        )
    of_credit = measure in credited.MEASURES
    plain = (*STAGE_KEYS, bridged.SIDE, *(credited.PLAIN if of_credit else ()))
    values = {name: value_of(text) for name, text in named.items() if name not in plain}
    which = {name: text for name, text in named.items() if name in STAGE_KEYS}
    if measure == "bridge":
        which |= bridged.side(named, words)
    if of_credit:
        which |= credited.named(measure, named, words)
    where = {**which, **exactly(values), **exactly(dict(filters.only))}
    asked = filters.asked()
    by = tuple(name for name in asked.by if name in MEASURES[measure].dimensions)
    pinned = type(asked)(by, asked.since, asked.until, asked.horizon_days, asked.now, version)
    if of_credit:
        by = (filters.by,) if measure == "transitions" and filters.by else by
        pinned = replace(pinned, by=by, crediting=credited.crediting(named))
    return Rows(measure, pinned, figure, tuple(where.items()))


def _valid(name: str, valid: tuple[str, ...], what: str, words: Words) -> str:
    if name not in valid:
        raise UsageError(
            words.say("{what}: “{given}” can't be asked.", what=what, given=name[:80]),
            remedy=words.say("What can be asked: {valid}.", valid=words.listed(valid)),
        )
    return name


def title(rows: Rows, words: Words) -> Markup:
    """What the rows are, with the stage."""
    said = words.say(TITLES[rows.measure, rows.figure])
    stage = dict(rows.where).get("stage") or dict(rows.where).get("to_stage")
    return said if stage is None else said + Markup(" · ") + words.stage(Stage(stage))


def narrowed_to(
    given: Mapping[str, str],
    filters: Filters,
    words: Words,
    named: Callable[[str | None], str | None],
) -> tuple[Markup, ...]:
    """The values that the rows are of, each in words; ``named`` says how an owner is called."""
    found = [
        words.say(
            "{name}: {value}",
            name=words.say(DIMENSION_NAMES[name]),
            value=dimension_value({name: _known(name, value, named)}, words),
        )
        for name, value in filters.only
    ]
    found += bridged.narrowed_to(given, words) + credited.narrowed_to(given, words)
    for name, label in (("reason", words.say("Reason")), ("source", words.say("Whose reason"))):
        if given.get(name):
            value = source_name(value_of(given[name]), words) if name == "source" else None
            shown = value or dimension_value({name: value_of(given[name])}, words)
            found.append(words.say("{name}: {value}", name=label, value=shown))
    return tuple(found)


def _known(name: str, value: str | None, named: Callable[[str | None], str | None]) -> str | None:
    return named(value) if name == "owner" and value is not None else value


def meaning(rows: Rows) -> str:
    """The definition that the rows are a figure of."""
    if rows.measure == "leaks":
        return "left"
    if rows.measure == "bridge":
        return bridged.MEANING
    if rows.measure == acquired.MEASURE:
        return acquired.MEANING
    if rows.measure in credited.MEASURES:
        return f"measure-{rows.measure}"
    if rows.measure in ("incentives", "paradox"):
        return "ignored"
    if rows.measure == "behaviour":
        return "in_time"
    return MEANINGS.get(rows.figure, "entered") if rows.measure == "funnel" else "counted"


def figure_of(given: Mapping[str, str], rows: Rows) -> dict[str, str]:
    """Which figure it is, as a comment on it says."""
    keys = (*OFFERED[rows.measure], *DIMENSIONS)
    return {"figure": rows.figure} | {name: given[name] for name in keys if given.get(name)}
