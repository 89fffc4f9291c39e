"""Mappings that come with onefunnel."""

from importlib.resources import files

from onefunnel.errors import UnknownName
from onefunnel.intake.mapping import Mapping, parse_mapping

_FOLDER = files("onefunnel.intake") / "mappings"


def preset_names() -> tuple[str, ...]:
    """The names that ``--preset`` takes.

    >>> "olist" in preset_names()
    True
    """
    names = (entry.name for entry in _FOLDER.iterdir() if entry.name.endswith(".toml"))
    return tuple(sorted(name.removesuffix(".toml") for name in names))


def preset(name: str) -> Mapping:
    """The mapping of that name.

    Raises UnknownName, which says the nearest one, when there is none.

    >>> preset("olist").sources[0].file
    'olist_marketing_qualified_leads_dataset.csv'
    """
    if name not in preset_names():
        raise UnknownName("preset", name, preset_names())
    return parse_mapping((_FOLDER / f"{name}.toml").read_text("utf-8"), f"{name}.toml")
