"""Frozen types that every part of onefunnel speaks: stages, departments, money, time, notes.

Nothing in here connects, executes, reads the environment or asks what time it is.
"""

from onefunnel.vocabulary.answers import Answer, flat
from onefunnel.vocabulary.calendars import Calendar, Month
from onefunnel.vocabulary.departments import Department
from onefunnel.vocabulary.money import MONEY_PLACES, round_money
from onefunnel.vocabulary.notes import Note
from onefunnel.vocabulary.questions import DIMENSIONS, MOST_STEPS, WITHIN_DAYS, Question, Step
from onefunnel.vocabulary.roles import Permission, Role
from onefunnel.vocabulary.stages import STAGES, Stage
from onefunnel.vocabulary.terms import Terms

__all__ = [
    "DIMENSIONS",
    "MONEY_PLACES",
    "MOST_STEPS",
    "STAGES",
    "WITHIN_DAYS",
    "Answer",
    "Calendar",
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
