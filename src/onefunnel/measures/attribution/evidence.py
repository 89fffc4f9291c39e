"""How far a figure of attribution can be trusted, and what an experiment does to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from onefunnel.errors import UnknownName, UsageError
from onefunnel.funnel.incidence import Z_95
from onefunnel.measures.attribution.family import MODELS
from onefunnel.measures.attribution.rules import RULES


class Grade(StrEnum):
    """What a figure rests on, the best first.

    A: an experiment with groups made by chance. B: a quasi-experiment, such as regions compared
    before and after. C: a model of observed paths. D: what buyers say themselves. E: a rule.
    """

    EXPERIMENT = "A"
    QUASI_EXPERIMENT = "B"
    MODEL = "C"
    SELF_REPORT = "D"
    RULE = "E"


def grade_of_model(model: str) -> Grade:
    """The grade of a model by itself: C at best, for paths alone never show what would come anyhow.

    Raises UnknownName where there is no such model.

    >>> grade_of_model("markov_2"), grade_of_model("linear")
    (<Grade.MODEL: 'C'>, <Grade.RULE: 'E'>)
    """
    if model not in MODELS:
        raise UnknownName("model of attribution", model, MODELS)
    return Grade.RULE if model in RULES else Grade.MODEL


def best(grades: Iterable[Grade]) -> Grade:
    """The best of the grades; at least one is there.

    >>> best([Grade.MODEL, Grade.EXPERIMENT]).value
    'A'
    """
    return min(grades)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its standard error. Raises UsageError where the error is not above 0."""

    value: float
    error: float

    def __post_init__(self) -> None:
        if not self.error > 0:
            raise UsageError(
                f"The standard error is {self.error}.", remedy="Give one above 0; none is exact."
            )

    @property
    def low(self) -> float:
        """The lower end of the 95 % interval."""
        return self.value - Z_95 * self.error

    @property
    def high(self) -> float:
        """The upper end of the 95 % interval."""
        return self.value + Z_95 * self.error


@dataclass(frozen=True, slots=True)
class Combined:
    """What a model and an experiment say together, and the weight of the experiment in it.

    ``apart`` is how many standard errors of their difference they lie from each other: where it is
    above 2 the model's bias was taken too small, or the two do not speak of the same.
    """

    estimate: Estimate
    weight: float
    apart: float


def combined(model: Estimate, experiment: Estimate, *, bias: float = 0.0) -> Combined:
    """A model and an experiment on one figure in the same unit, each by its precision.

    ``bias`` is the standard deviation of what a model of observed paths is off by beyond chance;
    the variances are its error^2 + bias^2 and the experiment's error^2. More paths don't lessen it:
    over 663 experiments the median error of models was larger than the median lift (Gordon, Moakler
    & Zettelmeyer 2022, arXiv 2201.07055). Raises UsageError where the bias is negative.

    >>> found = combined(Estimate(3.0, 1.0), Estimate(1.2, 0.4)).estimate
    >>> round(found.value, 3), round(found.error, 3)
    (1.448, 0.371)
    """
    if not bias >= 0:
        raise UsageError(f"The bias is {bias}.", remedy="Give its standard deviation, from 0 up.")
    of_model, of_experiment = model.error**2 + bias**2, experiment.error**2
    weight = of_model / (of_model + of_experiment)
    value = weight * experiment.value + (1 - weight) * model.value
    together = Estimate(value, sqrt(weight * of_experiment))
    apart = abs(model.value - experiment.value) / sqrt(of_model + of_experiment)
    return Combined(together, weight, apart)
