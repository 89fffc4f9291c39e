"""Shapes that several calls share."""

from typing import Annotated

from ninja import Schema
from pydantic import ConfigDict, StringConstraints


class Closed(Schema):
    """What is sent: a field that it does not have is refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False)


Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
"""Any text; databases don't take the character of code zero."""
