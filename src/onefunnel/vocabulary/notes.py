"""What a figure's reader must be told beside it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Note:
    """A remark with a stable code; ``params`` carry its figures, for translation.

    A note that refuses a figure has a code beginning with ``refused_``.

    >>> Note("left_truncation", "Deals before 2017-12-05 are not in the records.").code
    'left_truncation'
    """

    code: str
    text: str
    params: dict[str, str | int | float] = field(default_factory=dict, hash=False)
