"""The strip over every page while the sample company is shown."""

from dataclasses import dataclass

from onefunnel.store.models import Person
from onefunnel.vocabulary import Permission, Role
from onefunnel.web.site import current
from onefunnel.workflows import sample


@dataclass(frozen=True, slots=True)
class Strip:
    """``alone``: nothing but the sample is there. ``leaves``: the person may begin with own files.

    ``roles`` are those as whom a demonstration can be seen; none elsewhere.
    """

    alone: bool
    leaves: bool
    roles: tuple[Role, ...]


def strip(person: Person | None) -> Strip | None:
    """What the strip offers a person; None where the records are the firm's own."""
    found = sample.shown(current.workspace())
    if found is None:
        return None
    own = person is not None and person.may(Permission.RULES) and not found.demonstration
    switch = found.demonstration and current.is_within()
    return Strip(found.alone, own and found.alone, tuple(Role) if switch else ())


def is_demonstration() -> bool:
    """Whether whoever is at this machine may be anybody of the cast."""
    found = sample.shown(current.workspace())
    return found is not None and found.demonstration and current.is_within()
