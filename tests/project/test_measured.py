"""The page of what was measured says what the figures kept with it say."""

import json

from tools import measured


def test_the_page_is_what_was_measured() -> None:
    figures = json.loads(measured.FIGURES.read_text(encoding="utf-8"))
    assert measured.PAGE.read_text(encoding="utf-8") == measured.page(figures), (
        "Run: make bench, then python -m tools.measured"
    )
    for name in measured.PICTURES:
        assert measured.FIGURES.with_name(f"{name}.svg").exists()


def test_what_was_measured_is_the_whole_at_both_sizes_with_one_answer() -> None:
    figures = json.loads(measured.FIGURES.read_text(encoding="utf-8"))
    compared = {(each["name"], each["touches"]): each for each in figures["comparisons"]}
    for name in ("import", "funnel", "steps", "refresh"):
        for touches in (5_000_000, 50_000_000):
            assert compared[name, touches]["ratio"] > 0
            assert compared[name, touches]["same_answer"] is not False
    sizes = {size["touches"] for work in figures["growth"] for size in work["sizes"]}
    assert {1_000_000, 50_000_000} <= sizes
    assert {work["name"] for work in figures["growth"]} >= {"import", "identity", "funnel"}
