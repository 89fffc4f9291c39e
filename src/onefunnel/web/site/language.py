"""In which language a page speaks: the person's own, else the one they chose, else the firm's."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from onefunnel.web.locale import LANGUAGES, Words
from onefunnel.web.site import current

COOKIE = "onefunnel_language"
Answering = Callable[[HttpRequest], HttpResponse]


class Language:
    """Gives each request its ``words``."""

    def __init__(self, answer: Answering) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the language of the request."""
        language = language_of(request)
        request.words = words_in(language)  # type: ignore[attr-defined]
        with translation.override(language):
            response = self.answer(request)
        response.headers.setdefault("Content-Language", language)
        return response


def language_of(request: HttpRequest) -> str:
    """The language to answer in."""
    person = getattr(request, "user", None)
    for each in (
        getattr(person, "language", ""),
        request.COOKIES.get(COOKIE, ""),
        current.workspace().settings.language,
    ):
        if each in LANGUAGES:
            return str(each)
    return "en"


def words_of(request: HttpRequest) -> Words:
    """The words of a request."""
    words: Words = request.words  # type: ignore[attr-defined]
    return words


def words_in(language: str) -> Words:
    """A language at work on the figures of the workspace."""
    kept = current.workspace().settings
    return Words(language, currency=kept.currency, calendar=kept.calendar)
