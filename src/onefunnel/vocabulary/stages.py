"""The eight stages of the joint funnel, in order.

Source: Kotler, Rackham and Krishnaswamy 2006, "Ending the War Between Sales and Marketing".
"""

from enum import StrEnum

from onefunnel.vocabulary.departments import Department


class Stage(StrEnum):
    """One stage of the joint funnel; the order of the members is the order of the funnel.

    >>> Stage.BRAND_AWARENESS.position, Stage.BRAND_AWARENESS.previous
    (1, <Stage.CUSTOMER_AWARENESS: 'customer_awareness'>)
    """

    CUSTOMER_AWARENESS = "customer_awareness"
    BRAND_AWARENESS = "brand_awareness"
    BRAND_CONSIDERATION = "brand_consideration"
    BRAND_PREFERENCE = "brand_preference"
    PURCHASE_INTENTION = "purchase_intention"
    PURCHASE = "purchase"
    CUSTOMER_LOYALTY = "customer_loyalty"
    CUSTOMER_ADVOCACY = "customer_advocacy"

    @property
    def position(self) -> int:
        """Place in the funnel, from 0."""
        return STAGES.index(self)

    @property
    def previous(self) -> "Stage | None":
        """The stage before this one; None for the first."""
        return STAGES[self.position - 1] if self.position else None

    @property
    def default_owner(self) -> Department:
        """The department that owns the stage unless ``funnel.toml`` says otherwise.

        >>> Stage.BRAND_PREFERENCE.default_owner, Stage.PURCHASE_INTENTION.default_owner
        (<Department.MARKETING: 'marketing'>, <Department.SALES: 'sales'>)
        """
        intention = Stage.PURCHASE_INTENTION.position
        return Department.MARKETING if self.position < intention else Department.SALES


STAGES: tuple[Stage, ...] = tuple(Stage)
