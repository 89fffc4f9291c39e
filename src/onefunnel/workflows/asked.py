"""What a person asks, in the words of the workspace."""

from dataclasses import dataclass
from datetime import date, datetime

from onefunnel.vocabulary import AS_AGREED, Crediting, Question, Step


@dataclass(frozen=True)
class Asked:
    """What a person asks: local days, ``since`` inclusive and ``until`` exclusive, None for open.

    ``horizon_days`` None: the rules' own. ``now`` None: the instant of the latest event, but none
    after the version was made; without a zone it is local time. ``as_of`` None: the last complete
    version. ``steps`` and ``within_days`` (None: 30) are for the measure ``steps``; ``joint``
    is for ``bridge``: leads and conversion as one factor; ``crediting`` is for ``attribution``.
    """

    by: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    horizon_days: int | None = None
    now: datetime | None = None
    as_of: int | None = None
    steps: tuple[Step, ...] = ()
    within_days: int | None = None
    joint: bool = False
    crediting: Crediting = AS_AGREED


def parameters(asked: Asked, question: Question, rules: str) -> dict[str, str | int | None]:
    """What was asked, as an answer says it; ``rules`` is their content hash."""
    steps = "; ".join(str(each) for each in asked.steps)
    return {
        "by": ",".join(asked.by) or None,
        "from": asked.since.isoformat() if asked.since else None,
        "to": asked.until.isoformat() if asked.until else None,
        "horizon_days": question.horizon_days,
        "currency": question.currency,
        "rules": rules,
        **({"steps": steps, "within_days": question.within_days} if steps else {}),
        **({"joint": "yes"} if asked.joint else {}),
        **_crediting(asked.crediting),
    }


def _crediting(said: Crediting) -> dict[str, str | int | None]:
    """What was asked of attribution other than as agreed."""
    given = {
        "value": said.value,
        "models": ",".join(said.models) or None,
        "window_days": said.window_days,
        "half_life_days": said.half_life_days,
    }
    return {
        name: f"{value:g}" if isinstance(value, float) else value
        for name, value in given.items()
        if value is not None
    }
