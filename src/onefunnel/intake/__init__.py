"""Intake: files become typed rows of the ledger's tables, and rows that could not be read.

    paths ─► files (what is there, raw text) ─► mapping (whose column is whose) ─► values (types)

Nothing here writes the ledger, reads settings or asks what time it is.
"""

from onefunnel.intake.codes import FILE_CODES, ROW_CODES
from onefunnel.intake.lookalikes import lookalikes, reference_values
from onefunnel.intake.mapping import Mapping, parse_mapping, read_mapping
from onefunnel.intake.presets import preset, preset_names
from onefunnel.intake.reading import read
from onefunnel.intake.staged import Limits, Options, Progress, Staged, first_rejection, silent

__all__ = [
    "FILE_CODES",
    "ROW_CODES",
    "Limits",
    "Mapping",
    "Options",
    "Progress",
    "Staged",
    "first_rejection",
    "lookalikes",
    "parse_mapping",
    "preset",
    "preset_names",
    "read",
    "read_mapping",
    "reference_values",
    "silent",
]
