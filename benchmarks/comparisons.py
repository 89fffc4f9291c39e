"""What is compared with what, and what was aimed at."""

from __future__ import annotations

from dataclasses import dataclass

GB = 10**9
LARGE = 50_000_000


@dataclass(frozen=True)
class Bounds:
    """What a side may take; one that takes more is ended, and is not tried at larger sizes."""

    seconds: int = 600
    memory: int = 20 * GB


@dataclass(frozen=True)
class Side:
    """One way of doing the work: a task of the worker, in our environment or the peers'.

    One that is measured ``once`` runs in the first round only, so no target may rest on it. One
    with ``bounds`` may break them: that is a result, and no failure of the run.
    """

    name: str
    task: str
    peers: bool = False
    once: bool = False
    bounds: Bounds | None = None


@dataclass(frozen=True)
class Further:
    """Another ratio of the same first side, to the quickest of ``against``.

    ``target`` is the most that it may be from 5 million touches on, ``large`` from 50 million.
    """

    name: str
    title: str
    against: tuple[str, ...]
    target: float | None = None
    large: float | None = None


@dataclass(frozen=True)
class Comparison:
    """The first side against the quickest of ``against``; the others are there to be seen.

    ``target`` and ``aim`` are the most that the ratio of medians may be, and what we wish for; the
    medians are those of the rounds in which both sides ran.
    ``most_bytes`` is the most memory that the first side may take, ``growth`` the most that its
    time may grow from 5 to 50 million touches. From ``judged_from`` touches on these are judged.
    ``same_answer``: every side must give the same. ``agree``: answers are credits by model and
    channel, and where two sides have a model of one name, no channel's credit may differ by more
    than this part of it. ``further`` are more ratios of the first side, to others.
    """

    name: str
    title: str
    sides: tuple[Side, ...]
    against: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    target: float | None = None
    aim: float | None = None
    most_bytes: int | None = None
    growth: float | None = None
    judged_from: int = 0
    same_answer: bool = True
    agree: float | None = None
    further: tuple[Further, ...] = ()

    @property
    def ours(self) -> Side:
        """The side that is measured against the others."""
        return self.sides[0]


ATTRIBUTING = "benchmarks.attribution_peers"
IMPORT = Side("onefunnel", "benchmarks.ours:import_touches")
TAKE_IN = Side("onefunnel, all tables", "benchmarks.ours:take_in")
FUNNEL = Side("onefunnel", "benchmarks.ours:funnel")
STEPS = Side("onefunnel", "benchmarks.ours:steps")

COMPARISONS = (
    Comparison(
        "import",
        "Touches from CSV into the ledger, identity apart",
        (IMPORT, Side("DuckDB, CSV to Parquet", "benchmarks.duck:csv_to_parquet")),
        against=("DuckDB, CSV to Parquet",),
        needs=("csv",),
        target=3.0,
        growth=12.0,
    ),
    Comparison(
        "funnel",
        "The whole joint funnel by channel, never asked before",
        (
            FUNNEL,
            Side("DuckDB, scan of the same columns", "benchmarks.duck:scan"),
            Side("onefunnel, touches not in order yet", "benchmarks.ours:funnel_from_facts"),
        ),
        against=("DuckDB, scan of the same columns",),
        needs=("workspace",),
        target=8.0,
        most_bytes=4 * GB,
        growth=12.0,
        judged_from=LARGE,
        same_answer=False,  # a scan answers nothing
    ),
    Comparison(
        "steps",
        "Four ordered steps within thirty days, from person codes",
        (
            STEPS,
            Side("ClickHouse windowFunnel", "benchmarks.clickhouse:steps", peers=True),
            Side(
                "ClickHouse windowFunnel, steps only",
                "benchmarks.clickhouse:steps_filtered",
                peers=True,
            ),
            Side(
                "ClickHouse windowFunnel, steps only, whole seconds",
                "benchmarks.clickhouse:steps_in_seconds",
                peers=True,
            ),
            Side("DuckDB windows", "benchmarks.duck:steps"),
            Side("Polars", "benchmarks.frames:steps", peers=True),
        ),
        against=(
            "ClickHouse windowFunnel",
            "ClickHouse windowFunnel, steps only",
            "ClickHouse windowFunnel, steps only, whole seconds",
        ),
        needs=("journeys",),
        target=0.8,
        aim=0.5,
        growth=12.0,
        judged_from=LARGE,
    ),
    Comparison(
        "steps-asked",
        "The same asked of the ledger: kinds and parties as text",
        (
            Side("onefunnel", "benchmarks.ours:steps_asked"),
            Side("ClickHouse windowFunnel", "benchmarks.clickhouse:steps_from_text", peers=True),
            Side(
                "ClickHouse windowFunnel, steps only",
                "benchmarks.clickhouse:steps_from_text_filtered",
                peers=True,
            ),
        ),
        against=("ClickHouse windowFunnel", "ClickHouse windowFunnel, steps only"),
        needs=("journeys",),
    ),
    Comparison(
        "attribution",
        "Attribution from raw touches: seven rules, Markov 1 and 2, Shapley, with intervals",
        (
            Side("onefunnel", "benchmarks.ours:attribution"),
            Side("DuckDB, scan of the same columns", "benchmarks.duck:attribution_scan"),
            Side(
                "ChannelAttribution",
                f"{ATTRIBUTING}:channel_attribution",
                peers=True,
                bounds=Bounds(seconds=1800),
            ),
            Side(
                "ChannelAttribution, equal paths together",
                f"{ATTRIBUTING}:channel_attribution_at_best",
                peers=True,
                once=True,
                bounds=Bounds(seconds=1800),
            ),
            Side("onefunnel, orders 3 and 4 too", "benchmarks.ours:attribution_3_4", once=True),
            Side(
                "marketing-attribution-models",
                f"{ATTRIBUTING}:marketing_attribution_models",
                peers=True,
                once=True,
                bounds=Bounds(),
            ),
            Side(
                "do-attribution",
                f"{ATTRIBUTING}:do_attribution",
                peers=True,
                once=True,
                bounds=Bounds(),
            ),
            Side("mta", f"{ATTRIBUTING}:mta", peers=True, once=True, bounds=Bounds()),
            Side(
                "shapley-attribution",
                f"{ATTRIBUTING}:shapley_attribution",
                peers=True,
                once=True,
                bounds=Bounds(),
            ),
        ),
        against=("DuckDB, scan of the same columns",),
        needs=("attribution",),
        target=6.0,
        aim=3.0,
        most_bytes=2 * GB,
        growth=12.0,
        judged_from=LARGE,
        same_answer=False,  # no two packages have the same models
        agree=1e-6,
        further=(
            Further(
                "attribution, package",
                "The same beside ChannelAttribution: three rules, Markov 1 and 2, its paths built",
                ("ChannelAttribution",),
                target=1 / 12,
                large=1 / 30,
            ),
            Further(
                "attribution, package at best",
                "The same with paths built as quickly as we know, equal ones counted together",
                ("ChannelAttribution, equal paths together",),
            ),
        ),
    ),
    *(
        Comparison(
            name,
            f"{what} after one per cent more touches",
            (
                Side("brought up to date", f"benchmarks.refreshing:{measure}"),
                Side("from nothing", f"benchmarks.refreshing:{measure}_from_nothing"),
            ),
            against=("from nothing",),
            needs=("refresh",),
            target=0.25,
        )
        for name, measure, what in (
            ("refresh", "funnel", "The funnel"),
            ("refresh-acquisition", "acquisition", "Acquisition by channel"),
            ("refresh-attribution", "attribution", "All models of attribution"),
        )
    ),
)

GROWTH = (TAKE_IN, FUNNEL, STEPS)
"""What is measured once at each size for the picture of growth."""
GROWTH_NEEDS = ("csv", "workspace", "journeys")
