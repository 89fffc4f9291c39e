"""What the figures mean: measures, stages, settings."""

from dataclasses import fields
from functools import cache
from typing import Any

from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

from onefunnel.measures.registry import MEASURES
from onefunnel.vocabulary import DIMENSIONS, STAGES, Department, Permission
from onefunnel.web.api.rooms import Room
from onefunnel.web.site import current
from onefunnel.workflows.computed import ledger_version
from onefunnel.workflows.rules import current_rules

room = Room("Definitions")


class MeasureOut(Schema):
    """A measure, and the fields of its rows."""

    name: str
    about: str = Field(description="One line.")
    meaning: str = Field(description="What each field means, in full.")
    figures: list[str] = Field(description="The figures whose rows can be asked for.")
    fields: list[str] = Field(description="The fields of a row, after its dimensions.")
    explained: dict[str, str] = Field(description="What is easily mistaken for one another.")
    takes_steps: bool


class StageOut(Schema):
    """A stage of the funnel."""

    name: str
    owner: Department = Field(description="Whose it is today.")
    position: int = Field(description="From 1.")


class SettingsOut(Schema):
    """The settings that govern every figure."""

    firm: str
    currency: str
    timezone: str
    calendar: str
    country: str
    language: str
    horizon_days: int = Field(description="The horizon where none is asked for.")
    rules: str = Field(description="Content hash of the funnel rules in force.")
    ledger_version: int = Field(description="The last complete version.")


class Definitions(Schema):
    """What the figures mean."""

    measures: list[MeasureOut]
    dimensions: list[str]
    stages: list[StageOut]
    settings: SettingsOut


@room.call("GET", "/definitions", Permission.FIGURES, {200: Definitions})
def definitions(request: HttpRequest) -> dict[str, Any]:
    """What the figures mean: the measures, the stages, the settings in force."""
    workspace = current.workspace()
    kept, rules = workspace.settings, current_rules(workspace)
    today = workspace.clock().date()
    return {
        "measures": _measures(),
        "dimensions": list(DIMENSIONS),
        "stages": [
            {
                "name": stage.value,
                "owner": rules.of(stage).owner_on(today).value,
                "position": number,
            }
            for number, stage in enumerate(STAGES, 1)
        ],
        "settings": {
            "firm": workspace.name,
            "currency": kept.currency,
            "timezone": kept.timezone,
            "calendar": kept.calendar_name,
            "country": kept.country,
            "language": kept.language,
            "horizon_days": rules.horizon_days,
            "rules": rules.content_hash,
            "ledger_version": ledger_version(workspace),
        },
    }


@cache
def _measures() -> list[dict[str, Any]]:
    return [
        {
            "name": each.name,
            "about": each.about,
            "meaning": " ".join((each.row_type.__doc__ or "").split()),
            "figures": list(each.figures),
            "fields": [f.name for f in fields(each.row_type) if f.name != "dimensions"],
            "explained": dict(each.explained),
            "takes_steps": each.takes_steps,
        }
        for each in MEASURES.values()
    ]
