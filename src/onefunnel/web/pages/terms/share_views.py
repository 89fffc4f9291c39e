"""A scorecard shared out to teams or persons: a file for each, whose targets sum to the whole."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from onefunnel.errors import InputError
from onefunnel.measures.scorecard.agreed import faults
from onefunnel.measures.scorecard.decomposition import decomposed
from onefunnel.measures.scorecard.plan import Level, Scorecard
from onefunnel.measures.scorecard.reading import load
from onefunnel.measures.scorecard.writing import written
from onefunnel.vocabulary import Department, Permission
from onefunnel.vocabulary.terms import SCORECARDS
from onefunnel.web.locale import Words
from onefunnel.web.pages.people.employees import employees
from onefunnel.web.pages.terms.cards import LEVELS
from onefunnel.web.pages.terms.views import reader_of
from onefunnel.web.report.notes import view
from onefunnel.web.site import current
from onefunnel.web.site.access import page
from onefunnel.web.site.language import words_of
from onefunnel.workflows.terms import current_terms

ROWS = 8
HUNDRED = Decimal(100)
SIDES = (Department.MARKETING, Department.SALES)


class ShareForm(forms.Form):
    """Whose parts there are, and the share of each in percent; together 100."""

    level = forms.ChoiceField()
    department = forms.ChoiceField()

    def __init__(self, *args: Any, words: Words, card: Scorecard, **values: Any) -> None:
        super().__init__(*args, **values)
        self.words, self.card = words, card
        self.fields["level"].choices = [  # type: ignore[attr-defined]
            (each.value, str(words.say(LEVELS[each]))) for each in (Level.TEAM, Level.PERSON)
        ]
        sides = SIDES if card.department is None else (card.department,)
        self.fields["department"].choices = [  # type: ignore[attr-defined]
            (each.value, str(words.department(each))) for each in sides
        ]
        for at in range(ROWS):
            staff = forms.TextInput({"list": "staff", "autocomplete": "off"})
            number = forms.NumberInput({"step": "any", "inputmode": "decimal"})
            self.fields[f"of_{at}"] = forms.CharField(max_length=200, required=False, widget=staff)
            self.fields[f"share_{at}"] = forms.DecimalField(
                required=False, min_value=0, max_value=HUNDRED, decimal_places=4, widget=number
            )

    @property
    def rows(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """Who, and their share."""
        return ((self[f"of_{at}"], self[f"share_{at}"]) for at in range(ROWS))

    def clean(self) -> dict[str, Any]:
        """A share for everybody who is named, once; all of them 100 %."""
        found = super().clean() or {}
        missing = self.words.say("Something is missing here.")
        named: list[str] = []
        for at in range(ROWS):
            of, share = found.get(f"of_{at}"), found.get(f"share_{at}")
            if bool(of) != bool(share):
                self.add_error(f"share_{at}" if of else f"of_{at}", missing)
            if of and file_name(self.card, of) in named:
                self.add_error(f"of_{at}", self.words.say("This name stands there twice."))
            named += [file_name(self.card, of)] if of else []
        total = sum((found.get(f"share_{at}") or Decimal() for at in range(ROWS)), Decimal())
        if not self.errors and total != HUNDRED:
            said = self.words.say(
                "The shares sum to {total}, not to {whole}.",
                total=self.words.figures.rate(total / HUNDRED),
                whole=self.words.figures.rate(Decimal(1)),
            )
            self.add_error(None, said)
        return found

    def texts(self) -> dict[str, str]:
        """A file for each part."""
        found = self.cleaned_data
        rows = [(found[f"of_{at}"], found[f"share_{at}"]) for at in range(ROWS)]
        shares = {of: share / HUNDRED for of, share in rows if of}
        department = Department(found["department"])
        parts = decomposed(self.card, shares, Level(found["level"]), department)
        return {file_name(self.card, each.of): written(each) for each in parts}


def file_name(card: Scorecard, of: str) -> str:
    """The file of a part: after that of the whole, and whose it is."""
    plain = re.sub(r"[^\w.-]+", "-", of).strip("-.") or "part"
    return f"{card.file.removesuffix('.toml')}-{plain}.toml"


@page(Permission.TERMS)
def share(request: HttpRequest) -> HttpResponse:
    """A scorecard's targets shared out; posted: the files that it would make."""
    name, words = request.GET.get("name", ""), words_of(request)
    standing = current_terms(current.workspace())
    card = _shared(standing.text(name), name)
    about: dict[str, Any] = {"words": words, "card": card}
    if request.method != "POST":
        return _asked(request, ShareForm(**about), card)
    form = ShareForm(request.POST, **about)
    if not form.is_valid():
        return _asked(request, form, card, 422)
    files, reader = form.texts(), reader_of(request)
    context = {
        "name": name,
        "documents": [(reader.document(each, text), text) for each, text in files.items()],
        "faults": [view(each, words).text for each in faults(standing, dict(files))],
        "instead_of": standing.digest,
    }
    return render(request, "terms/shared.html", context)


def _shared(text: str | None, name: str) -> Scorecard:
    """The scorecard of a company or a department. Http404 for anything else."""
    if text is None or not name.startswith(f"{SCORECARDS}/"):
        raise Http404
    try:
        card = load(text, name)
    except InputError as error:
        raise Http404 from error
    if card.level not in (Level.COMPANY, Level.DEPARTMENT):
        raise Http404
    return card


def _asked(
    request: HttpRequest, form: ShareForm, card: Scorecard, status: int = 200
) -> HttpResponse:
    staff = sorted((each.name, key) for key, each in employees().items())
    shared = [each.source for each in card.measures if each.additive]
    about = {"form": form, "name": card.file, "staff": staff, "shared": shared}
    return render(request, "terms/share.html", about, status=status)
