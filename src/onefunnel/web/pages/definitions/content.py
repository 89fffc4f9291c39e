"""The page of definitions: from the registry, the rules in force and the settings, in words."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime

from babel import Locale
from markupsafe import Markup

from onefunnel.funnel.rules import Rules
from onefunnel.measures.acquisition import attention, verdict
from onefunnel.measures.registry import MEASURES
from onefunnel.vocabulary import DIMENSIONS
from onefunnel.web.locale import Words
from onefunnel.web.locale.terms import CALENDAR_NAMES, DIMENSION_NAMES
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.definitions import terms
from onefunnel.web.pages.settings.sentences import owner_in_words, rule_in_words
from onefunnel.web.pages.today import alarms
from onefunnel.web.report.cells import Mark, mark
from onefunnel.web.report.context import DEFINITIONS
from onefunnel.workflows.freshness import BatchLine, Freshness
from onefunnel.workflows.workspace import Workspace

BATCH_KINDS = {
    "import": N_("Import"),
    "journal": N_("From programs"),
    "rules": N_("Funnel rules"),
    "erase": N_("Erasure"),
    "compact": N_("Upkeep"),
    "mend": N_("Quarantine"),
    "undo": N_("Taken back"),
    "sample": N_("Sample company"),
    "emptied": N_("Sample company removed"),
    "terms": N_("Terms"),
    "close": N_("Month closed"),
}


@dataclass(frozen=True, slots=True)
class Term:
    """A word: the key of its anchor, itself, what it means."""

    key: str
    name: Markup
    text: Markup


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field of a measure; ``has_rows``: the rows behind it can be seen."""

    name: str
    text: Markup
    has_rows: bool


@dataclass(frozen=True, slots=True)
class MeasureView:
    """A measure: its name in the code and in words, what it is, its fields."""

    key: str
    name: Markup
    about: Markup
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class StageView:
    """A stage: what it is, whose, since when, and by which rules it is entered."""

    key: str
    name: Markup
    text: Markup
    owner: Mark
    owners: Markup
    rules: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class FormulaView:
    """A formula: its name, itself, in words."""

    name: Markup
    formula: str
    text: Markup


@dataclass(frozen=True, slots=True)
class VersionView:
    """A ledger version: when it was made, by what, and the number that asks for it."""

    number: int
    shown: str
    at: Markup
    kind: Markup
    source: str


def measure_views(words: Words) -> tuple[MeasureView, ...]:
    """Every measure with every field of its rows."""
    return tuple(
        MeasureView(
            name,
            words.say(terms.MEASURES[name][0]),
            words.say(terms.MEASURES[name][1]),
            tuple(
                FieldView(
                    field.name,
                    words.say(terms.FIELDS[name][field.name]),
                    field.name in measure.figures,
                )
                for field in fields(measure.row_type)
            ),
        )
        for name, measure in MEASURES.items()
    )


def stage_views(rules: Rules, today: date, words: Words) -> tuple[StageView, ...]:
    """Every stage with the rules in force."""
    return tuple(
        StageView(
            each.stage.value,
            words.stage(each.stage),
            words.say(terms.STAGES[each.stage]),
            mark(each.owner_on(today), words),
            owner_in_words(each.owners, words) if len(each.owners) > 1 else Markup(""),
            tuple(rule_in_words(rule, words, each) for rule in each.rules),
        )
        for each in rules.stages
    )


def term_views(stale_days: int, words: Words) -> tuple[Term, ...]:
    """Every word of the pages and of the report, by the key of its anchor."""
    figures = words.figures
    places: Mapping[str, str] = {
        "least": figures.count(alarms.LEAST_LEFT),
        "share": figures.share(alarms.LEAST_SHARE),
        "growth": figures.share(alarms.LEAST_GROWTH),
        "ripe": figures.share(verdict.RIPE),
        "few": figures.count(verdict.FEW_CUSTOMERS),
        "stake": figures.share(float(attention.LEAST_SHARE)),
        "confidence": figures.share(alarms.CONFIDENCE),
        "days": figures.days(float(stale_days)),
    }
    found = [(key, name, words.say(text)) for key, name, text in DEFINITIONS]
    found += [(key, name, words.say(text, **places)) for key, name, text in terms.MORE]
    return tuple(Term(key, words.say(name), text) for key, name, text in found)


def dimension_views(words: Words) -> tuple[Term, ...]:
    """What the figures can be divided by."""
    return tuple(
        Term(name, words.say(DIMENSION_NAMES[name]), words.say(terms.DIMENSIONS[name]))
        for name in DIMENSIONS
    )


def formula_views(words: Words) -> tuple[FormulaView, ...]:
    """The formulas."""
    return tuple(
        FormulaView(words.say(name), formula, words.say(text))
        for name, formula, text in terms.FORMULAS
    )


def setting_views(workspace: Workspace, rules: Rules, words: Words) -> tuple[Term, ...]:
    """The settings that govern the figures, as they stand now."""
    kept = workspace.settings
    country = Locale.parse(words.language).territories.get(kept.country, kept.country)
    held = Markup("<bdi>{}</bdi>")
    shown = (
        ("currency", N_("Amounts in"), held.format(kept.currency)),
        ("timezone", N_("Time zone"), held.format(kept.timezone)),
        ("calendar", N_("Calendar"), words.say(CALENDAR_NAMES[kept.calendar_name])),
        ("country", N_("Country"), held.format(country) if country else words.say("not set")),
        ("horizon", N_("Horizon"), Markup(words.figures.days(float(rules.horizon_days)))),
        ("rules", N_("Funnel rules"), Markup('<code dir="ltr">{}</code>').format(_digest(rules))),
    )
    return tuple(Term(key, words.say(name), text) for key, name, text in shown)


def _digest(rules: Rules) -> str:
    return rules.content_hash[:12]


def version_views(fresh: Freshness, words: Words) -> tuple[VersionView, ...]:
    """The newest ledger versions, newest first."""
    return tuple(_version(line, words) for line in fresh.batches)


def _version(line: BatchLine, words: Words) -> VersionView:
    return VersionView(
        line.version,
        words.figures.count(line.version),
        words.instant(datetime.fromisoformat(line.at)),
        words.say(BATCH_KINDS.get(line.kind, line.kind)),
        line.source,
    )
