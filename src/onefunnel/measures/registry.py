"""The measures, in one list: command line, Python and documentation read it from here.

To add a measure: a folder with ``result.py``, ``query.py`` and ``reference.py``, and an entry here.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import ibis.expr.types as ir
import pyarrow as pa

from onefunnel.errors import UnknownName
from onefunnel.funnel import assemble as funnel_assembly
from onefunnel.funnel import query as funnel_query
from onefunnel.funnel import rows as funnel_rows
from onefunnel.funnel.collected import Collected
from onefunnel.funnel.dense.history import Part
from onefunnel.funnel.result import ConversionRow, FunnelRow, LeakRow, LostReasonRow
from onefunnel.funnel.rows import Where
from onefunnel.funnel.rules import Rules
from onefunnel.funnel.transitions import ADJACENT, Pair
from onefunnel.ledger.schema import Facts
from onefunnel.measures.acquisition import assemble as acquisition_assembly
from onefunnel.measures.acquisition import behind as acquisition_rows
from onefunnel.measures.acquisition import query as acquisition
from onefunnel.measures.acquisition.result import AcquisitionRow
from onefunnel.measures.attribution import asked as attribution_asked
from onefunnel.measures.attribution import assemble as attribution_assembly
from onefunnel.measures.attribution import behind as attribution_rows
from onefunnel.measures.attribution import query as attribution
from onefunnel.measures.attribution.dense import ordered as attribution_ordered
from onefunnel.measures.attribution.dense import streamed as attribution_streamed
from onefunnel.measures.attribution.result import AttributionRow
from onefunnel.measures.behaviour import assemble as behaviour_assembly
from onefunnel.measures.behaviour import query as behaviour
from onefunnel.measures.behaviour.result import BehaviourRow
from onefunnel.measures.bridge import assemble as bridge_assembly
from onefunnel.measures.bridge import query as bridge
from onefunnel.measures.bridge.result import BridgeRow
from onefunnel.measures.conversion import query as conversion
from onefunnel.measures.deals import query as deals
from onefunnel.measures.deals.result import WHY_RATES_DIFFER, DealsRow
from onefunnel.measures.incentives import assemble as incentives_assembly
from onefunnel.measures.incentives import query as incentives
from onefunnel.measures.incentives.result import IncentivesRow
from onefunnel.measures.leaks import query as leaks
from onefunnel.measures.lost_reasons import query as lost_reasons
from onefunnel.measures.offline_conversions import assemble as offline_assembly
from onefunnel.measures.offline_conversions import behind as offline_rows
from onefunnel.measures.offline_conversions import query as offline_conversions
from onefunnel.measures.offline_conversions.result import OfflineConversionsRow
from onefunnel.measures.paradox import assemble as paradox_assembly
from onefunnel.measures.paradox import query as paradox
from onefunnel.measures.paradox.result import ParadoxRow
from onefunnel.measures.payouts import assemble as payouts_assembly
from onefunnel.measures.payouts import query as payouts
from onefunnel.measures.payouts.result import PayoutRow
from onefunnel.measures.plan_health import assemble as plan_health_assembly
from onefunnel.measures.plan_health import query as plan_health
from onefunnel.measures.plan_health.result import PlanHealthRow
from onefunnel.measures.scorecard import assemble as scorecard_assembly
from onefunnel.measures.scorecard import query as scorecard
from onefunnel.measures.scorecard.result import ScorecardRow
from onefunnel.measures.self_reported import assemble as self_reported_assembly
from onefunnel.measures.self_reported import behind as self_reported_rows
from onefunnel.measures.self_reported import query as self_reported
from onefunnel.measures.self_reported.result import SelfReportedRow
from onefunnel.measures.sellers import assemble as sellers_assembly
from onefunnel.measures.sellers import query as sellers
from onefunnel.measures.sellers.result import SellersRow
from onefunnel.measures.steps import query as steps
from onefunnel.measures.steps import streamed as steps_streamed
from onefunnel.measures.steps.result import StepRow
from onefunnel.measures.transitions import assemble as transitions_assembly
from onefunnel.measures.transitions import behind as transitions_rows
from onefunnel.measures.transitions import dense as transitions_dense
from onefunnel.measures.transitions import query as transitions
from onefunnel.measures.transitions.result import TransitionRow
from onefunnel.vocabulary import DIMENSIONS, Note, Permission, Question

Queries: TypeAlias = Callable[[Facts, Rules, Question], Mapping[str, ir.Table]]
Assemble: TypeAlias = Callable[
    [Collected, Rules, Question], tuple[tuple[Any, ...], tuple[Note, ...]]
]
Rows: TypeAlias = Callable[[Facts, Rules, Question, str, Where], ir.Table]
Streams: TypeAlias = Mapping[str, Iterable[pa.RecordBatch]]
Texts: TypeAlias = Mapping[str, Sequence[str]]
Ordered: TypeAlias = Callable[[Sequence[Part], Texts, Streams, Question, int], Collected]


@dataclass(frozen=True, slots=True)
class Streamed:
    """A quicker way to the tables of a measure's ``queries``, over rows that an engine streams.

    ``queries`` gives the expressions to stream; ``collect(streams, question, threads)`` reads each
    stream once, in their order, and gives the tables. ``shares`` says that the queries need what
    several measures share. ``ordered(parts, texts, streams, question, threads)`` gives the tables
    from touches that are kept in order (see :mod:`onefunnel.funnel.dense.history`), and reads only
    the streams named in ``beside``, which are about no touches.
    """

    queries: Queries
    collect: Callable[[Streams, Question, int], Collected]
    shares: bool = False
    ordered: Ordered | None = None
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: what it asks the engine, and how its answer is put together.

    ``queries(facts, rules, question)`` gives named expressions; ``assemble(collected, rules,
    question)`` takes their answers as Arrow tables and gives rows of ``row_type`` and notes;
    ``rows(facts, rules, question, figure, where)`` is the expression of what is behind one of
    ``figures``. ``explained`` has a sentence for fields that are easily mistaken for one another.
    ``pairs`` are the steps whose durations its query of that name gives, if it has one;
    ``remarks_all`` says that its query ``remarks`` is about all tables, not losses only.
    ``streamed`` is a quicker way, where there is one; ``takes_steps`` says that the question must
    name steps, ``takes_joint`` that it can make leads and conversion one factor,
    ``takes_crediting`` that it can be asked other than as agreed; ``dimensions`` are those that it
    can be asked by, ``most_dimensions`` how many at once; ``permission`` is what a person must have
    to see all of it; ``closes`` says that a closed month keeps its answer, ``closed_by`` divided by
    which dimensions (none: undivided), each time in a row of its own. What several measures share
    can be kept: see :func:`onefunnel.funnel.base.prepare`; ``shares`` is False for one that
    has no use for it. ``passes`` is False for one whose queries read touches themselves, so that
    passes over arrays do not answer it; ``origins`` says that of whose touches are it only needs
    where those who bought came from. ``spared(answered, question)`` names queries that need not be
    asked, given what those before them answered.
    """

    name: str
    about: str
    queries: Queries
    assemble: Assemble
    row_type: type
    rows: Rows
    figures: tuple[str, ...]
    explained: Mapping[str, str] = field(default_factory=dict)
    pairs: tuple[Pair, ...] = ()
    remarks_all: bool = False
    streamed: Streamed | None = None
    takes_steps: bool = False
    takes_joint: bool = False
    takes_crediting: bool = False
    dimensions: tuple[str, ...] = DIMENSIONS
    most_dimensions: int = len(DIMENSIONS)
    permission: Permission = Permission.FIGURES
    closes: bool = False
    closed_by: tuple[tuple[str, ...], ...] = ((),)
    shares: bool = True
    passes: bool = True
    origins: bool = False
    spared: Callable[[Collected, Question], Collection[str]] | None = None


_ALL = (
    Measure(
        "funnel",
        "the eight stages: counts, conversion, time and money",
        funnel_query.queries,
        funnel_assembly.assemble,
        FunnelRow,
        funnel_rows.rows,
        funnel_rows.FIGURES,
        pairs=ADJACENT,
        remarks_all=True,
    ),
    Measure(
        "deals",
        "deals opened within the period: won, lost, open, and four rates of winning",
        deals.queries,
        deals.assemble,
        DealsRow,
        deals.rows,
        deals.FIGURES,
        WHY_RATES_DIFFER,
    ),
    Measure(
        "leaks",
        "where money leaves the funnel, dearest first",
        leaks.queries,
        leaks.assemble,
        LeakRow,
        leaks.rows,
        leaks.FIGURES,
    ),
    Measure(
        "lost_reasons",
        "why losses that stand were lost, and whose reason it is",
        lost_reasons.queries,
        lost_reasons.assemble,
        LostReasonRow,
        lost_reasons.rows,
        lost_reasons.FIGURES,
    ),
    Measure(
        "conversion",
        "from every stage to the next, and to purchase",
        conversion.queries,
        conversion.assemble,
        ConversionRow,
        conversion.rows,
        conversion.FIGURES,
        pairs=conversion.PAIRS,
    ),
    Measure(
        "steps",
        "who touched the company in a given order, within a window from the first step",
        steps.queries,
        steps.assemble,
        StepRow,
        steps.rows,
        steps.FIGURES,
        streamed=Streamed(steps_streamed.queries, steps_streamed.collect),
        takes_steps=True,
    ),
    Measure(
        "bridge",
        "what moved the contribution from one period to the next, factor by factor",
        bridge.queries,
        bridge_assembly.assemble,
        BridgeRow,
        bridge.rows,
        bridge.FIGURES,
        takes_joint=True,
        dimensions=bridge.SEGMENT,
        closes=True,
    ),
    Measure(
        "acquisition",
        "what was spent in a period, who came of it, and what they brought since",
        acquisition.queries,
        acquisition_assembly.assemble,
        AcquisitionRow,
        acquisition_rows.rows,
        acquisition_rows.FIGURES,
        dimensions=acquisition.DIMENSIONS,
        closes=True,
        closed_by=((), ("channel",)),
        passes=False,
        origins=True,
        spared=acquisition.spared,
    ),
    Measure(
        "attribution",
        "which share of leads, customers or money each model credits to whom",
        attribution.queries,
        attribution_assembly.assemble,
        AttributionRow,
        attribution_rows.rows,
        attribution_rows.FIGURES,
        dimensions=attribution_asked.DIMENSIONS,
        streamed=Streamed(
            attribution_streamed.queries,
            attribution_streamed.collect,
            shares=True,
            ordered=attribution_ordered.collect,
            beside=attribution_ordered.BESIDE,
        ),
        most_dimensions=1,
        takes_crediting=True,
        closes=True,
    ),
    Measure(
        "transitions",
        "how paths go on from touch to touch, and how they end",
        transitions.queries,
        transitions_assembly.assemble,
        TransitionRow,
        transitions_rows.rows,
        transitions_rows.FIGURES,
        dimensions=attribution_asked.DIMENSIONS,
        streamed=Streamed(
            transitions_dense.queries,
            transitions_dense.collect,
            shares=True,
            ordered=transitions_dense.in_order,
            beside=attribution_ordered.BESIDE,
        ),
        most_dimensions=1,
        takes_crediting=True,
    ),
    Measure(
        "self_reported",
        "self-reported attribution: what people say brought them, beside what was tracked",
        self_reported.queries,
        self_reported_assembly.assemble,
        SelfReportedRow,
        self_reported_rows.rows,
        self_reported_rows.FIGURES,
        dimensions=(),
        passes=False,
    ),
    Measure(
        "offline_conversions",
        "which leads and customers each advertising platform can be told of, by their clicks",
        offline_conversions.queries,
        offline_assembly.assemble,
        OfflineConversionsRow,
        offline_rows.rows,
        offline_rows.FIGURES,
        dimensions=(),
        passes=False,
    ),
    Measure(
        "incentives",
        "what ignored leads cost and why: hours, the pay plan, or what was done",
        incentives.queries,
        incentives_assembly.assemble,
        IncentivesRow,
        incentives.rows,
        incentives.FIGURES,
        dimensions=(),
        closes=True,
    ),
    Measure(
        "behaviour",
        "which leads were worked in time: does pay per hour explain it, or contribution per hour?",
        behaviour.queries,
        behaviour_assembly.assemble,
        BehaviourRow,
        behaviour.rows,
        behaviour.FIGURES,
        dimensions=(),
    ),
    Measure(
        "paradox",
        "where both departments meet their targets and the company loses, by segment",
        paradox.queries,
        paradox_assembly.assemble,
        ParadoxRow,
        paradox.rows,
        paradox.FIGURES,
        dimensions=(),
    ),
    Measure(
        "sellers",
        "the leads, hours and pay of each salesperson, for a plan that bounds what anybody loses",
        sellers.queries,
        sellers_assembly.assemble,
        SellersRow,
        sellers.rows,
        sellers.FIGURES,
        dimensions=(),
        permission=Permission.PAY,
    ),
    Measure(
        "payouts",
        "what is paid to whom, line by line, and why",
        payouts.queries,
        payouts_assembly.assemble,
        PayoutRow,
        payouts.rows,
        payouts.FIGURES,
        dimensions=(),
        permission=Permission.PAY,
        shares=False,
    ),
    Measure(
        "plan_health",
        "whether pay plans work: quotas reached, pay and performance, crowded ends, discounts",
        plan_health.queries,
        plan_health_assembly.assemble,
        PlanHealthRow,
        plan_health.rows,
        plan_health.FIGURES,
        dimensions=(),
        permission=Permission.PAY,
        shares=False,
    ),
    Measure(
        "scorecard",
        "what scorecards pay in a month, measure by measure, and signs that they are gamed",
        scorecard.queries,
        scorecard_assembly.assemble,
        ScorecardRow,
        scorecard.rows,
        scorecard.FIGURES,
        dimensions=(),
        permission=Permission.PAY,
        closes=True,
    ),
)

MEASURES: Mapping[str, Measure] = {each.name: each for each in _ALL}
"""Every measure by its name."""


def measure(name: str) -> Measure:
    """The measure of that name; UnknownName says which there are.

    >>> measure("deals").row_type.__name__
    'DealsRow'
    """
    if name not in MEASURES:
        raise UnknownName("measure", name, MEASURES)
    return MEASURES[name]
