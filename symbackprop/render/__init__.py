"""The page model → Markdown, LaTeX, Typst, HTML and PDF. The only user of Jinja2."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symbackprop._util.lazy import lazily

if TYPE_CHECKING:
    from symbackprop.render.document import (
        Rendered,
        equation_latex,
        equation_markdown,
        to_latex,
        to_markdown,
        to_markdown_cell,
        to_typst,
    )
    from symbackprop.render.drawings import figure_files
    from symbackprop.render.html import to_html
    from symbackprop.render.pdf import slides_pdf, to_pdf
    from symbackprop.render.slides import to_beamer

__all__ = [
    "Rendered",
    "equation_latex",
    "equation_markdown",
    "figure_files",
    "slides_pdf",
    "to_beamer",
    "to_html",
    "to_latex",
    "to_markdown",
    "to_markdown_cell",
    "to_pdf",
    "to_typst",
]

_HOMES = dict.fromkeys(__all__, "symbackprop.render.document") | {
    "figure_files": "symbackprop.render.drawings",
    "slides_pdf": "symbackprop.render.pdf",
    "to_beamer": "symbackprop.render.slides",
    "to_html": "symbackprop.render.html",
    "to_pdf": "symbackprop.render.pdf",
}
__getattr__, __dir__ = lazily(__name__, _HOMES)
