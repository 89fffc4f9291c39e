"""The rows of the measure ``conversion``."""

from onefunnel.funnel.result import ConversionRow

__all__ = ["ConversionRow"]
