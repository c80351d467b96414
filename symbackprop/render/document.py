"""Page model → the text of a file: a writer spells the blocks, a template places them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from symbackprop.page import model as p
from symbackprop.page.fit import fitted
from symbackprop.page.sentences import is_in_han
from symbackprop.page.sheet import fit_page, on_sheet
from symbackprop.render.templates import fill
from symbackprop.render.writer import Writer
from symbackprop.render.writers import LatexWriter, MarkdownWriter, MystWriter, TypstWriter

T = TypeVar("T")
MOST_EXTRA_OF_TEX = 1300
"""How many em a page of TeX can be wider or higher than A4: its lengths end at 5.7 m."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A file's text, what its reader should know of it (characters that no font has), and whether it needs Chinese fonts."""

    text: str
    warnings: tuple[str, ...] = ()
    chinese: bool = False


def to_markdown(
    page: p.Page, templates: Path | None = None, figures: str = "", suffix: str = "svg", flavor: str = "github"
) -> Rendered:
    """The page as Markdown with LaTeX formulas, as GitHub, pandoc, Jupyter and VS Code read it; or of the ``flavor`` myst.

    ``figures`` is the directory of the figures' files, as the page names it; without one the page has none. ``suffix`` is
    svg or png.
    """
    kind, template = (MystWriter, "page.myst.j2") if flavor == "myst" else (MarkdownWriter, "page.md.j2")
    writer = kind(page.lang, figures, suffix)
    values = {"title": writer.text(page.title), **writer.language(templates), "blocks": writer.blocks(on_sheet(page))}
    return Rendered(fill(template, templates, **values))


def to_markdown_cell(
    page: p.Page, blocks: tuple[p.Block, ...], titled: bool, templates: Path | None, figures: str
) -> str:
    """Some blocks of a page as Markdown, for a cell of a notebook; ``figures`` comes before the name of a PNG."""
    writer = MarkdownWriter(page.lang, figures, "png")
    part = fit_page(replace(page, blocks=blocks))
    title = writer.text(page.title) if titled else ""
    return fill("cell.md.j2", templates, title=title, **writer.language(templates), blocks=writer.blocks(part))


def to_latex(page: p.Page, *, fragment: bool = False, templates: Path | None = None, figures: str = "") -> Rendered:
    """The page as LaTeX: whole, or as a fragment for ``\\input`` that needs amsmath, and graphicx for figures.

    In a fragment sections are numbered by the host, and every equation about a quantity has a number and a label.

    ``figures`` is the directory of ``figures.pdf``, as the page names it; without one the page has none.
    """
    writer, values = as_latex(page, figures, lambda writer: _values(page, writer, templates))
    text = fill(
        "fragment.tex.j2" if fragment else "page.tex.j2",
        templates,
        **values,
        **writer.larger(MOST_EXTRA_OF_TEX),
        fragment=fragment,
    )
    return Rendered(text, writer.warnings, writer.met_cjk)


def to_typst(page: p.Page, templates: Path | None = None, figures: str | None = None) -> Rendered:
    """The page as Typst: with the drawings in its text, or from the directory ``figures``; without any if that is empty."""
    writer = TypstWriter(page.lang, figures, page.flows)
    values = _values(page, writer, templates)
    return Rendered(fill("page.typ.j2", templates, **values, **writer.larger()), writer.warnings, writer.met_cjk)


def as_latex(page: p.Page, figures: str, spell: Callable[[LatexWriter], T]) -> tuple[LatexWriter, T]:
    """What ``spell`` makes with a writer of LaTeX, and the writer: one with Chinese fonts where it met Chinese."""
    writer = LatexWriter(page.lang, is_in_han(page.lang), figures)
    spelled = spell(writer)
    if writer.met_cjk and not writer.cjk:
        writer = LatexWriter(page.lang, True, figures)
        spelled = spell(writer)
    return writer, spelled


def _values(page: p.Page, writer: Writer, templates: Path | None) -> dict[str, Any]:
    values = {
        "title": writer.text(page.title),
        **writer.language(templates),
        "layout": page.layout,
        "figures": writer.shows_figures and bool(page.figures),
        "coloured": bool(page.flows),
        "blocks": writer.blocks(on_sheet(page)),
    }
    return values | {"cjk": writer.met_cjk}


def equation_latex(equation: p.Equation, lang: str) -> str:
    """An equation as ``aligned``, for formulas in other documents."""
    writer = LatexWriter(lang, True)
    rows = " \\\\\n".join(writer.row(r) for r in fitted(equation).rows)
    return f"\\begin{{aligned}}\n{rows}\n\\end{{aligned}}"


def equation_markdown(equation: p.Equation, lang: str) -> str:
    """An equation between ``$$``."""
    writer = MarkdownWriter(lang)
    rows = " \\\\\n".join(writer.row(r) for r in fitted(equation).rows)
    return f"$$\n\\begin{{aligned}}\n{rows}\n\\end{{aligned}}\n$$\n"
