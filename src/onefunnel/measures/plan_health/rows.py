"""Rows of ``plan_health``: a value held against its range, or the reason why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass

from onefunnel.measures.plan_health.notes import sentence
from onefunnel.measures.plan_health.result import PlanHealthRow, Verdict
from onefunnel.measures.plan_health.statistics import Told

Params = Mapping[str, str | int | float]

AT_QUOTA = (0.5, 0.7)
"""Half to seven in ten reach their quota where it is sound (Zoltners, Sinha and Lorimer)."""
UNDER_THRESHOLD = (0.0, 0.1)
"""The same: fewer than one in ten are left below the threshold."""
NO_MORE_THAN_CHANCE = (-1.0, 0.0)
"""A correlation that speaks against the plan where it is above 0."""
GOES_TOGETHER = (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class About:
    """A plan, and the component, empty for the plan as a whole."""

    plan: str
    component: str = ""

    def told(
        self,
        test: str,
        value: Told,
        n: int,
        healthy: tuple[float, float],
        params: Params,
        *,
        proven: bool = False,
    ) -> PlanHealthRow:
        """A value with its interval, held against a range; ``proven``: inside it beyond chance."""
        verdict = judged(value, *healthy, proven=proven)
        figures = (value.value, value.low, value.high, *healthy)
        return self._row(test, figures, verdict, n, test, params)

    def plain(self, test: str, value: float, n: int, params: Params) -> PlanHealthRow:
        """A value for which nobody names a range."""
        figures = (value, None, None, None, None)
        return self._row(test, figures, Verdict.TOLD, n, test, params)

    def refused(self, test: str, code: str, n: int = 0, **params: str | int) -> PlanHealthRow:
        """No value, and the code of the reason."""
        return self._row(test, (None,) * 5, Verdict.REFUSED, n, code, {"n": n, **params})

    def _row(
        self,
        test: str,
        figures: tuple[float | None, ...],
        verdict: Verdict,
        n: int,
        code: str,
        params: Params,
    ) -> PlanHealthRow:
        said = {name: text(each) for name, each in {"n": n, **params}.items()}
        value, low, high, least, most = (None if f is None else round(f, 6) for f in figures)
        return PlanHealthRow(
            plan=self.plan,
            component=self.component,
            test=test,
            value=value,
            low=low,
            high=high,
            range_low=least,
            range_high=most,
            verdict=verdict,
            n=n,
            code=code,
            why=sentence(code, said),
            params=said,
        )


def judged(value: Told, least: float, most: float, *, proven: bool = False) -> Verdict:
    """What a value says of a range.

    >>> judged(Told(0.9, 0.8, 0.95), 0.5, 0.7), judged(Told(0.4, 0.2, 0.6), 0.5, 0.7)
    (<Verdict.LOOK: 'look'>, <Verdict.UNSURE: 'unsure'>)
    >>> judged(Told(0.4, -0.1, 0.7), 0.0, 1.0, proven=True)
    <Verdict.UNSURE: 'unsure'>
    """
    if value.high < least or value.low > most:
        return Verdict.LOOK
    inside = least <= value.value <= most
    sure = not proven or (least < value.low and value.high <= most)
    return Verdict.FINE if inside and sure else Verdict.UNSURE


def text(value: str | int | float) -> str:
    """A figure as text, to four decimals and without zeros at its end.

    >>> text(0.25), text(3), text(2.0)
    ('0.25', '3', '2')
    """
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    return str(value)
