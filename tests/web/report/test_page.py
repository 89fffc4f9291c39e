"""What stands on the page: the figures, the sentences, nothing from outside."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from onefunnel.errors import UnknownName
from onefunnel.funnel.notes import NOTES, note
from onefunnel.vocabulary import Calendar, Note, Stage
from onefunnel.web.locale import LANGUAGES, Words
from onefunnel.web.report import render
from onefunnel.web.report.lede import lede
from onefunnel.web.report.notes import view
from onefunnel.web.report.picture import columns, svg
from tests.web.report.examples import (
    AWKWARD,
    EXAMPLES,
    answer,
    company_x,
    empty,
    leak,
    row,
    without_money,
)

VOID = {"meta", "link"}
PAGES = [(name, language) for name in EXAMPLES for language in sorted(LANGUAGES)]


class Page(HTMLParser):
    """The elements of a page, and whether each that opens is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html: dict[str, str | None] = {}
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self.tags: set[str] = set()
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.add(tag)
        if tag == "html":
            self.html = found
        self.addresses += [str(found[name]) for name in ("href", "src") if name in found]
        self.ids += [str(found["id"])] if "id" in found else []
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def page(report: str = "company_x", language: str = "en") -> Page:
    return Page(render(EXAMPLES[report](), language))


@pytest.mark.parametrize(("report", "language"), PAGES)
def test_page_is_whole_and_refers_to_nothing_outside(report: str, language: str) -> None:
    html = render(EXAMPLES[report](), language)
    parsed = Page(html)
    assert parsed.html == {"lang": language, "dir": "rtl" if language == "fa" else "ltr"}
    assert len(parsed.ids) == len(set(parsed.ids))
    inside = {f"#{each}" for each in parsed.ids} | {"data:,"}
    assert set(parsed.addresses) <= inside
    assert "script" not in parsed.tags
    assert "http" not in re.sub(r"http-equiv", "", html)
    assert all(target.startswith("data:") for target in re.findall(r'url\("?([^#")]+)', html))


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_no_place_is_left_unfilled(language: str) -> None:
    assert re.findall(r"\{\w+\}", page(language=language).text) == []


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(UnknownName, match="language"):
        render(company_x(), "de")


GOLDEN = {
    "en": ["€10,210", "€13,900", "541", "3 implied", "92%", "[90–94]", "€26.52", "36%", "44%"],
    "fa": ["۱۰٬۲۱۰\xa0€", "۵۴۱", "[۹۰ تا ۹۴]", "ترجیح برند", "۳۶٪"],
    "ro": ["10.210\xa0EUR", "541", "92\xa0%", "Preferința pentru marcă"],
    "ru": ["10\xa0210\xa0€", "541", "92\xa0%", "Предпочтение бренда"],
    "vi": ["10.210\xa0€", "541", "92%", "Ưa chuộng thương hiệu"],
}


@pytest.mark.parametrize("language", sorted(GOLDEN))
def test_figures_of_company_x(language: str) -> None:
    texts = {" ".join(text.split(" ")) for text in page(language=language).texts}
    whole = " ".join(texts)
    assert [figure for figure in GOLDEN[language] if figure not in whole] == []


def test_names_from_the_records_are_text_wherever_they_stand() -> None:
    report = replace(company_x(), workspace=AWKWARD, folder=AWKWARD)
    parsed = Page(render(report, "en"))
    assert "script" not in parsed.tags
    assert parsed.text.count(AWKWARD) >= 3


def test_the_unknown_channel_differs_from_the_channel_called_unknown() -> None:
    text = page().text
    assert "unknown the records say so in this word" in text
    assert "unknown no value in the records" in text


def test_values_beyond_the_twentieth_are_counted_not_dropped() -> None:
    rows = [
        row(Stage.BRAND_CONSIDERATION, 100 - n, dimensions={"channel": f"c{n:02}"})
        for n in range(24)
    ]
    rows.append(row(Stage.BRAND_CONSIDERATION, 1, dimensions={"channel": None}))
    text = Page(render(replace(company_x(), by_dimension=(answer("funnel", rows),)), "en")).text
    assert "c19" in text
    assert "c20" not in text
    assert "no value in the records" in text
    assert (
        f"4 values with fewer entries are not shown; {80 + 79 + 78 + 77} entered through them."
        in text
    )


def test_a_refused_figure_says_why() -> None:
    assert "refused at most 3 are in a cohort, and 5 are needed" in page().text


def test_an_empty_ledger_says_what_to_import() -> None:
    text = page("empty").text
    assert "There is nothing to say yet: the ledger holds no records." in text
    assert "onefunnel import company-x FOLDER" in text
    assert "deal_event" in text


def test_commands_ask_for_the_same_period_and_version() -> None:
    text = page().text
    options = "--from 2025-10-01 --to 2025-11-01 --horizon 30"
    assert (
        f"onefunnel show company-x leaks {options} --now 2025-11-04T05:10:00Z --as-of 412" in text
    )


def test_a_folder_with_a_space_is_quoted() -> None:
    html = render(replace(company_x(), folder="my company"), "en")
    assert "onefunnel show &#39;my company&#39; funnel" in html


def test_solar_calendar_dates_the_page() -> None:
    report = replace(company_x(), calendar=Calendar("solar_hijri", "Asia/Tehran"))
    assert "۱۳ آبان ۱۴۰۴" in Page(render(report, "fa")).text


def sentence(report: str) -> str:
    first, second = lede(EXAMPLES[report](), Words("en"))
    return f"{first} {second}"


def test_lede_names_the_dearest_leak_in_money() -> None:
    assert sentence("company_x") == (
        "385 of 500 who reached brand preference went no further. At the worth of an entry there, "
        "that is €10,210. That one step loses more than all the others together."
    )


def test_lede_counts_where_no_money_is_known() -> None:
    assert sentence("without_money") == (
        "6,400 of 8,000 who reached brand preference went no further: the largest loss in the "
        "funnel. What it cost is unknown: the records do not say what the sales contributed."
    )


def test_lede_weighs_a_leak_that_is_less_than_the_others_together() -> None:
    leaks = tuple(leak(stage, 10, 0, "100") for stage in (Stage.BRAND_PREFERENCE, Stage.PURCHASE))
    leaks = (*leaks, leak(Stage.PURCHASE_INTENTION, 11, 0, "100"))
    report = replace(company_x(), leaks=answer("leaks", leaks))
    assert lede(report, Words("en"))[1] == "All the other leaks together: €2,000."


def test_lede_is_honest_when_nobody_left_and_when_nobody_came() -> None:
    stayed = replace(company_x(), leaks=answer("leaks", ()))
    assert "known to have left" in lede(stayed, Words("en"))[0]
    nobody = replace(empty(), totals={"lead": 3})
    assert lede(nobody, Words("en"))[0] == "Nobody entered the funnel in this period."


def test_money_unknown_is_counted_in_entries_and_says_so() -> None:
    text = page("without_money").text
    assert "the picture counts entries instead of money" in text
    assert "Leaks, largest first" in text


def test_columns_share_one_scale_and_hold_what_they_should() -> None:
    report = company_x()
    drawn = columns(report.funnel.rows, report.leaks.rows, ["m"] * 4 + ["s"] * 4)
    assert [column.hatched for column in drawn] == [True, True] + [False] * 6
    tallest = 13260 + 385 * 26.52
    assert drawn[3].solid == pytest.approx(4116 / tallest)
    assert drawn[3].held == pytest.approx(13260 / tallest)
    assert drawn[3].held + drawn[3].hollow == pytest.approx(1)
    assert drawn[2].held == pytest.approx(13900 / tallest)


def test_a_negative_contribution_is_not_drawn_below_the_edge() -> None:
    rows = [
        row(Stage.PURCHASE, 5, realised_contribution=Decimal(-40)),
        row(Stage.CUSTOMER_LOYALTY, 1, realised_contribution=Decimal(10)),
    ]
    drawn = columns(rows, (), ["s", "s"])
    assert [column.solid for column in drawn] == [0.0, 1.0]


def test_the_picture_has_no_words_but_its_name() -> None:
    picture = svg(columns(company_x().funnel.rows, (), ["m"] * 4 + ["s"] * 4), 'A "name"')
    assert 'aria-label="A &#34;name&#34;"' in picture
    assert re.sub(r"<[^>]*>", "", picture) == ""


EXAMPLE_VALUES = {"stage": "purchase", "from_stage": "brand_preference", "date": "2017-12-05"}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("code", sorted(NOTES))
def test_notes_are_said_in_the_language_with_their_figures(code: str, language: str) -> None:
    names = set(re.findall(r"\{(\w+)\}", NOTES[code].text)) - {"why"}
    params: dict[str, str | int] = {
        name: EXAMPLE_VALUES.get(name, 4210 if name != "day" else "2025-10-05") for name in names
    }
    if "{why}" in NOTES[code].text:
        params |= {"reason": "too_few", "n": 3, "needed": 5}
    said = view(note(code, **params), Words(language))
    assert said.translated
    assert "{" not in said.text
    assert "purchase_intention" not in said.text
    if 4210 in params.values():
        assert Words(language).figures.count(4210) in said.text


def test_a_note_without_translation_is_said_in_english_and_marked() -> None:
    extra = (Note("brand_new", "A new remark."),)
    html = render(replace(company_x(), notes=extra), "fa")
    assert '<p lang="en" dir="ltr">A new remark.</p>' in html


def test_a_note_that_lacks_a_figure_falls_back_to_its_text() -> None:
    said = view(Note("unknown_visitors", "Some touches."), Words("ru"))
    assert (said.text, said.translated) == ("Some touches.", False)


def test_stages_of_population_measures_show_their_interval_and_nothing_else() -> None:
    text = page().text
    assert "Customer awareness M Marketing Entered 61% [57–65]" in text


def test_made_at_is_shown_in_the_zone_of_the_workspace() -> None:
    report = replace(without_money(), made_at=datetime(2025, 11, 4, 1, 0, tzinfo=UTC))
    assert "made November 3, 2025, 22:00" in Page(render(report, "en")).text


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_spellings_that_look_alike_are_named(language: str) -> None:
    said = view(company_x().notes[0], Words(language))
    assert said.translated
    assert "“GTX Pro”" in said.text
    assert "“GTXPro”" in said.text


def test_a_share_says_how_many_it_leaves_out() -> None:
    report = company_x()
    left_out = note(
        "implied_left_out", entities=3, stage="purchase_intention", from_stage="brand_preference"
    )
    funnel = replace(report.funnel, notes=(left_out,))
    assert (
        "23% [20–27] 3 implied left out" in Page(render(replace(report, funnel=funnel), "en")).text
    )


def test_notes_on_a_dimension_stand_with_its_table_unless_they_are_said_already() -> None:
    report = company_x()
    (channels,) = report.by_dimension
    extra = Note("brand_new", "Only by channel.")
    asked = replace(channels, notes=(extra, *report.funnel.notes))
    text = Page(render(replace(report, by_dimension=(asked,)), "en")).text
    assert "1 remark on this table Only by channel." in text
    assert text.count("Only by channel.") == 1
    assert text.count("Entries into purchase are on record only since") == 1
