"""The release of onefunnel that is installed."""

from importlib.metadata import version

RELEASE = version("onefunnel")
