"""The figures of a page as files beside it: SVG and PNG for Markdown, one PDF with a page for each figure for LaTeX.

Typst, which sets the PDF of the page, also turns an SVG into PDF or PNG; no other program is needed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal

from symbackprop.figures import svg
from symbackprop.page.model import Page
from symbackprop.render.behind import behind
from symbackprop.render.escape import typst_string
from symbackprop.render.typesetting import typeset
from symbackprop.render.writer import TEXT_MILLIMETRES, TEXT_PIXELS
from symbackprop.render.writers import TypstWriter

Kind = Literal["svg", "png", "pdf"]
PDF_NAME = "figures.pdf"


def figures_begun(page: Page, kind: Kind) -> Callable[[], dict[str, str | bytes]]:
    """Sets Typst to work on the figures, if it is needed for this kind; what is returned waits for the files."""
    if kind != "pdf" or not page.figures:
        return lambda: figure_files(page, kind)
    sheets = behind(sheets_job(page, kind))
    return lambda: {PDF_NAME: sheets()[0]}


def figure_files(page: Page, kind: Kind) -> dict[str, str | bytes]:
    """File name → content."""
    if not page.figures:
        return {}
    if kind == "svg":
        return {f"{figure.name}.svg": svg(figure.drawing, fitted=True) + "\n" for figure in page.figures}
    sheets = sheets_job(page, kind)()
    if kind == "pdf":
        return {PDF_NAME: sheets[0]}
    return {f"{figure.name}.png": sheet for figure, sheet in zip(page.figures, sheets, strict=True)}


def sheets_job(page: Page, kind: Literal["png", "pdf"]) -> Callable[[], list[bytes]]:
    """Draws the figures; what is left to Typst is the job: one PDF, or a PNG for each figure."""
    writer = TypstWriter(page.lang)
    drawings = [writer.shown_in_figure(svg(figure.drawing)) for figure in page.figures]
    widths = [figure.drawing.width / TEXT_PIXELS * TEXT_MILLIMETRES for figure in page.figures]
    return partial(_sheets, drawings, widths, writer.met_cjk, kind)


def _sheets(drawings: list[str], widths: list[float], chinese: bool, kind: Literal["png", "pdf"]) -> list[bytes]:
    pages = [
        f"#page(image(bytes({typst_string(drawing)}), width: {width:g}mm))"
        for drawing, width in zip(drawings, widths, strict=True)
    ]
    source = "\n".join(["#set page(width: auto, height: auto, margin: 0pt)", *pages])
    return typeset(source, chinese=chinese, kind=kind)
