"""The way of a new firm, in a browser, by keyboard alone: from the first link to a changed rule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import TimeoutError

from onefunnel.vocabulary import Role
from onefunnel.web.site.language import COOKIE
from tests.web.served import SECRET, Served, serving
from tests.web.site import CAST, PASSWORD
from tests.web.test_account import code_now

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Locator, Page

pytestmark = pytest.mark.timeout(600)
MOST_TABS = 150
AXE = Axe()
VIOLATIONS = {"resultTypes": ["violations"]}
MESSY = """Номер;Название сделки;Сумма;Валюта;Стадия сделки;Дата создания;Дата закрытия;Кто ведёт
Б-1;Ворота;1 234,50;EUR;Сделка успешна;05.03.2024;28.03.2024;Иванова
Б-2;Запчасти;89,90;EUR;Переговоры;07.03.2024;;Петров
Б-3;Ремонт;двести;EUR;Сделка провалена;15.03.2024;20.03.2024;Иванова
Б-4;Ворота;2 100,00;EUR;Сделка успешна;17.03.2024;30.03.2024;Петров
"""
"""As a Russian CRM writes it; the third amount is no number."""


@pytest.fixture(scope="module")
def new_firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("walk") / "firm") as served:
        yield served


def reach(page: Page, wanted: Locator) -> None:
    """Go to a control by the key Tab, as somebody without a mouse does."""
    wanted.wait_for()
    for _ in range(MOST_TABS):
        if wanted.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {wanted}")


def enter(page: Page, wanted: Locator) -> None:
    """Reach a control and press Enter."""
    reach(page, wanted)
    page.keyboard.press("Enter")


def write(page: Page, wanted: Locator, text: str) -> None:
    """Reach a field and write into it, over what stands there."""
    reach(page, wanted)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def choose(page: Page, wanted: Locator, text: str) -> None:
    """Reach a list and choose by its first letters."""
    reach(page, wanted)
    page.keyboard.type(text)
    assert text in wanted.input_value()


def see(page: Page, wanted: Locator, seconds: int = 120) -> None:
    """Wait until something is shown; else fail with what is shown instead."""
    try:
        wanted.first.wait_for(timeout=1000 * seconds)
    except TimeoutError as error:
        raise AssertionError(f"{page.url}\n{page.locator('main').inner_text()}") from error


def without_violations(page: Page) -> None:
    found = AXE.run(page, options=VIOLATIONS).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]][:3]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_from_the_first_link_to_a_changed_rule(new_firm: Served, page: Page) -> None:
    page.goto(new_firm.way_in)
    without_violations(page)
    write(page, page.get_by_label("Your name"), "Ana Ionescu")
    write(page, page.get_by_label("E-mail address"), "ana@firm.example")
    write(page, page.get_by_label("Password"), PASSWORD)
    page.keyboard.press("Enter")

    page.wait_for_url("**/first/")
    without_violations(page)
    write(page, page.get_by_label("Name of the firm"), "Vorota")
    choose(page, page.get_by_label("Currency"), "EUR")
    enter(page, page.get_by_role("button", name="Go on"))
    page.wait_for_url("**/first/records/")
    enter(page, page.get_by_role("button", name="Bring my own files"))

    page.wait_for_url("**/imports/")
    without_violations(page)
    bring_the_messy_file(page)
    mend_the_bad_row(page)
    read_the_funnel(page)
    change_a_rule(page)


def bring_the_messy_file(page: Page) -> None:
    """Windows-1251, semicolons, decimal commas, days first."""
    file = {"name": "сделки.csv", "mimeType": "text/csv", "buffer": MESSY.encode("windows-1251")}
    with page.expect_navigation():
        page.set_input_files("#files", [file])
    enter(page, page.get_by_role("link", name="Columns"))
    page.wait_for_selector("form#columns")
    without_violations(page)
    enter(page, page.locator("form#columns").get_by_role("button", name="Save"))
    see(page, page.get_by_role("button", name="Try it first"))
    without_violations(page)
    enter(page, page.get_by_role("button", name="Import", exact=True))
    see(page, page.get_by_text("The files are in."), 40)
    assert page.get_by_text("1 row could not be read").count()


def mend_the_bad_row(page: Page) -> None:
    enter(page, page.get_by_role("link", name="Mend", exact=True))
    page.wait_for_url("**/imports/quarantine/")
    without_violations(page)
    enter(page, page.get_by_role("link", name="Mend:"))
    wrong = page.locator("[aria-invalid=true]").first
    see(page, wrong)
    without_violations(page)
    assert wrong.input_value() == "двести"
    write(page, wrong, "200,00")
    page.keyboard.press("Enter")
    see(page, page.get_by_text("The quarantine is empty."))


def read_the_funnel(page: Page) -> None:
    enter(page, page.locator(".nav").get_by_role("link", name="Funnel", exact=True))
    see(page, page.locator(".stages"))
    without_violations(page)
    figure = entered(page, "Purchase intention")
    assert figure.inner_text() == "4"
    enter(page, figure)
    see(page, page.locator("#panel table tbody tr"))
    without_violations(page)
    assert page.locator("#panel table tbody tr").count() == 4
    page.keyboard.press("Escape")
    assert page.locator("#panel table").count() == 0
    assert figure.evaluate("each => each === document.activeElement")


def entered(page: Page, stage: str) -> Locator:
    """The number of those who entered a stage, a link to its rows."""
    return page.locator(".stage").filter(has_text=stage).locator("dd .fig a").first


def change_a_rule(page: Page) -> None:
    """A deal that is opened is no longer an intention: previewed, applied, the old figure kept."""
    version = int(page.url and page.locator(".head__ctx").inner_text().split()[1].strip(",."))
    enter(page, page.locator(".nav").get_by_role("link", name="Settings", exact=True))
    stage = page.locator(".rulebook__stage").filter(has_text="Purchase intention")
    enter(page, stage.locator("summary"))
    reach(page, stage.get_by_label("Or a deal is opened"))
    page.keyboard.press("Space")
    enter(page, stage.get_by_role("button", name="Preview"))
    see(page, page.get_by_text("Nothing has changed yet."))
    see(page, page.get_by_role("button", name="Put into force"))
    without_violations(page)
    enter(page, page.get_by_role("button", name="Put into force"))
    see(page, page.locator("#versions tbody tr").nth(1))
    without_violations(page)

    page.goto(f"{page.url.split('/settings')[0]}/funnel/")
    see(page, page.locator(".stages"))
    assert entered(page, "Purchase intention").inner_text() != "4"
    page.goto(f"{page.url.split('?')[0]}?as_of={version}")
    see(page, page.locator(".stages"))
    assert entered(page, "Purchase intention").inner_text() == "4"


DIRECTIONS = ("en", "fa")
OTHERS = ("ru", "ro", "vi")
"""Languages whose words may be too long for a page; the long run looks at them."""
LOOKS = {
    "en": ((1440, "light"), (390, "dark")),
    "fa": ((390, "dark"), (1440, "light")),
}
"""How a page is looked at; the first look asks axe, the others whether it fits."""
EVERY = tuple((width, theme) for width in (1440, 390) for theme in ("light", "dark"))
"""How the long run looks at a page, by axe each time."""
ROWS = "/rows/?measure=funnel&figure=entered&stage=purchase"
PAGES = (
    "/",
    "/funnel/",
    "/funnel/?by=channel",
    "/campaigns/",
    "/campaigns/?by=channel&then=segment",
    "/attribution/",
    "/attribution/?by=page&model=markov_1&try_model=last_touch",
    "/campaigns/conversions/",
    "/experiments/?people=20000&rate=2&change=0.3",
    "/incentives/?month=2024-06",
    "/incentives/design/?month=2024-06",
    "/incentives/campaign/?month=2024-06",
    "/bridge/",
    "/months/",
    "/terms/",
    "/terms/plan/",
    "/terms/ranges/",
    ROWS,
    "/desk/",
    "/imports/",
    "/imports/quarantine/",
    "/statements/",
    "/statements/health/",
    "/scorecards/",
    "/definitions/",
    "/settings/",
    "/people/",
    "/account/",
    "/account/second-factor/",
    "/audit/",
    "/backups/",
    "/find/?q=a",
    "/remarks/",
    "/remarks/?kind=figure&id=funnel?figure=entered",
    "/enter/logout/",
    "/account/password/",
)
LINKED = (
    ("/desk/", "/leads/"),
    (ROWS, "/customers/"),
    ("/imports/quarantine/", "/imports/quarantine/"),
    ("/backups/", "/backups/file/", "/restore/"),
)
"""Pages of one thing, by where the first link to one stands, how it begins and how it ends."""
FACTOR = (
    "/enter/again/",
    "/account/second-factor/",
    "/account/second-factor/deactivate/",
    "/account/recovery-codes/",
    "/account/recovery-codes/new/",
)
"""What only somebody with the second factor sees."""


class Looked:
    """Pages as one person sees them in one language, at both widths and in both themes."""

    def __init__(self, browser: Browser, base: str, language: str, every: bool = False) -> None:
        self.base, self.language, self.every = base, language, every
        # A change of theme is there at once, as for people who asked for less motion.
        self.page = browser.new_context(reduced_motion="reduce").new_page()
        self.wrong: list[tuple[str, ...]] = []
        self.page.on("console", self._said)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.wrong.append((self.page.url, "console", message.text))

    def open(self, path: str) -> None:
        """Go to a page, and wait until it has its answers."""
        self.page.goto(self.base + path)
        self.answered()

    def answered(self) -> None:
        """Wait until nothing is waited for any more."""
        self.page.locator(".waiting").first.wait_for(state="detached", timeout=180_000)

    def look(self, path: str = "") -> None:
        """Go to a page, or stay, and take down what is wrong with it."""
        if path:
            self.open(path)
        page = self.page
        way = "rtl" if self.language == "fa" else "ltr"
        assert page.locator("html").get_attribute("dir") == way
        looks = EVERY if self.every else LOOKS[self.language]
        for number, (width, theme) in enumerate(looks):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            if self.every or not number:
                self._ask_axe(f"{width} {theme}")
            over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if over > 0:
                self.wrong.append((page.url, f"{width}", f"{over} px wider than the window"))

    def _ask_axe(self, look: str) -> None:
        for each in AXE.run(self.page, options=VIOLATIONS).response["violations"]:
            first = each["nodes"][0]["html"][:200]
            self.wrong.append((self.page.url, look, each["id"], first))

    def speak(self, language: str) -> None:
        """Have the next page in another language."""
        self.language = language
        chosen = {"name": COOKIE, "value": language, "url": self.base}
        self.page.context.add_cookies([chosen])  # type: ignore[list-item]

    def enter(self, role: Role) -> None:
        """Come in, in the language."""
        sign_in(self.page, self.base, self.language, role)


@pytest.mark.parametrize(
    ("language", "every"),
    [
        *((each, False) for each in DIRECTIONS),
        *(pytest.param(each, True, marks=pytest.mark.long) for each in (*DIRECTIONS, *OTHERS)),
    ],
)
def test_every_page_in_both_directions_widths_and_themes(
    company_served: Served, browser: Browser, language: str, every: bool
) -> None:
    looked = Looked(browser, company_served.base, language, every)
    looked.enter(Role.DIRECTOR)
    for path in PAGES:
        looked.look(path)
    for start, *parts in LINKED:
        looked.open(start)
        link = "".join(f"[href*='{part}']" for part in parts)
        looked.page.locator(f"main a{link}").first.click()
        looked.page.wait_for_url(f"**{'**'.join(parts)}**")
        looked.answered()
        looked.look()
    look_at_an_upload(looked)
    look_at_taking_back(looked)
    looked.page.context.close()
    assert looked.wrong == []


def look_at_an_upload(looked: Looked) -> None:
    """Files that wait to be imported: what they are, their columns, the mapping as text."""
    page = looked.page
    looked.open("/imports/")
    file = {"name": f"{looked.language}.csv", "mimeType": "text/csv", "buffer": MESSY.encode()}
    with page.expect_navigation():
        page.set_input_files("#files", [file])
    looked.answered()
    looked.look()
    address = page.url.removeprefix(looked.base)
    looked.look(f"{address}0/")
    looked.look(f"{address}mapping/")


def look_at_taking_back(looked: Looked) -> None:
    """What taking an import back would change; it is not done."""
    looked.open("/imports/")
    looked.page.locator("main a[href*='/undo/']").first.click()
    looked.page.locator("section.told").wait_for()
    looked.look()


def test_the_pages_of_the_second_factor(company_served: Served, browser: Browser) -> None:
    looked = Looked(browser, company_served.base, "en")
    looked.enter(Role.HR)
    looked.page.wait_for_url("**/enter/code/")
    for language in DIRECTIONS:
        looked.speak(language)
        looked.look("/enter/code/")
    looked.page.locator("#id_code").fill(code_now(SECRET))
    looked.page.locator("form.form [type=submit]").click()
    looked.page.wait_for_url(f"{looked.base}/")
    looked.open("/enter/again/?next=/account/")
    looked.page.locator("#id_password").fill(PASSWORD)
    looked.page.locator("form.form [type=submit]").click()
    looked.page.wait_for_url("**/account/")
    for language in DIRECTIONS:
        looked.speak(language)
        for path in FACTOR:
            looked.look(path)
            assert looked.page.url == looked.base + path
    looked.page.context.close()
    assert looked.wrong == []


def sign_in(page: Page, base: str, language: str, role: Role) -> None:
    """Come in, in a language."""
    page.goto(f"{base}/enter/login/")
    page.locator(f".door__langs [value={language}]").click()
    page.locator("#id_login").fill(CAST[role])
    page.locator("#id_password").fill(PASSWORD)
    page.locator("form.form [type=submit]").click()
    page.wait_for_url(f"{base}/**")
