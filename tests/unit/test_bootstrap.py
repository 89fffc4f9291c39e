"""What processes of our own set up for themselves."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from onefunnel import bootstrap, cli


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


def test_the_collector_leaves_alone_what_is_there_and_comes_seldom() -> None:
    gc.set_threshold(700, 10, 10)
    gc.unfreeze()
    bootstrap.collect_seldom()
    assert gc.get_freeze_count() > 10_000
    assert gc.get_threshold()[0] > 10_000
    ring: list[object] = []
    ring.append(ring)
    del ring
    assert gc.collect() >= 1, "rings of what came after are still found"


def test_a_command_runs_so(monkeypatch: pytest.MonkeyPatch) -> None:
    called = []
    monkeypatch.setattr(bootstrap, "collect_seldom", lambda: called.append(True))
    with pytest.raises(SystemExit):
        cli.main(["--version"])
    assert called
