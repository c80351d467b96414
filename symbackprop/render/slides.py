"""The page as slides, a step at a time: a PDF by Typst, with a page for each step, or the source of a Beamer presentation.

A slide has the same width in em as the page, so what fits there fits here. What is too high for one slide goes on the next.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from symbackprop.page import model as p
from symbackprop.page.fit import fitted, height, of_rows
from symbackprop.page.layout import TEXT_WIDTH
from symbackprop.page.sheet import inline_width, on_sheet
from symbackprop.render.document import Rendered, as_latex
from symbackprop.render.templates import fill
from symbackprop.render.writer import Writer
from symbackprop.render.writers import LatexWriter, TypstWriter

LINES = 20.0
"""So many lines of text fit on a slide below its title."""
ROW_GAP, BLOCK_GAP, LINE, TABLE_LINE = 0.5, 0.9, 1.15, 1.6
FIGURE_WIDTH, FIGURE_HEIGHT = 136.0, 58.0
"""The room for a figure on a Beamer slide, in millimetres."""


@dataclass(frozen=True, slots=True)
class Slide:
    """What stands on one slide. ``section`` and ``title`` are the headings above it; a slide without blocks opens a section."""

    section: p.Heading | None
    title: p.Heading | None
    subtitle: p.Heading | None
    blocks: tuple[p.Block, ...]


def slides_of(page: p.Page) -> list[Slide]:
    """The page cut into slides. One that is ``full`` is cut short as well, but for its tables."""
    slides: list[Slide] = []
    heads: dict[int, p.Heading | None] = {1: None, 2: None, 3: None}
    waiting: list[p.Block] = []

    def finish() -> None:
        for blocks in _shared_out(waiting):
            slides.append(Slide(heads[1], heads[2], heads[3], blocks))
        waiting.clear()

    for block in page.blocks if page.full else on_sheet(page).blocks:
        if not isinstance(block, p.Heading):
            waiting.append(fitted(block) if page.full and isinstance(block, p.Equation) else block)
            continue
        finish()
        heads |= dict.fromkeys(range(block.level, 4)) | {block.level: block}
        if block.level == 1:
            slides.append(Slide(block, None, None, ()))
    finish()
    return slides


def _shared_out(blocks: list[p.Block]) -> Iterator[tuple[p.Block, ...]]:
    """The blocks on as many slides as they need; a text stays with what it introduces, a figure stands alone."""
    current: list[p.Block] = []
    room = LINES
    for block in (part for whole in blocks for part in _parts(whole)):
        needed = lines_of(block)
        if current and (needed > room or isinstance(block, p.Figure) or isinstance(current[-1], p.Figure)):
            moved = [current.pop()] if _introduces(current, block) else []
            if current:
                yield tuple(current)
            current, room = moved, LINES - sum(map(lines_of, moved))
        current.append(block)
        room -= needed
    if current:
        yield tuple(current)


def _introduces(blocks: list[p.Block], following: p.Block) -> bool:
    return isinstance(blocks[-1], p.Paragraph) and isinstance(following, (p.Equation, p.Table))


def _parts(block: p.Block) -> Iterator[p.Block]:
    """An equation or a table that is too high, in pieces."""
    if isinstance(block, p.Equation):
        rows: list[p.Row] = []
        for row in block.rows:
            if rows and lines_of(replace(block, rows=(*rows, row))) > LINES - 2:
                yield of_rows(block, rows)
                rows = []
            rows.append(row)
        yield of_rows(block, rows)
    elif isinstance(block, p.Table):
        most = int(LINES / TABLE_LINE) - 2
        for start in range(0, len(block.rows), most):
            yield replace(block, rows=block.rows[start : start + most])
    else:
        yield block


def lines_of(block: p.Block) -> float:
    """The height of a block in lines of text, roughly."""
    if isinstance(block, (p.Paragraph, p.Remark)):
        return math.ceil(inline_width(block.content) / TEXT_WIDTH) * LINE + BLOCK_GAP
    if isinstance(block, p.Equation):
        return sum(height(row.right) + ROW_GAP for row in block.rows) + BLOCK_GAP
    if isinstance(block, p.Table):
        return TABLE_LINE * (len(block.rows) + 1) + BLOCK_GAP
    if isinstance(block, p.Bullets):
        return sum(math.ceil(inline_width(item) / TEXT_WIDTH) * LINE for item in block.items) + BLOCK_GAP
    return LINES


def steps_of(slide: Slide) -> Iterator[tuple[p.Block, ...]]:
    """What is seen of a slide, step by step: one row more of an equation, or the next text with the first row below it."""
    for number, block in enumerate(slide.blocks):
        before = slide.blocks[:number]
        if isinstance(block, p.Equation):
            for count in range(1, len(block.rows) + 1):
                yield (*before, of_rows(block, block.rows[:count]))
        elif number + 1 == len(slide.blocks) or not _introduces([block], slide.blocks[number + 1]):
            yield (*before, block)


def to_slides(page: p.Page, templates: Path | None = None) -> Rendered:
    """The Typst source of the slides."""
    writer = TypstWriter(page.lang, flows=page.flows)
    shown: list[dict[str, Any]] = []
    sheet = on_sheet(page)
    title: p.Heading | None = None
    for slide in slides_of(page):
        for blocks in list(steps_of(slide)) or [()]:
            spelled = writer.blocks(replace(sheet, blocks=blocks))
            shown.append({"blocks": spelled, "first": slide.title is not title, **_heads(writer, slide)})
            title = slide.title
    values = {"title": writer.text(page.title), **writer.language(templates), "slides": shown}
    return Rendered(fill("slides.typ.j2", templates, **values, cjk=writer.met_cjk), writer.warnings, writer.met_cjk)


def to_beamer(page: p.Page, templates: Path | None = None, figures: str = "") -> Rendered:
    """The LaTeX source of a Beamer presentation; ``figures`` is the directory of ``figures.pdf``, as the file names it."""
    writer, values = as_latex(page, figures, lambda writer: _frames(writer, page))
    values |= {**writer.language(templates), "cjk": writer.met_cjk, "figures": bool(figures), "fragment": False}
    return Rendered(fill("beamer.tex.j2", templates, **values), writer.warnings)


def _frames(writer: LatexWriter, page: p.Page) -> dict[str, Any]:
    sheet = on_sheet(page)
    shown = [{"blocks": list(_uncovered(writer, sheet, slide)), **_heads(writer, slide)} for slide in slides_of(page)]
    shown = [frame for frame, slide in zip(shown, slides_of(page), strict=True) if frame["blocks"] or not slide.blocks]
    return {"title": writer.text(page.title), "slides": shown}


def _heads(writer: Writer, slide: Slide) -> dict[str, Any]:
    found = {"section": slide.section, "heading": slide.title, "subtitle": slide.subtitle}
    return {name: writer.heading(head) if head else None for name, head in found.items()}


def _uncovered(writer: LatexWriter, sheet: p.Page, slide: Slide) -> Iterator[dict[str, Any]]:
    """The blocks of a slide, each with the step ``at`` which it appears; the rows of an equation appear one by one."""
    step = 0
    for block in slide.blocks:
        for spelled in writer.blocks(replace(sheet, blocks=(block,))):
            step += 1
            if isinstance(block, p.Equation):
                spelled["rows"] = [_uncovered_row(row, step + k) for k, row in enumerate(spelled["rows"])]
                step += len(spelled["rows"]) - 1
            if isinstance(block, p.Figure):
                wide = min(FIGURE_WIDTH, FIGURE_HEIGHT * block.drawing.width / block.drawing.height)
                spelled["millimetres"] = f"{wide:.4g}"
            yield {**spelled, "at": step}
            if isinstance(block, p.Paragraph):
                step -= 1  # a text appears with the first row below it


def _uncovered_row(row: str, step: int) -> str:
    left, _, right = row.partition("&")
    return rf"\uncover<{step}->{{{left.strip()}}} & \uncover<{step}->{{{{}}{right}}}"
