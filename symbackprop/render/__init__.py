"""The page model → Markdown, LaTeX, Typst, HTML and PDF. The only user of Jinja2."""

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
