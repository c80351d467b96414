"""The page as a Jupyter notebook: text and formulas as Markdown cells, after each step a NumPy cell that computes it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from symbackprop.evaluate.evaluation import Evaluation
from symbackprop.export.numpy_program import SHOW, quoted, shown_digits
from symbackprop.export.statements import FORWARD, Statements
from symbackprop.graph.network import LOSS
from symbackprop.page.model import Block, Equation, Figure, Heading, Page
from symbackprop.render import figure_files, to_markdown_cell

ATTACHED = "attachment:"


def to_notebook(evaluation: Evaluation, page: Page, templates: Path | None = None, arrays: str = "") -> str:
    """The notebook, format 4.5, with a newline at the end; large arrays are loaded from the file ``arrays``, if one is named.

    Raises ``SymbackpropError`` for what NumPy cannot say.
    """
    cells = _Cells(Statements(evaluation, arrays), page, templates).all()
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "title": page.title,
    }
    notebook = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


class _Cells:
    def __init__(self, code: Statements, page: Page, templates: Path | None) -> None:
        self.code, self.page, self.templates = code, page, templates
        self.pictures = figure_files(page, "png")
        self.computed: set[str] = set()
        self.wanted = frozenset(self.code.computed())
        self.cells: list[dict[str, Any]] = []

    def all(self) -> list[dict[str, Any]]:
        """The cells in their order."""
        waiting: list[Block] = []
        has_data = False
        for block in self.page.blocks:
            if isinstance(block, Heading):
                self._text(waiting)
                waiting = []
            waiting.append(block)
            subject = block.subject if isinstance(block, Equation) else ""
            if subject in self.wanted and subject not in self.computed:
                self._text(waiting)
                waiting = []
                if not has_data:
                    self._program(self._data())
                    has_data = True
                self._program(self._computing(subject))
        self._text(waiting)
        self._program(self._afterwards())
        return self.cells

    def _text(self, blocks: list[Block]) -> None:
        if not blocks:
            return
        first = not self.cells
        text = to_markdown_cell(self.page, tuple(blocks), first, self.templates, ATTACHED)
        if not text.strip():
            return
        names = [f"{block.name}.png" for block in blocks if isinstance(block, Figure)]
        attached = {name: {"image/png": base64.b64encode(_bytes(self.pictures[name])).decode()} for name in names}
        self._cell("markdown", text, {"attachments": attached} if attached else {})

    def _program(self, lines: list[str]) -> None:
        self._cell("code", "\n".join(lines), {"execution_count": None, "outputs": []})

    def _cell(self, kind: str, text: str, more: dict[str, Any]) -> None:
        source = text.strip("\n").splitlines(keepends=True)
        name = f"cell-{len(self.cells) + 1}"
        self.cells.append({"cell_type": kind, "id": name, "metadata": {}, **more, "source": source})

    def _data(self) -> list[str]:
        spec, names, net = self.code.net.spec, self.code.names, self.code.net
        lines = ["import numpy as np", *self.code.imports(), "", f"DIGITS = {shown_digits(self.code)}", ""]
        lines += self.code.arrays.loading(in_notebook=True)
        for name, text in self.code.data():
            lines += f"{name} = {text}".splitlines()
        if spec.batch_size:
            lines += ["", f"X = {names[net.input]}  # all samples; an update takes {net.samples} of them"]
            lines += [f"Y = {names[net.target]}"] if net.loss.has_target else []
            lines += self._samples(0)
        lines += self.code.count("0")
        return [*lines, "", "", *SHOW]

    def _samples(self, step: int) -> list[str]:
        """The mini-batch of a step, if there are mini-batches."""
        net, names = self.code.net, self.code.names
        if not net.spec.batch_size:
            return []
        lines = [
            f"rows = [({step} * {net.samples} + k) % len(X) for k in range({net.samples})]",
            f"{names[net.input]} = X[rows]",
        ]
        return [*lines, *([f"{names[net.target]} = Y[rows]"] if net.loss.has_target else [])]

    def _computing(self, address: str) -> list[str]:
        """The statements for a quantity and for those that it is made from, as far as missing; then their numbers."""
        before = set(self.computed)
        lines = list(self._statements(address))
        new = [a for a in self.code.computed() if a in self.computed - before]
        return [*lines, *(f"show({quoted(a)}, {self.code.names[a]})" for a in new)]

    def _statements(self, address: str) -> Iterator[str]:
        for needed in self.code.derivation.quantities[address].inputs:
            if needed in self.wanted and needed not in self.computed:
                yield from self._statements(needed)
        self.computed.add(address)
        yield from self.code.lines(address)
        yield from self.code.given(address)

    def _afterwards(self) -> list[str]:
        """The updates, as many as the spec asks for, and forward propagation with the new parameters."""
        code, kinds = self.code, self.code.derivation.quantities
        steps, names = code.net.spec.steps, code.names
        missing = [a for a in code.computed() if a not in self.computed]
        lines = [line for address in missing if address not in self.computed for line in self._computing(address)]
        move = [f"{old} = {new}" for old, new in code.moves()]
        forward = [line for a in code.computed() if kinds[a].kind in FORWARD for line in code.lines(a)]
        every = [line for a in code.computed() for line in code.lines(a)]
        out = code.net.output.out
        ends = [f"show({quoted(f'{a}@1')}, {names[a]})" for a in (out, LOSS)]
        lines += [*move, *self._samples(1), *forward, *ends]
        if steps > 1:
            loop = [*_renumbered(self._samples(0)), *code.count("step"), *every, *move]
            lines += ["", f"for step in range(1, {steps}):", *(f"    {line}" for line in loop)]
            lines += [*self._samples(steps), *forward, f"show({quoted(f'{LOSS}@{steps}')}, {names[LOSS]})"]
        return lines


def _renumbered(lines: list[str]) -> list[str]:
    """The choice of a mini-batch inside the loop over the steps."""
    return [line.replace("(0 * ", "(step * ") for line in lines]


def _bytes(content: str | bytes) -> bytes:
    return content if isinstance(content, bytes) else content.encode()
