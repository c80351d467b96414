"""An exercise worked out on a page: a mapping from addresses to quantities, and the page in every format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from symbackprop._util.errors import AddressError, FormulaError
from symbackprop.backprop import Derivation
from symbackprop.evaluate.evaluation import Evaluation
from symbackprop.evaluate.exercise import Exercise
from symbackprop.export.quantity import WorkedQuantity
from symbackprop.page.options import PageOptions

if TYPE_CHECKING:
    from symbackprop.page.model import Page
    from symbackprop.render import Rendered

DIGITS = 17
"""Significant digits of values in Python and in JSON, unless others are asked for: enough for any double."""


class WorkedExample(Mapping[str, WorkedQuantity]):
    """An exercise with its numbers, and its page as the options say.

    It lists the addresses of its quantities; any other address, an entry or an expression can be asked for too.
    """

    def __init__(self, exercise: Exercise, options: PageOptions) -> None:
        self.exercise, self.options = exercise, options
        self.warnings: list[str] = []

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
    def page(self) -> Page:
        """The page, as data."""
        from symbackprop.page.make import page

        return page(self.exercise, self.options)

    @cached_property
    def _without_figures(self) -> Page:
        from symbackprop.page.make import page

        return page(self.exercise, replace(self.options, figures=False))

    def _page(self, figures: str) -> Page:
        """The page for a format that shows figures from a directory; without one they need not be drawn."""
        return self.page if figures or "page" in self.__dict__ else self._without_figures

    def to_markdown(
        self, *, figures: str = "", suffix: str = "svg", flavor: Literal["github", "myst"] = "github"
    ) -> str:
        """The page as Markdown with LaTeX formulas; with figures if their directory, as the page names it, is given.

        ``suffix`` is svg or png, as the files of ``figure_files`` have it.
        """
        from symbackprop import render

        return self._noted(render.to_markdown(self._page(figures), self.options.templates, figures, suffix, flavor))

    def to_typst(self, *, figures: str = "") -> str:
        """The page as Typst, as the PDF is made of it; ``figures`` as for Markdown, of SVG files."""
        from symbackprop import render

        return self._noted(render.to_typst(self._page(figures), self.options.templates, figures))

    def to_latex(self, *, fragment: bool = False, figures: str = "") -> str:
        """The page as LaTeX: a whole document, or a fragment for ``\\input``; ``figures`` as for Markdown."""
        from symbackprop import render

        return self._noted(
            render.to_latex(self._page(figures), fragment=fragment, templates=self.options.templates, figures=figures)
        )

    def figures_begun(self, kind: Literal["svg", "png", "pdf"]) -> Callable[[], dict[str, str | bytes]]:
        """Sets Typst to work on the figures, where it is needed; what is returned waits for ``figure_files(kind)``."""
        from symbackprop.render.drawings import figures_begun

        return figures_begun(self.page, kind)

    def figure_files(self, kind: Literal["svg", "png", "pdf"] = "svg") -> dict[str, str | bytes]:
        """The figures as files: name → content; svg and png have a file each, pdf (for LaTeX) a page each of one file."""
        return self.figures_begun(kind)()

    def pdf_begun(self) -> Callable[[], bytes]:
        """Sets Typst to work on the PDF; what is returned waits for it."""
        from symbackprop.render.behind import behind
        from symbackprop.render.pdf import typst_job

        job, warnings = typst_job(self.page, self.options.templates)
        self._note(warnings)
        return behind(job)

    def to_pdf(self, engine: str = "typst") -> bytes:
        """The page as PDF. Raises ``MissingTool`` if the engine is not on this machine."""
        from symbackprop import render

        content, warnings = render.to_pdf(self.page, engine=engine, templates=self.options.templates)
        self._note(warnings)
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
        self._note(warnings)
        return content

    def to_beamer(self, *, figures: str = "") -> str:
        """The same slides as the source of a Beamer presentation; ``figures`` as for LaTeX."""
        from symbackprop import render

        return self._noted(render.to_beamer(self._page(figures), self.options.templates, figures))

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

    def _noted(self, rendered: Rendered) -> str:
        """The text; its warnings are kept for whoever asks."""
        self._note(rendered.warnings)
        return rendered.text

    def _note(self, warnings: Iterable[str]) -> None:
        self.warnings += [w for w in warnings if w not in self.warnings]

    def _repr_markdown_(self) -> str:
        return self.to_markdown()
