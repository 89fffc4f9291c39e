"""The templates: Jinja2, with the words of the request in them."""

from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from onefunnel.store.models import Person
from onefunnel.vocabulary import Permission, Role
from onefunnel.web.locale import LANGUAGES
from onefunnel.web.locale.terms import ROLE_NAMES
from onefunnel.web.site import current
from onefunnel.web.site.navigation import navigation
from onefunnel.web.site.strip import strip


def environment(**options: Any) -> Environment:
    """The environment of every page's template."""
    options |= {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    made = Environment(**options)  # Django turns autoescape on
    made.globals.update({"static": static, "url": address, "Permission": Permission})
    made.filters["code"] = code
    return made


def address(name: str, /, **values: object) -> str:
    """The address of a page."""
    return reverse(name, kwargs=values or None)


def code(name: str) -> Markup:
    """A name as the ledger or a file spells it."""
    return Markup('<code dir="ltr">{}</code>').format(name)


def page(request: HttpRequest) -> dict[str, Any]:
    """What every template knows."""
    words = request.words  # type: ignore[attr-defined]
    user: object = getattr(request, "user", None)
    person = user if isinstance(user, Person) else None
    theme = request.COOKIES.get("theme", "")
    workspace = current.workspace()
    return {
        "_": words.say,
        "count": words.count,
        "words": words,
        "figures": words.figures,
        "firm": workspace.name,
        "person": person,
        "role_name": lambda role: words.say(ROLE_NAMES[Role(role)]),
        "languages": LANGUAGES,
        "theme": theme if theme in ("dark", "light") else "",
        "nonce": getattr(request, "csp_nonce", ""),
        "csrf_value": get_token(request),
        "navigation": navigation(person, request.path) if person else (),
        "sample_strip": strip(person),
    }
