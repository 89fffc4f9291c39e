"""The pure folders ask nobody: not the clock, not the environment, not an engine.

import-linter holds what they may import; this holds what they may call.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.project.files import ROOT, shown

PACKAGE = ROOT / "src" / "onefunnel"
PURE = ["vocabulary", "identity", "funnel", "measures", "agreement", "ledger/schema"]

# As they are written: the last two names of what is looked up.
FORBIDDEN = {
    "date.today",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "ibis.now",
    "ibis.today",
    "os.environ",
    "os.getenv",
    "time.monotonic",
    "time.time",
    "time.time_ns",
}
# A method of any object: running a query is the caller's affair.
FORBIDDEN_METHODS = {"execute", "to_pyarrow", "to_pyarrow_batches"}


def pure_modules() -> list[Path]:
    """Every module of the pure folders."""
    return [module for folder in PURE for module in sorted((PACKAGE / folder).rglob("*.py"))]


@pytest.mark.parametrize("module", pure_modules(), ids=shown)
def test_a_pure_module_asks_nobody(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    assert [f"{shown(module)}:{line}: {what}" for line, what in impurities(tree)] == []


@pytest.mark.parametrize(
    "source",
    [
        "when = datetime.now(UTC)",
        "when = datetime.datetime.now()",
        "when = dt.date.today()",
        "home = os.environ['HOME']",
        "started = time.time()",
        "rows = table.execute()",
        "rows = table.filter(table.a > 1).to_pyarrow()",
    ],
)
def test_an_impurity_is_found(source: str) -> None:
    assert len(list(impurities(ast.parse(source)))) == 1


def impurities(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The line and the text of each forbidden look-up in a piece of source."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _last_two(node) in FORBIDDEN:
            yield node.lineno, ast.unparse(node)
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in FORBIDDEN_METHODS
        ):
            yield node.lineno, ast.unparse(node.func)


def _last_two(node: ast.Attribute) -> str:
    """``date.today`` for ``datetime.date.today``."""
    owner = node.value
    name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
    return f"{name}.{node.attr}"
