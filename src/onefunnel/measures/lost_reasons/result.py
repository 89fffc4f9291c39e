"""The rows of the measure ``lost_reasons``."""

from onefunnel.funnel.result import LostReasonRow

__all__ = ["LostReasonRow"]
