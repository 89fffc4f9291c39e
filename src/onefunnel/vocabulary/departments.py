"""Who owns a stage, a touch or a figure."""

from enum import StrEnum


class Department(StrEnum):
    """A department as the ledger spells it; ``both`` owns what the two answer for together.

    >>> Department("marketing").letter
    'M'
    """

    MARKETING = "marketing"
    SALES = "sales"
    SUPPORT = "support"
    MANAGEMENT = "management"
    OTHER = "other"
    BOTH = "both"

    @property
    def letter(self) -> str:
        """The mark that stands beside the colour, so that colour never carries meaning alone."""
        return {"marketing": "M", "sales": "S", "both": "B"}.get(self.value, "O")
