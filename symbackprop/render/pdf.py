"""A page as PDF: by the embedded Typst, or by the TeX of this machine."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from symbackprop._util.errors import MissingTool
from symbackprop.page.model import Page
from symbackprop.render.document import Rendered, to_typst
from symbackprop.render.typesetting import typeset


def to_pdf(page: Page, *, engine: str = "typst", templates: Path | None = None) -> tuple[bytes, tuple[str, ...]]:
    """The PDF, and warnings. ``engine`` is typst, or latexmk, xelatex, lualatex, pdflatex.

    Raises ``MissingTool`` if the engine is not on this machine, or cannot make this page.
    """
    if engine == "typst":
        job, warnings = typst_job(page, templates)
        return job(), warnings
    from symbackprop.render.tex import pdf_by_tex  # its modules take longer to load than most pages to write

    return pdf_by_tex(page, engine, templates)


def typst_job(page: Page, templates: Path | None = None) -> tuple[Callable[[], bytes], tuple[str, ...]]:
    """Writes the page for Typst, with warnings; what is left to Typst is the job, which gives the PDF."""
    rendered = to_typst(page, templates)
    return partial(_typst, rendered, page), rendered.warnings


def slides_pdf(page: Page, templates: Path | None = None) -> tuple[bytes, tuple[str, ...]]:
    """The slides of a page, a page for each step."""
    from symbackprop.render.slides import to_slides  # no other PDF has slides

    rendered = to_slides(page, templates)
    return _typst(rendered, page), rendered.warnings


def _typst(rendered: Rendered, page: Page) -> bytes:
    import typst

    try:
        return typeset(rendered.text, chinese=rendered.chinese, layout=page.layout)[0]
    except typst.TypstError as error:
        raise MissingTool("typst", str(error), "is one of the templates yours?") from None
