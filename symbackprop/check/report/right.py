"""The line of our derivation that shows what a figure should have been."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from symbackprop._util.errors import SymbackpropError
from symbackprop.check.engine.candidates import true_values
from symbackprop.check.model import At, LineResult, Report
from symbackprop.evaluate.evaluation import Evaluation
from symbackprop.graph.quantity import DATA
from symbackprop.page.builder import Desk
from symbackprop.page.guide import DeskGuide
from symbackprop.page.model import Equation, Row
from symbackprop.page.notation import load_profile
from symbackprop.page.sentences import Sentences
from symbackprop.spec import NetworkSpec

SHOWN_DIGITS = 6
KEPT = 16
EQUALITIES = ("product", "sum")
"""Lines about the person's own arithmetic."""


def right_line(report: Report, line: LineResult, lang: str) -> Equation | None:
    """Symbols, the numbers put in, the result: for the entry that a line is about; of a formula, the law.

    None where the derivation has no such line: the value of an expression, what a sum of the person's own terms gives.
    """
    if report.spec is None or line.at is None or line.role in EQUALITIES:
        return None
    desk = _desk(report.spec, lang)
    at = line.at
    if at.address not in desk.derivation.rules:
        return None
    rows: list[Row] = []
    if line.role == "formula" or at.step:
        rows = [desk.law_row(at.address)]
    else:
        rows = desk.entry_rows(at.address, at.index, sample=at.sample)
    return Equation(tuple(rows), at.address)


def value_key(report: Report, line: LineResult) -> str:
    """The sentence that says the right value where there is no right line."""
    if line.role in EQUALITIES:
        return "mistakes.gives"
    return "mistakes.given" if _is_given(report, line.at) else "mistakes.right_value"


def _is_given(report: Report, at: At | None) -> bool:
    """Whether the figure is one that the exercise gives."""
    if report.spec is None or at is None:
        return False
    quantities = true_values(report.spec).derivation.quantities
    return at.address in quantities and quantities[at.address].kind in DATA


def right_guide(report: Report, lang: str) -> DeskGuide | None:
    """How each number of the right lines comes about, for formats that a reader can ask."""
    return DeskGuide(_desk(report.spec, lang)) if report.spec is not None else None


@lru_cache(maxsize=KEPT)
def _desk(spec: NetworkSpec, lang: str) -> Desk:
    profile = load_profile(spec.notation, Path(spec.source).parent)
    return Desk(Evaluation(true_values(spec).derivation, SHOWN_DIGITS), Sentences(lang), profile=profile)


def line_text(report: Report, line: LineResult, lang: str) -> str:
    """The right line as plain text on one line; empty where there is none."""
    from symbackprop.render.printers.plain import PlainPrinter

    try:
        equation = right_line(report, line, lang)
    except SymbackpropError:
        return ""
    if equation is None:
        return ""
    printer, text = PlainPrinter(lang), ""
    for row in equation.rows:
        left = printer.math(row.left) if row.left is not None else ""
        text += f"{left} {row.relation} {printer.math(row.right)}" if left or not row.lead else ""
    return text.strip()
