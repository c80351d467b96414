"""The figures of a page as files beside it: SVG and PNG for Markdown, one PDF with a page for each figure for LaTeX.

Typst, which sets the PDF of the page, also turns an SVG into PDF or PNG; no other program is needed.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Literal

from symbackprop.figures import svg
from symbackprop.page.model import Page
from symbackprop.render.glyphs import font_directories
from symbackprop.render.writer import TEXT_MILLIMETRES, TEXT_PIXELS
from symbackprop.render.writers import TypstWriter

Kind = Literal["svg", "png", "pdf"]
DOTS_PER_INCH = 192
PDF_NAME = "figures.pdf"


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
    import typst

    source = ["#set page(width: auto, height: auto, margin: 0pt)"]
    with tempfile.TemporaryDirectory() as root:
        for number, (drawing, width) in enumerate(zip(drawings, widths, strict=True)):
            (Path(root) / f"{number}.svg").write_text(drawing, encoding="utf-8")
            source.append(f'#page(image("{number}.svg", width: {width:g}mm))')
        path = Path(root) / "figures.typ"
        path.write_text("\n".join(source), encoding="utf-8")
        made = typst.compile(
            path,
            root=Path(root),
            font_paths=font_directories(chinese),
            ignore_system_fonts=True,
            format=kind,
            ppi=DOTS_PER_INCH,
            timestamp=0,
        )
    return list(map(bytes, made)) if isinstance(made, list) else [bytes(made)]
