"""onefunnel: one funnel that marketing and sales both own, measured in money."""

from typing import TYPE_CHECKING

from onefunnel.version import RELEASE as __version__

if TYPE_CHECKING:
    from onefunnel.api import open

__all__ = ["__version__", "open"]


def __getattr__(name: str) -> object:
    """``onefunnel.open``, loaded when it is first asked for: engines take a second to import."""
    if name == "open":
        from onefunnel.api import open as opened

        return opened
    raise AttributeError(f"module 'onefunnel' has no attribute {name!r}")
