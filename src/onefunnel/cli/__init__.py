"""The command line: thin commands over workflows and measures."""

from onefunnel.cli.app import main

__all__ = ["main"]
