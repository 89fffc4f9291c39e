"""The report in a real browser: readable by everyone, on every width, in both themes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe

from onefunnel.web.report import render
from tests.web.report.examples import EXAMPLES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Theme = Literal["light", "dark"]
Opener = Callable[..., "Page"]

WIDTHS = (390, 1440)
THEMES: tuple[Theme, ...] = ("light", "dark")
LOOKS = [
    (report, language, width, theme)
    for report, language in (
        ("company_x", "en"),
        ("company_x", "fa"),
        ("without_money", "ru"),
        ("empty", "ro"),
        ("company_x", "vi"),
    )
    for width in WIDTHS
    for theme in THEMES
]
IN_EVERY_CHECK = ((390, "light"), (1440, "dark"))
"""Looks of languages beside the first that every check takes; the long run takes the others."""


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Opener]:
    """Open an example from a file, as a person does; whatever goes wrong in the page is kept."""
    contexts = []

    def open_page(report: str, language: str, width: int = 1440, theme: Theme = "light") -> Page:
        file = tmp_path / "report.html"
        file.write_text(render(EXAMPLES[report](), language), "utf-8")
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=theme, offline=True
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: troubles.append(message.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(file.as_uri())
        page.evaluate("document.fonts.ready")
        return page

    troubles: list[str] = []
    requests: list[str] = []
    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []


def marks(language: str, look: tuple[int, Theme]) -> list[pytest.MarkDecorator]:
    return [] if language == "en" or look in IN_EVERY_CHECK else [pytest.mark.long]


@pytest.mark.parametrize(
    ("report", "language", "width", "theme"),
    [pytest.param(*each, marks=marks(each[1], each[2:])) for each in LOOKS],
)
def test_page_passes_axe_and_does_not_scroll_sideways(
    opened: Opener, report: str, language: str, width: int, theme: Theme
) -> None:
    page = opened(report, language, width, theme)
    broken = {each["id"]: each["nodes"] for each in Axe().run(page).response["violations"]}
    assert {rule: [node["html"][:120] for node in nodes] for rule, nodes in broken.items()} == {}
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("language", ["en", "fa"])
def test_keyboard_walks_the_page_in_reading_order(opened: Opener, language: str) -> None:
    page = opened("company_x", language)
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        found = page.evaluate(
            "(e => [e.tagName, e.className, e.getBoundingClientRect().top + scrollY])"
            "(document.activeElement)"
        )
        if found[0] == "BODY":
            break
        reached.append(found)
    assert reached[0][1] == "skip"
    assert "scroll" in {name for _, name, _ in reached}
    tops = [top for _, _, top in reached[1:]]
    assert tops == sorted(tops)
    assert len(tops) >= 10


def test_the_skip_link_leads_to_the_content(opened: Opener) -> None:
    page = opened("company_x", "en")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_persian_runs_from_the_right(opened: Opener) -> None:
    page = opened("company_x", "fa")
    first, last = (page.locator(".stage").nth(at).bounding_box() for at in (0, 7))
    assert first is not None
    assert last is not None
    assert first["x"] > last["x"]
    assert page.evaluate("document.fonts.check('16px \"Vazirmatn Variable\"')")


@pytest.mark.parametrize(
    ("language", "font"), [("en", "Inter"), ("ru", "Inter"), ("vi", "Inter"), ("fa", "Vazirmatn")]
)
def test_letters_come_from_the_fonts_in_the_file(opened: Opener, language: str, font: str) -> None:
    page = opened("company_x", language)
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": ".lede"})["nodeId"]
    used = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    families = {each["familyName"].split()[0] for each in used}
    # The sign of the euro and the quotation marks of a Persian page are Inter's.
    assert font in families
    assert families <= {font, "Inter"}
    assert all(each["isCustomFont"] for each in used)


@pytest.mark.parametrize("theme", THEMES)
def test_both_themes_are_those_the_reader_chose(opened: Opener, theme: Theme) -> None:
    page = opened("company_x", "en", 1440, theme)
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(19, 21, 23)"}[theme]


def test_print_is_light_even_for_a_reader_of_the_dark_theme(opened: Opener) -> None:
    page = opened("company_x", "en", 1440, "dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.parametrize("width", WIDTHS)
def test_long_names_from_the_records_do_not_break_the_page(
    opened: Opener, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(EXAMPLES, "long", _long_names)
    page = opened("long", "en", width)
    assert page.evaluate("document.documentElement.scrollWidth") == width


def _long_names() -> object:
    from dataclasses import replace

    from onefunnel.funnel.result import LostReasonRow
    from onefunnel.vocabulary import Stage
    from tests.web.report.examples import answer, by_channel, company_x

    name = "very-long-name-" * 12
    return replace(
        company_x(),
        workspace=name,
        folder=name,
        by_dimension=(answer("funnel", by_channel(name, (9, 8, 7, 6), "1")),),
        lost_reasons=answer(
            "lost_reasons", (LostReasonRow(Stage.PURCHASE, name, "system", 3, 1.0),)
        ),
    )
