"""The models to choose from, what each does and what it can't say; and the table of one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from onefunnel.measures.attribution.calibrated import CALIBRATED
from onefunnel.measures.attribution.evidence import Grade
from onefunnel.measures.attribution.family import MARKOV, MODELS
from onefunnel.measures.attribution.result import AttributionRow
from onefunnel.measures.attribution.rules import RULES
from onefunnel.vocabulary import Note
from onefunnel.web.locale import Words
from onefunnel.web.locale.terms import MODEL_NAMES
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.attribution.asking import MEASURE, Wanted
from onefunnel.web.pages.attribution.grades import GradeView, grade_view
from onefunnel.web.pages.attribution.players import Key, Players, Who, amount_of, interval, who
from onefunnel.web.pages.funnel.around import Linked
from onefunnel.web.report.around import Text
from onefunnel.web.report.notes import why

_LONGER = N_(
    "A channel that merely stands on paths still gets credit, and each step more that it "
    "remembers needs far more paths."
)
SAID: Mapping[str, tuple[str, str]] = {
    "first_touch": (
        N_("All credit to the first touch."),
        N_("It favours marketing, who mostly begins; whatever helped later gets nothing."),
    ),
    "last_touch": (
        N_("All credit to the last touch before the conversion."),
        N_("It favours sales, whose calls come last; what brought people there gets nothing."),
    ),
    "last_non_direct": (
        N_("All credit to the last touch that did not come by a direct channel."),
        N_("It favours whoever comes last, as the last touch does."),
    ),
    "linear": (
        N_("Every touch of a path gets the same."),
        N_("It can't tell a touch that decided from one that was merely there."),
    ),
    "position_u": (
        N_("40 % to the first touch, 40 % to the last, the rest to those between."),
        N_("The percentages are a habit: no record says that they are right."),
    ),
    "position_w": (
        N_(
            "30 % each to the first touch, the last before the lead and the last of all; 10 % to "
            "the rest."
        ),
        N_("The percentages are a habit; without a lead on the path it is the U."),
    ),
    "time_decay": (
        N_("A touch counts half as much for each half-life that it came earlier."),
        N_("It favours what comes late, and so mostly sales; the half-life is a choice."),
    ),
    "markov_1": (
        N_("How many conversions the chain of steps would lose without the channel."),
        N_(
            "It counts a channel that merely stands on the path; the next step depends on the last "
            "touch only."
        ),
    ),
    "markov_2": (
        N_("The same, where the next step depends on the last two touches."),
        _LONGER,
    ),
    "markov_3": (
        N_("The same, where the next step depends on the last three touches."),
        _LONGER,
    ),
    "markov_4": (
        N_("The same, where the next step depends on the last four touches."),
        _LONGER,
    ),
    "shapley": (
        N_("Each conversion is shared alike among the different channels on its path."),
        N_("It is the linear rule over different channels: order and repeats don't count."),
    ),
    "shapley_rate": (
        N_("What a channel adds to the conversion rate of every set of channels it joins."),
        N_("Rare sets make it jump; credit can be below zero; it takes few channels only."),
    ),
    CALIBRATED: (
        N_("The model in force, corrected where an experiment was made."),
        N_("Only channels with an experiment are corrected; what they lose becomes unknown."),
    ),
}
"""Of each model what it does, and what it can't say."""


@dataclass(frozen=True, slots=True)
class ModelView:
    """A model to choose: ``state`` says that it counts, is refused, or takes longer."""

    key: str
    name: Markup
    does: Markup
    cant: Markup
    address: str
    shown: bool
    force: bool
    refused: Markup
    slow: bool


@dataclass(frozen=True, slots=True)
class CreditView:
    """A player's row in the table of a model; ``at`` is the share in percent of the greatest."""

    who: Who
    credit: Text
    share: str
    interval: str
    at: float
    effect: str
    grade: GradeView


@dataclass(frozen=True, slots=True)
class ModelTable:
    """The table of the model that is shown; ``opens`` where credit leads to touches."""

    model: ModelView
    rows: tuple[CreditView, ...]
    total: str
    effects: bool
    opens: bool


def refusals(notes: Iterable[Note], words: Words) -> dict[str, Markup]:
    """Why models are refused."""
    return {
        name: why(note, words)
        for note in notes
        if note.code == "refused_attribution"
        for name in str(note.params["model"]).split(", ")
    }


def model_views(
    wanted: Wanted, there: Iterable[str], force: str, refused: Mapping[str, Markup], words: Words
) -> tuple[ModelView, ...]:
    """All models; ``there`` are those whose rows are worked out."""
    known = frozenset(there)
    names = (*MODELS, CALIBRATED) if CALIBRATED in known else MODELS
    return tuple(
        ModelView(
            name,
            words.say(MODEL_NAMES[name]),
            words.say(SAID[name][0]),
            words.say(SAID[name][1]),
            f"{wanted.with_model('' if name == force else name)}#model",
            name == (wanted.model or force),
            name == force,
            refused.get(name, Markup("")),
            name not in known and name not in refused,
        )
        for name in names
    )


def table(
    players: Players, model: ModelView, value: str, wanted: Wanted, around: Linked
) -> ModelTable | None:
    """The table of a model; None where it has no rows."""
    rows = players.rows.get(model.key)
    if rows is None:
        return None
    order = players.in_order(model.key)
    most = max([float(row.share) for row in rows.values()] + [1e-9])
    amount = amount_of(value, around.words)
    opens = around.opens and model.key in RULES
    return ModelTable(
        model,
        tuple(_credit(key, rows[key], most, opens, wanted, around, value) for key in order),
        amount(players.total(model.key)),
        model.key in MARKOV,
        opens,
    )


def _credit(
    key: Key,
    row: AttributionRow,
    most: float,
    opens: bool,
    wanted: Wanted,
    around: Linked,
    value: str,
) -> CreditView:
    words = around.words
    credit: Text = amount_of(value, words)(row.credit)
    if opens and row.credit:
        credit = around.rows(credit, MEASURE, "credit", _where(key, row, wanted))
    effect = "" if row.removal_effect is None else words.figures.share(row.removal_effect)
    return CreditView(
        who(key, words),
        credit,
        words.figures.share(float(row.share)),
        interval(row, words),
        max(0.0, 100 * float(row.share) / most),
        effect,
        grade_view(Grade(row.grade), words),
    )


def _where(key: Key, row: AttributionRow, wanted: Wanted) -> dict[str, str | None]:
    """Which row it is, as the address of its touches says it."""
    where: dict[str, str | None] = {"model": row.model, **row.dimensions}
    if key[0] is not None:
        where["department"] = key[0]
    if wanted.value:
        where["value"] = wanted.value
    return where
