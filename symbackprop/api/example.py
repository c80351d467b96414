"""An exercise worked out on a page: a mapping from addresses to quantities, and the page in every format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, Literal

from symbackprop._util.errors import AddressError, FormulaError
from symbackprop.api.quantity import WorkedQuantity
from symbackprop.backprop import Derivation
from symbackprop.evaluate.evaluation import Evaluation
from symbackprop.evaluate.exercise import Exercise
from symbackprop.page.options import PageOptions

DIGITS = 17
"""Significant digits of values in Python and in JSON, unless others are asked for: enough for any double."""


class WorkedExample(Mapping[str, WorkedQuantity]):
    """An exercise with its numbers, and its page as the options say.

    It lists the addresses of its quantities; any other address, an entry or an expression can be asked for too.
    """

    def __init__(self, exercise: Exercise, options: PageOptions) -> None:
        self.exercise, self.options = exercise, options
        self.warnings: list[str] = []
        self._begun: dict[str, Callable[[], Any]] = {}

    def __getitem__(self, address: str) -> WorkedQuantity:
        if not isinstance(address, str):
            raise TypeError(f"an address is text, such as 'E' or 'dE/dW_kl[1,2]', not {address!r}")
        try:
            found = WorkedQuantity(self, address)
            if address not in self.derivation.quantities:
                _ = found.text  # what there is not is said here, not later
        except FormulaError as error:
            raise AddressError(error.place, error.problem, error.hint) from None
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self.derivation.quantities)

    def __len__(self) -> int:
        return len(self.derivation.quantities)

    def _ipython_key_completions_(self) -> list[str]:
        return list(self)

    def __repr__(self) -> str:
        net = self.exercise.network
        widths = "-".join(map(str, (net.layers[0].inputs, *(layer.outputs for layer in net.layers))))
        functions = ", ".join(layer.activation.name for layer in net.layers)
        title = net.spec.title(self.options.lang)
        named = f" {title!r}" if title else ""
        return f"<WorkedExample{named}: {widths} ({functions}), loss {net.loss.name}, {len(self)} quantities>"

    @property
    def derivation(self) -> Derivation:
        """How every quantity comes about."""
        return self.exercise.derivation

    @property
    def shown(self) -> Evaluation:
        """The numbers as pages show them."""
        return self.exercise.numbers(self.options.digits)

    @property
    def precise(self) -> Evaluation:
        """The numbers to the digits asked for, or to 17."""
        return self.exercise.numbers(self.options.digits or DIGITS)

    @cached_property
    def page(self) -> Any:
        """The page model."""
        from symbackprop.page.make import page

        return page(self.exercise, self.options)

    @cached_property
    def _bare_page(self) -> Any:
        """The same page without figures: to draw them takes longer than to write small pages, or large ones."""
        from symbackprop.page.make import page

        return page(self.exercise, replace(self.options, figures=False))

    def _page_for(self, figures: str) -> Any:
        """The page for a format that shows figures only if it knows their directory."""
        return self.page if figures or "page" in vars(self) else self._bare_page

    def to_markdown(
        self, *, figures: str = "", suffix: str = "svg", flavor: Literal["github", "myst"] = "github"
    ) -> str:
        """The page as Markdown with LaTeX formulas; with figures if their directory, as the page names it, is given.

        ``suffix`` is svg or png, as the files of ``figure_files`` have it.
        """
        from symbackprop import render

        return self._noted(render.to_markdown(self._page_for(figures), self.options.templates, figures, suffix, flavor))

    def to_typst(self, *, figures: str = "") -> str:
        """The page as Typst, as the PDF is made of it; ``figures`` as for Markdown, of SVG files."""
        from symbackprop import render

        return self._noted(render.to_typst(self._page_for(figures), self.options.templates, figures))

    def to_latex(self, *, fragment: bool = False, figures: str = "") -> str:
        """The page as LaTeX: a whole document, or a fragment for ``\\input``; ``figures`` as for Markdown."""
        from symbackprop import render

        return self._noted(
            render.to_latex(
                self._page_for(figures), fragment=fragment, templates=self.options.templates, figures=figures
            )
        )

    def begin(self, *, pdf: bool = False, figures: bool = False) -> None:
        """Sets Typst to work on the PDF, or on the figures for LaTeX, while other formats are made; they ask for it later."""
        from symbackprop.render.behind import behind
        from symbackprop.render.drawings import PDF_NAME, sheets_job
        from symbackprop.render.pdf import typst_job

        if figures and self.page.figures:
            sheets = behind(sheets_job(self.page, "pdf"))
            self._begun["figures"] = lambda: {PDF_NAME: sheets()[0]}
        if pdf:
            job, warnings = typst_job(self.page, self.options.templates)
            made = behind(job)
            self._begun["pdf"] = lambda: (made(), warnings)

    def figure_files(self, kind: Literal["svg", "png", "pdf"] = "svg") -> dict[str, str | bytes]:
        """The figures as files: name → content; svg and png have a file each, pdf (for LaTeX) a page each of one file."""
        from symbackprop import render

        begun = self._begun.get("figures") if kind == "pdf" else None
        return begun() if begun else render.figure_files(self.page, kind)

    def to_pdf(self, engine: str = "typst") -> bytes:
        """The page as PDF. Raises ``MissingTool`` if the engine is not on this machine."""
        from symbackprop import render

        begun = self._begun.get("pdf") if engine == "typst" else None
        content, warnings = (
            begun() if begun else render.to_pdf(self.page, engine=engine, templates=self.options.templates)
        )
        self.warnings += [w for w in warnings if w not in self.warnings]
        return content

    def to_html(self) -> str:
        """The page as HTML with MathML, one file that needs no other."""
        from symbackprop import render
        from symbackprop.page.guide import Guide

        return self._noted(render.to_html(self.page, self.options.templates, Guide(self.exercise, self.options)))

    def to_slides(self) -> bytes:
        """The page as slides, a PDF with a page for each step."""
        from symbackprop import render

        content, warnings = render.slides_pdf(self.page, self.options.templates)
        self.warnings += [w for w in warnings if w not in self.warnings]
        return content

    def to_beamer(self, *, figures: str = "") -> str:
        """The same slides as the source of a Beamer presentation; ``figures`` as for LaTeX."""
        from symbackprop import render

        return self._noted(render.to_beamer(self.page, self.options.templates, figures))

    def to_json(self) -> str:
        """Every quantity, as ``docs/json.md`` describes it."""
        from symbackprop.export.json import to_json

        return to_json(self.precise)

    def to_numpy(self, *, arrays: str = "") -> str:
        """Forward and backward pass as a program of NumPy that prints the numbers of the page.

        Large arrays are loaded from the file ``arrays`` beside it, if one is named; ``arrays_file()`` is what it holds.
        """
        from symbackprop.export.numpy_program import numpy_program

        return numpy_program(self.shown, arrays)

    def to_notebook(self, *, arrays: str = "") -> str:
        """The page as a Jupyter notebook that computes every step with NumPy; ``arrays`` as for NumPy."""
        from symbackprop.export.notebook import to_notebook

        return to_notebook(self.shown, self.page, self.options.templates, arrays)

    def to_torch(self, *, arrays: str = "") -> str:
        """The forward pass as a program of PyTorch, which differentiates it and prints the same numbers.

        ``arrays`` as for NumPy.
        """
        from symbackprop.export.torch_program import torch_program

        return torch_program(self.shown, arrays)

    def arrays_file(self) -> bytes:
        """The large arrays that programs load, as an ``.npz``; empty where none is large.

        Raises ``MissingTool`` without NumPy.
        """
        from symbackprop.export.arrays import arrays_file

        return arrays_file(self.exercise.network)

    def to_npz(self) -> bytes:
        """Every quantity as an array of the doubles nearest to its exact values. Raises ``MissingTool`` without NumPy."""
        from symbackprop.export.npz import to_npz

        return to_npz(self.precise)

    def _noted(self, rendered: Any) -> str:
        """The text; its warnings are kept for whoever asks."""
        self.warnings += [w for w in rendered.warnings if w not in self.warnings]
        return str(rendered.text)

    def _repr_markdown_(self) -> str:
        return self.to_markdown()
