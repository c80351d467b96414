"""The line of our derivation that shows what a figure should have been."""

from __future__ import annotations

from symbackprop._util.errors import SymbackpropError
from symbackprop._util.session import Same, kept
from symbackprop.check.engine.plan import true_values
from symbackprop.check.model import At, LineResult, Report
from symbackprop.evaluate.exercise import Exercise
from symbackprop.graph.quantity import DATA
from symbackprop.page.equations import entry_rows, law_row
from symbackprop.page.formulas import Formulas
from symbackprop.page.guide import Guide, flows
from symbackprop.page.model import Equation, Flow
from symbackprop.page.options import PageOptions, page_options
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
    exercise, options = _shown(report.spec, lang)
    formulas = Formulas(exercise, options)
    at = line.at
    if at.address not in exercise.derivation.rules:
        return None
    if line.role == "formula" or at.step:
        rows = [law_row(formulas, at.address)]
    else:
        rows = entry_rows(formulas, at.address, at.index, sample=at.sample)
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


def right_guide(report: Report, lang: str) -> Guide | None:
    """How each number of the right lines comes about, for formats that a reader can ask."""
    return Guide(*_shown(report.spec, lang)) if report.spec is not None else None


def right_flows(report: Report) -> dict[str, Flow]:
    """What the quantities of the right lines are for."""
    return flows(_exercise(Same(report.spec))) if report.spec is not None else {}


def _shown(spec: NetworkSpec, lang: str) -> tuple[Exercise, PageOptions]:
    return _exercise(Same(spec)), page_options(spec, lang=lang, digits=SHOWN_DIGITS)


@kept(most=KEPT)
def _exercise(of: Same[NetworkSpec]) -> Exercise:
    return Exercise(true_values(of.it).derivation)


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
