"""Writes the formulas of the manual as MathML, which a browser draws without a script or a network.

A Sphinx extension; ``$…$`` and ``$$…$$`` in Markdown reach it as math nodes.
"""

from __future__ import annotations

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator


def write_inline(self: HTML5Translator, node: nodes.math) -> None:
    """Write a formula in a line of text."""
    self.body.append(convert(node.astext()))
    raise nodes.SkipNode


def write_displayed(self: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on a line of its own, with its number if it has one."""
    number = f'<span class="eqno">({node["number"]})</span>' if node.get("number") else ""
    formula = convert(node.astext(), display="block")
    self.body.append(self.starttag(node, "div", CLASS="math") + number + formula + "</div>")
    raise nodes.SkipNode


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the renderer; ``html_math_renderer = "mathml"`` chooses it."""
    app.add_html_math_renderer("mathml", (write_inline, None), (write_displayed, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
