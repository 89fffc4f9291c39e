"""The terms that people work under: files that favour a side, fixed before results are seen."""

import hashlib
import json
from dataclasses import dataclass

PAY, INCENTIVES, SCORECARDS = "pay", "incentives.toml", "scorecards"
"""Where they stand in a workspace: pay plans, ranges and prices of hours, scorecards."""
EXPERIMENTS = "experiments"
"""Where lift experiments stand: a file for each."""
ATTRIBUTION = "attribution.toml"
"""Where the conventions stand: how spend is shared out."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The files of terms as they stood at a ledger version: path in the workspace and text.

    Paths are written with a slash and in order; line ends are one newline.

    >>> terms = Terms((("incentives.toml", "hour_cost = 20"), ("pay/sales.toml", "…")))
    >>> terms.text("incentives.toml"), terms.under("pay")
    ('hour_cost = 20', (('pay/sales.toml', '…'),))
    """

    files: tuple[tuple[str, str], ...] = ()

    def text(self, path: str) -> str | None:
        """What stands in a file, None where there is none."""
        return dict(self.files).get(path)

    def under(self, folder: str) -> tuple[tuple[str, str], ...]:
        """The files in a folder."""
        return tuple(each for each in self.files if each[0].startswith(f"{folder}/"))

    @property
    def digest(self) -> str:
        """A hash of all of it, empty where there are no files."""
        if not self.files:
            return ""
        return hashlib.sha256(json.dumps(self.files).encode()).hexdigest()


NO_TERMS = Terms()
"""Nothing was ever fixed."""
