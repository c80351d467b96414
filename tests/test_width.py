"""The estimated width of a formula against what Typst measures: safe, and not wasteful."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import typst

from symbackprop import derive
from symbackprop.expr.nodes import Node
from symbackprop.page.fit import fitted
from symbackprop.page.layout import TEXT_WIDTH
from symbackprop.page.model import Equation
from symbackprop.page.width import width
from symbackprop.render.printers import TypstPrinter
from tests.test_pages import wide

POINTS = 11.0


def measured(formulas: list[Node]) -> list[float]:
    """The widths in em, as Typst sets the formulas at 11 pt."""
    printer = TypstPrinter("en")
    lines = ["#set text(size: 11pt)", '#show math.equation: set text(font: "New Computer Modern Math")']
    lines += [f"#context [#metadata(measure($display({printer.math(node)})$).width.pt())<w>]" for node in formulas]
    with tempfile.TemporaryDirectory() as root:
        path = Path(root) / "measure.typ"
        path.write_text("\n".join(lines), encoding="utf-8")
        found = json.loads(typst.query(path, "<w>", field="value", ignore_system_fonts=True))
    return [points / POINTS for points in found]


def formulas() -> list[Node]:
    found: dict[Node, None] = {}
    for spec in (
        "examples/document.toml",
        "examples/regression.toml",
        "examples/deep.toml",
        wide([10, 10], ["softmax"]),
    ):
        for block in derive(spec, lang="en").page.blocks:
            if isinstance(block, Equation):
                for row in fitted(block).rows:
                    found |= dict.fromkeys(node for node in (row.left, row.right) if node is not None)
    return list(found)


def test_the_estimate_is_near_the_measure_and_on_the_safe_side() -> None:
    nodes = formulas()
    assert len(nodes) > 300
    pairs = list(zip(nodes, map(width, nodes), measured(nodes), strict=True))
    for node, estimate, true in pairs:
        assert estimate >= 0.93 * true - 0.4, (node, estimate, true)
    wide_ones = [(estimate, true) for _, estimate, true in pairs if true > 5]
    assert sum(e for e, _ in wide_ones) <= 1.2 * sum(t for _, t in wide_ones)
    assert max(true for _, _, true in pairs) <= TEXT_WIDTH
