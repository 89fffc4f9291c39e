"""Frozen types that every part of onefunnel speaks: stages, departments, money, time, notes.

Nothing in here connects, executes, reads the environment or asks what time it is.
"""

from onefunnel.vocabulary.answers import Answer, flat
from onefunnel.vocabulary.calendars import Calendar, Month
from onefunnel.vocabulary.departments import Department
from onefunnel.vocabulary.money import MONEY_PLACES, round_money
from onefunnel.vocabulary.notes import Note
from onefunnel.vocabulary.questions import (
    AS_AGREED,
    DIMENSIONS,
    MOST_DAYS,
    MOST_STEPS,
    WITHIN_DAYS,
    Crediting,
    Question,
    Step,
)
from onefunnel.vocabulary.roles import Permission, Role
from onefunnel.vocabulary.stages import STAGES, Stage
from onefunnel.vocabulary.terms import Terms

__all__ = [
    "AS_AGREED",
    "DIMENSIONS",
    "MONEY_PLACES",
    "MOST_DAYS",
    "MOST_STEPS",
    "STAGES",
    "WITHIN_DAYS",
    "Answer",
    "Calendar",
    "Crediting",
    "Department",
    "Month",
    "Note",
    "Permission",
    "Question",
    "Role",
    "Stage",
    "Step",
    "Terms",
    "flat",
    "round_money",
]
