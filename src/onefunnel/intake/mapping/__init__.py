"""Mappings: which column of a source becomes which column of the ledger."""

from onefunnel.intake.mapping.canonical import canonical_into
from onefunnel.intake.mapping.model import Cell, Into, Mapping, Source, Where
from onefunnel.intake.mapping.parse import parse_mapping, read_mapping

__all__ = [
    "Cell",
    "Into",
    "Mapping",
    "Source",
    "Where",
    "canonical_into",
    "parse_mapping",
    "read_mapping",
]
