"""The rows of the measure ``leaks``."""

from onefunnel.funnel.result import LeakRow

__all__ = ["LeakRow"]
