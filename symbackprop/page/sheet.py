"""A page as it fits a sheet: every equation and every table within the width, or the sheet as large as the page needs.

The decision is made once for all formats.
"""

from __future__ import annotations

from dataclasses import replace

from symbackprop._util.session import Same, kept
from symbackprop.page.fit import broken, fitted, full_height, full_width, narrowed
from symbackprop.page.layout import TEXT_HEIGHT, TEXT_WIDTH
from symbackprop.page.model import Block, Equation, Inline, MathRun, Page, Run, Table
from symbackprop.page.width import text_width, width

COLUMN_GAPS = 1.2
"""Between two columns of a table, in em."""
KEPT = 2


def on_sheet(page: Page) -> Page:
    """The page as it fits; several formats of one page share the answer."""
    return _kept(Same(page))


@kept(most=KEPT)
def _kept(page: Same[Page]) -> Page:
    return fit_page(page.it)


def fit_page(page: Page) -> Page:
    """The page with its equations broken and its matrices cut short to fit, or on a larger sheet if it is ``full``."""
    if not page.full:
        return replace(page, blocks=tuple(map(fit_block, page.blocks)))
    equations = [block for block in page.blocks if isinstance(block, Equation)]
    tables = [column_widths(block) for block in page.blocks if isinstance(block, Table)]
    widest = max([full_width(equations), *(sum(widths) + COLUMN_GAPS * len(widths) for widths in tables)])
    blocks = tuple(broken(b, widest) if isinstance(b, Equation) else b for b in page.blocks)
    return replace(page, blocks=blocks, text_width=widest, text_height=max(full_height(equations), TEXT_HEIGHT))


def fit_block(block: Block) -> Block:
    """The block on a sheet of the usual width."""
    if isinstance(block, Equation):
        return fitted(block)
    return narrow_table(block) if isinstance(block, Table) else block


def narrow_table(block: Table) -> Table:
    """The table, if it is too wide with the matrices in its cells cut short."""
    natural = column_widths(block)
    room = TEXT_WIDTH - COLUMN_GAPS * len(natural)
    if sum(natural) <= room:
        return block
    widths = shared(natural, room)
    rows = tuple(tuple(_narrow(cell, most) for cell, most in zip(row, widths, strict=True)) for row in block.rows)
    return replace(block, rows=rows)


def column_widths(block: Table) -> list[float]:
    """The width that each column of a table asks for, in em."""
    lines = (block.header, *block.rows)
    return [max(inline_width(line[k]) for line in lines) for k in range(len(block.header))]


def shared(natural: list[float], room: float) -> list[float]:
    """Widths of columns that fill ``room``: a column that needs no more than an even share has what it needs."""
    widths = list(natural)
    for done, k in enumerate(sorted(range(len(natural)), key=lambda k: natural[k])):
        widths[k] = min(natural[k], room / (len(natural) - done))
        room -= widths[k]
    return widths


def inline_width(content: Inline) -> float:
    """The width of running text with its formulas, in em."""
    return sum(text_width(r.text) if isinstance(r, Run) else width(r.node) for r in content)


def _narrow(content: Inline, room: float) -> Inline:
    return tuple(r if isinstance(r, Run) else MathRun(narrowed(r.node, room)) for r in content)
