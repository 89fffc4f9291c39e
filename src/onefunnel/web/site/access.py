"""Who may see what: a page names a permission, and what names none is shown to nobody."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from onefunnel.store.models import Person
from onefunnel.vocabulary import Permission

View = Callable[..., HttpResponseBase]
OPEN = "open"
"""In place of a permission: anybody may see it, signed in or not."""
ITSELF = "itself"
"""In place of a permission: it asks for itself, as the calls of the API do one by one."""


def page(permission: Permission) -> Callable[[View], View]:
    """Mark a view with the permission that it asks for."""

    def marked(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **values: Any) -> HttpResponseBase:
            return view(request, *args, **values)

        checked.permission = permission  # type: ignore[attr-defined]
        return checked

    return marked


V = TypeVar("V", bound=Callable[..., Any])


def open_page(view: V) -> V:
    """Mark a view that anybody may see."""
    view.permission = OPEN  # type: ignore[attr-defined]
    return view


def each_asks(view: V) -> V:
    """Mark a view that asks for itself who calls and what they may."""
    view.permission = ITSELF  # type: ignore[attr-defined]
    return view


def permission_of(view: Any) -> Permission | str | None:
    """What a view asks for; None where it says nothing: then nobody may see it."""
    marked: Permission | str | None = getattr(view, "permission", None)
    if marked is not None:
        return marked
    if getattr(view, "__module__", "").startswith("allauth."):
        # Signing in, and the second factor; allauth asks for a session where one is needed.
        return OPEN
    return None


def person_of(request: HttpRequest) -> Person:
    """Who asks. PermissionDenied where nobody is signed in."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


class Access:
    """Lets a request through to a view that the person may see."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on."""
        return self.answer(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, values: Any
    ) -> HttpResponse | None:
        """Send who is not signed in to the door, and refuse who may not."""
        asked = permission_of(view)
        if asked in (OPEN, ITSELF):
            return None
        if not isinstance(request.user, Person):
            return _to_the_door(request)
        if asked is None or not request.user.may(Permission(asked)):
            raise PermissionDenied
        return None


def _to_the_door(request: HttpRequest) -> HttpResponse:
    address = f"{reverse('account_login')}?next={quote(request.get_full_path())}"
    if request.headers.get("HX-Request"):
        # A part of a page can't hold the form: the browser goes there as a whole.
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
