"""The packages that attribute, each behind one task: paths of raw touches, then its models.

They take paths as text. So DuckDB builds paths first, as quickly as we know how and as short as can
be: a letter for a channel, equal paths counted together, and for a model that looks at converting
paths only no others. ChannelAttribution is measured with paths built as they are written at first,
too. Building them is counted, and shown for itself.

A model that is the same as ours has the same name in the answer. Where it is not, its name goes on
after a colon, and says why; see README.md.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from benchmarks import duck
from benchmarks.data import CHANNELS, LOOKBACK_DAYS, Credits, Data, read_through
from benchmarks.watch import Watch

if TYPE_CHECKING:
    import duckdb

    Rows = duckdb.DuckDBPyRelation
    Models = Callable[[Rows, Data, Watch], Credits]

SEPARATOR = ">"
FIRST = "a"
"""The letter of the first channel."""
LOOKBACK = LOOKBACK_DAYS * 86_400 * 1_000_000
PATHS = """
WITH walks AS (
    SELECT person, list_sort(list(epoch_us("at") * 32 + channel)) AS keys
    FROM read_parquet($touches) {whose} GROUP BY person
), ended AS (
    SELECT keys, bought."at" IS NOT NULL AS converted,
        coalesce(epoch_us(bought."at"), keys[-1] // 32) AS ends_at
    FROM walks LEFT JOIN read_parquet($conversions) AS bought ON walks.person = bought.person
), bounded AS (
    SELECT *, (ends_at - {lookback}) * 32 AS since, ends_at * 32 + 31 AS until FROM ended
), kept AS (
    SELECT list_filter(keys, lambda key: key BETWEEN since AND until) AS keys, converted
    FROM bounded
)
SELECT array_to_string(list_transform(keys, lambda key: chr(({first} + key % 32)::INT)),
    '{separator}') AS path, converted
FROM kept WHERE len(keys) > 0
"""
"""A row for each path: a person's touches up to the conversion, or to the last touch.

A touch is one number, so that sorting a person's touches compares numbers only.
"""
PLAINLY = """
WITH touched AS (
    SELECT touch.person, touch."at" AS happened, channel,
        coalesce(bought."at", max(touch."at") OVER (PARTITION BY touch.person)) AS ends_at,
        bought."at" IS NOT NULL AS converted
    FROM read_parquet($touches) AS touch
    LEFT JOIN read_parquet($conversions) AS bought ON touch.person = bought.person
    WHERE bought."at" IS NULL OR touch."at" <= bought."at"
)
SELECT string_agg(chr({first} + channel), '{separator}' ORDER BY happened, channel) AS path,
    any_value(converted) AS converted
FROM touched WHERE happened >= ends_at - to_microseconds({lookback}) GROUP BY person
"""
"""The same as it is written at first: half as quick."""
CONVERTED = "SEMI JOIN read_parquet($conversions) AS bought USING (person)"
ONE_BY_ONE = """
SELECT path, converted::INT AS total_conversions, (NOT converted)::INT AS total_null
FROM ({paths})
"""
"""Each path in a row of its own."""
BY_OUTCOME = "SELECT path, converted, count(*) AS paths FROM ({paths}) GROUP BY path, converted"
"""Equal paths together: those that converted in one row, those that did not in another."""
TOTALS = """
SELECT path, count(*) FILTER (WHERE converted) AS total_conversions,
    count(*) FILTER (WHERE NOT converted) AS total_null
FROM ({paths}) GROUP BY path
"""
"""Equal paths together in one row."""


def channel_attribution(data: Data, watch: Watch) -> Credits:
    """ChannelAttribution: its rules, and its simulated Markov models of order 1 and 2.

    As it is used with touches: a row for each path, as SQL joins them.
    """
    return _measured(data, watch, ONE_BY_ONE.format(paths=paths_of(PLAINLY)), _channel_attribution)


def channel_attribution_at_best(data: Data, watch: Watch) -> Credits:
    """The same with paths built in the quickest way we know, equal ones counted together."""
    return _measured(data, watch, TOTALS.format(paths=paths_of()), _channel_attribution)


def marketing_attribution_models(data: Data, watch: Watch) -> Credits:
    """marketing-attribution-models: its rules that need no times, and its Markov model."""
    return _measured(
        data, watch, BY_OUTCOME.format(paths=paths_of()), _marketing_attribution_models
    )


def do_attribution(data: Data, watch: Watch) -> Credits:
    """do-attribution: Markov models of order 1 and 2, removal as ours."""
    return _measured(data, watch, BY_OUTCOME.format(paths=paths_of()), _do_attribution)


def mta(data: Data, watch: Watch) -> Credits:
    """mta: its rules that are ours, and its Markov model."""
    return _measured(data, watch, TOTALS.format(paths=paths_of()), _mta)


def shapley_attribution(data: Data, watch: Watch) -> Credits:
    """shapley-attribution: the game of sums, from the paths that converted."""
    query = f"SELECT path FROM ({paths_of(whose=CONVERTED)})"
    return _measured(data, watch, query, _shapley_attribution)


def paths_of(query: str = PATHS, whose: str = "") -> str:
    """The query of paths: of everybody, or of those who ``CONVERTED``."""
    return query.format(first=ord(FIRST), separator=SEPARATOR, lookback=LOOKBACK, whose=whose)


def _measured(data: Data, watch: Watch, query: str, models: Models) -> Credits:
    con = duck.connect(data)
    few = (data.attribution_few_touches, data.attribution_few_conversions)
    every = (data.attribution_touches, data.attribution_conversions)

    def rows(files: tuple[Any, Any]) -> Rows:
        named = dict(zip(("touches", "conversions"), map(str, files), strict=True))
        return con.sql(query, params=named)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they say how they have changed
        models(rows(few), data, Watch())
        read_through(every)
        with watch.measured():
            return models(rows(every), data, watch)


def _channel_attribution(rows: Rows, data: Data, watch: Watch) -> Credits:
    import ChannelAttribution

    with watch.part("paths"):
        paths = rows.df()
    quiet: dict[str, Any] = {"sep": SEPARATOR, "flg_pro": False}
    with watch.part("rules"):
        found = ChannelAttribution.heuristic_models(paths, "path", "total_conversions", **quiet)
    columns = {"first_touch": "first_touch", "last_touch": "last_touch", "linear": "linear_touch"}
    by = found.set_index("channel_name")
    credits = {model: _named(by[column].to_dict()) for model, column in columns.items()}
    for order in (1, 2):
        with watch.part(f"Markov {order}"):
            solved = ChannelAttribution.markov_model(
                paths,
                "path",
                "total_conversions",
                var_null="total_null",
                order=order,
                ncore=data.threads,
                verbose=False,
                **quiet,
            )
        given = solved.set_index("channel_name")["total_conversions"]
        credits[f"markov_{order}: simulated"] = _named(given.to_dict())
    return credits


def _marketing_attribution_models(rows: Rows, data: Data, watch: Watch) -> Credits:
    import mam

    with watch.part("paths"):
        paths = rows.pl()
    with watch.part("reading paths"):
        made = mam.MAM(
            paths,
            format_type="grouped_journey",
            channels_colname="path",
            journey_with_conv_colname="converted",
            occurrences_colname="paths",
            path_separator=SEPARATOR,
        )
    credits = {}
    runs = {
        "first_touch": made.run_first_click,
        "last_touch": made.run_last_click,
        "linear": made.run_linear,
        "position_u": made.run_position_based,
    }
    with watch.part("rules"):
        for model, run in runs.items():
            given = run().to_polars()
            pairs = zip(given["channels"].to_list(), given["attribution"].to_list(), strict=True)
            credits[model] = _named(dict(pairs))
    with watch.part("Markov 1"):
        effects = made.run_markov().metadata["removal_effect"]["removal_effect"].to_dict()
    return {**credits, "markov_1": _shared_out(effects, credits["linear"])}


def _do_attribution(rows: Rows, data: Data, watch: Watch) -> Credits:
    import do_attribution as package

    with watch.part("paths"):
        paths = rows.df()
    converted = int(paths["paths"][paths["converted"]].sum())
    credits = {}
    for order in (1, 2):
        with watch.part(f"Markov {order}"):
            model = package.MarkovAttribution(
                order, separator=SEPARATOR, removal_strategy="redirect_to_null"
            )
            outcome = paths["converted"].astype(int)
            parts = model.fit(paths["path"], outcome, weights=paths["paths"])["attribution"]
        credits[f"markov_{order}"] = _named({key: part * converted for key, part in parts.items()})
    return credits


def _mta(rows: Rows, data: Data, watch: Watch) -> Credits:
    from mta import MTA

    with watch.part("paths"):
        paths = rows.df()
    with watch.part("reading paths"):
        made = MTA(
            paths,
            sep=SEPARATOR,
            allow_loops=True,
            add_timepoints=False,
            normalize_by_default=False,
        )
    with watch.part("rules"):
        made.first_touch().last_touch().linear(share="proportional").position_based()
    names = {"first_touch": "first_touch", "last_touch": "last_touch", "linear": "linear"}
    names["position_u"] = "pos_based"
    credits = {model: _named(made.attribution[name]) for model, name in names.items()}
    with watch.part("Markov 1"):
        made.markov()
    effects = made.attribution["markov"]
    credits["markov_1: walks that were seen"] = _shared_out(effects, credits["linear"])
    return credits


def _shapley_attribution(rows: Rows, data: Data, watch: Watch) -> Credits:
    from shapley_attribution import SimplifiedShapleyAttribution

    with watch.part("paths"):
        paths = [path.split(SEPARATOR) for (path,) in rows.fetchall()]
    with watch.part("Shapley"):
        found = SimplifiedShapleyAttribution(normalize=False).fit(paths).get_attribution()
    return {"shapley": _named(found)}


def _shared_out(effects: Mapping[str, float], given: Mapping[str, float]) -> dict[str, float]:
    """All conversions that were given, in the proportion of removal effects."""
    each = sum(given.values()) / sum(effects.values())
    return _named({letter: effect * each for letter, effect in effects.items()})


def _named(found: Mapping[Any, float]) -> dict[str, float]:
    """By channel instead of by letter; who got nothing is not in it."""
    return {
        CHANNELS[ord(letter) - ord(FIRST)]: float(given) for letter, given in found.items() if given
    }
