"""What a Python program and a notebook use: ``derive(spec)`` and what it returns.

>>> from symbackprop import derive
>>> example = derive("examples/document.toml")
>>> example["dE/dW_kl"].value[0][0]
Decimal('-1.0257...')
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from symbackprop._util.errors import AddressError
from symbackprop._util.progress import stage
from symbackprop.backprop import Derivation, derive_network
from symbackprop.evaluate.evaluation import Evaluation, mapped
from symbackprop.evaluate.lookup import look_up
from symbackprop.expr import nodes as n
from symbackprop.expr.symbolic import Expr, symbol, to_sympy
from symbackprop.graph.load import load_spec
from symbackprop.graph.network import build_network
from symbackprop.graph.quantity import DATA, Quantity
from symbackprop.page.notation import Profile, load_profile
from symbackprop.spec import NetworkSpec

if TYPE_CHECKING:
    from symbackprop.page.layout import Layout

DIGITS = 17
"""Significant digits of values in Python and in JSON, unless others are asked for: enough for any double."""


def derive(
    source: str | os.PathLike[str] | Mapping[str, Any] | NetworkSpec,
    *,
    digits: int | None = None,
    lang: str | None = None,
    templates: str | os.PathLike[str] | None = None,
    notation: str | os.PathLike[str] | None = None,
    full: bool = False,
    detail: Literal["brief", "normal", "full"] = "normal",
    layout: Layout | None = None,
    prove: bool = False,
) -> WorkedExample:
    """Derives the network of a spec, forward and backward, symbolically and in numbers.

    ``digits`` are the significant digits of pages (the spec's unless given), ``lang`` is ``zh`` or ``en`` (the spec's),
    ``templates`` a directory that overrides templates and sentences by file name, ``notation`` one of ``profile_names()`` or a
    profile's file (the spec's unless given). With ``full`` pages leave out nothing of large matrices and long sums, and are as
    wide as that needs. ``detail`` says how much of the way is written out, ``layout`` how a PDF or a LaTeX page is set.
    With ``prove`` SymPy proves the derivatives of all operations of the network again, whatever was proved before.
    Raises ``SymbackpropError``.
    """
    stage("reading the spec")
    spec = source if isinstance(source, NetworkSpec) else load_spec(source)
    base = Path() if notation is not None else Path(spec.source).parent
    profile = load_profile(os.fspath(notation) if notation is not None else spec.notation, base)
    stage("deriving")
    derivation = derive_network(build_network(spec), prove=prove)
    overrides = Path(templates) if templates is not None else None
    return WorkedExample(derivation, digits, lang or spec.lang, overrides, profile, full, detail, layout)


class WorkedExample(Mapping[str, "WorkedQuantity"]):
    """A derivation with its numbers: a mapping from addresses to quantities, and the page in every format."""

    def __init__(
        self,
        derivation: Derivation,
        digits: int | None = None,
        lang: str = "en",
        templates: Path | None = None,
        profile: Profile | None = None,
        full: bool = False,
        detail: Literal["brief", "normal", "full"] = "normal",
        layout: Layout | None = None,
    ) -> None:
        self.derivation, self.profile = derivation, profile or load_profile("document")
        self.digits, self.lang, self.templates, self.full = digits, lang, templates, full
        self.detail, self.layout = detail, layout
        self.warnings: list[str] = []
        self._begun: dict[str, Callable[[], Any]] = {}

    def __getitem__(self, address: str) -> WorkedQuantity:
        if address not in self.derivation.quantities:
            raise AddressError(address, "is no quantity of this network", "list(...) shows them all")
        return WorkedQuantity(self, self.derivation.quantities[address])

    def __iter__(self) -> Iterator[str]:
        return iter(self.derivation.quantities)

    def __len__(self) -> int:
        return len(self.derivation.quantities)

    @cached_property
    def shown(self) -> Evaluation:
        """The numbers as pages show them."""
        return Evaluation(self.derivation, self.digits)

    @cached_property
    def precise(self) -> Evaluation:
        """The numbers to the digits asked for, or to 17."""
        return Evaluation(self.derivation, self.digits or DIGITS)

    @cached_property
    def page(self) -> Any:
        """The page model."""
        from symbackprop.page import view

        stage("writing the page")
        page = view(self.shown, self.lang, self.templates, self.profile, full=self.full, detail=self.detail)
        return replace(page, layout=self.layout) if self.layout else page

    def value(self, address: str) -> Any:
        """The figures of any address or expression of addresses: ``E@10``, ``-dE/dO_in``, ``dO_in[1]/dW_kl[2,1]``."""
        return mapped(Decimal, look_up(self.precise, address))

    def to_markdown(
        self, *, figures: str = "", suffix: str = "svg", flavor: Literal["github", "myst"] = "github"
    ) -> str:
        """The page as Markdown with LaTeX formulas; with figures if their directory, as the page names it, is given.

        ``suffix`` is svg or png, as the files of ``figure_files`` have it.
        """
        from symbackprop import render

        return self._noted(render.to_markdown(self.page, self.templates, figures, suffix, flavor))

    def to_typst(self, *, figures: str = "") -> str:
        """The page as Typst, as the PDF is made of it; ``figures`` as for Markdown, of SVG files."""
        from symbackprop import render

        return self._noted(render.to_typst(self.page, self.templates, figures))

    def to_latex(self, *, fragment: bool = False, figures: str = "") -> str:
        """The page as LaTeX: a whole document, or a fragment for ``\\input``; ``figures`` as for Markdown."""
        from symbackprop import render

        return self._noted(render.to_latex(self.page, fragment=fragment, templates=self.templates, figures=figures))

    def begin(self, *, pdf: bool = False, figures: bool = False) -> None:
        """Sets Typst to work on the PDF, or on the figures for LaTeX, while other formats are made; they ask for it later."""
        from symbackprop.render.behind import behind
        from symbackprop.render.drawings import PDF_NAME, sheets_job
        from symbackprop.render.pdf import typst_job

        if figures and self.page.figures:
            sheets = behind(sheets_job(self.page, "pdf"))
            self._begun["figures"] = lambda: {PDF_NAME: sheets()[0]}
        if pdf:
            job, warnings = typst_job(self.page, self.templates)
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
        content, warnings = begun() if begun else render.to_pdf(self.page, engine=engine, templates=self.templates)
        self.warnings += [w for w in warnings if w not in self.warnings]
        return content

    def to_html(self) -> str:
        """The page as HTML with MathML, one file that needs no other."""
        from symbackprop import render

        return self._noted(render.to_html(self.page, self.templates))

    def to_slides(self) -> bytes:
        """The page as slides, a PDF with a page for each step."""
        from symbackprop import render

        content, warnings = render.slides_pdf(self.page, self.templates)
        self.warnings += [w for w in warnings if w not in self.warnings]
        return content

    def to_beamer(self, *, figures: str = "") -> str:
        """The same slides as the source of a Beamer presentation; ``figures`` as for LaTeX."""
        from symbackprop import render

        return self._noted(render.to_beamer(self.page, self.templates, figures))

    def to_json(self) -> str:
        """Every quantity, as ``docs/json.md`` describes it."""
        from symbackprop.export.json import to_json

        return to_json(self.precise)

    def to_numpy(self) -> str:
        """Forward and backward pass as a program of NumPy that prints the numbers of the page."""
        from symbackprop.export import numpy_program

        return numpy_program(self.shown)

    def to_notebook(self) -> str:
        """The page as a Jupyter notebook that computes every step with NumPy."""
        from symbackprop.export.notebook import to_notebook

        return to_notebook(self.shown, self.page, self.templates)

    def to_torch(self) -> str:
        """The forward pass as a program of PyTorch, which differentiates it and prints the same numbers."""
        from symbackprop.export import torch_program

        return torch_program(self.shown)

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


class WorkedQuantity:
    """One quantity: its law, its formula in this network's symbols, the numbers put in, and its value."""

    def __init__(self, example: WorkedExample, quantity: Quantity) -> None:
        self.example, self.quantity = example, quantity

    @property
    def address(self) -> str:
        """The name, such as ``dE/dW_kl``."""
        return self.quantity.address

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape; a batch puts the number of samples first."""
        return self.example.precise.shape(self.quantity)

    @property
    def law(self) -> Expr:
        """The law of any entry, a SymPy equation; for data of the spec, the symbol."""
        if self.quantity.kind in DATA:
            return symbol(self.address)
        import sympy

        step = self.example.derivation.step(self.address)
        sample = "s" if self._is_batch else None
        left = to_sympy(n.Ref(self.address, step.index, sample)) if step.index else symbol(self.address)
        return sympy.Eq(left, to_sympy(step.element_form), evaluate=False)

    @property
    def symbolic(self) -> Expr:
        """Each entry's formula in this network's symbols (``h2_out[1]``, ``dE/dO_in[2]``): SymPy, scalar or Matrix."""
        return self._built(to_sympy)

    @property
    def substituted(self) -> Expr:
        """``symbolic`` with the numbers of the page put in, left unevaluated; ``.doit()`` works it out."""
        return self._built(lambda node: to_sympy(self._with_numbers(node), unevaluated=True))

    @property
    def value(self) -> Any:
        """The value: a ``Decimal`` or nested lists of them, every digit correctly rounded."""
        return mapped(Decimal, self.text)

    @property
    def text(self) -> Any:
        """The value as text, or nested lists of text."""
        texts = self.example.precise.texts(self.address)
        return texts[0] if self.quantity.per_sample and not self._is_batch else texts

    def to_latex(self) -> str:
        """The law, the symbols, the numbers put in and the result, as a LaTeX ``aligned``."""
        from symbackprop import render

        return render.equation_latex(self._equation(), self.example.lang)

    def to_markdown(self) -> str:
        """The same between ``$$``."""
        from symbackprop import render

        return render.equation_markdown(self._equation(), self.example.lang)

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.to_latex()}$"

    def _repr_markdown_(self) -> str:
        return self.to_markdown()

    def __repr__(self) -> str:
        shape = "×".join(map(str, self.shape)) or "scalar"
        return f"<{self.address}: {self.quantity.kind.value}, {shape}>"

    @property
    def _is_batch(self) -> bool:
        return self.example.derivation.network.spec.batch and self.quantity.per_sample

    def _equation(self) -> Any:
        from symbackprop.page import equation_of

        return equation_of(self.example.shown, self.address, self.example.lang, self.example.profile)

    def _with_numbers(self, node: n.Node) -> n.Node:
        precise = self.example.precise

        def number(leaf: n.Node) -> n.Node | None:
            if not isinstance(leaf, n.Ref):
                return None
            index = tuple(int(i) for i in leaf.index)
            return n.Num(precise.figure(leaf.address, index, int(leaf.sample) if leaf.sample is not None else None))

        return n.rewrite(node, number)

    def _built(self, convert: Any) -> Expr:
        """``convert`` of each entry's formula, in the shape of the quantity."""
        import sympy

        shape, rules = self.quantity.shape, self.example.derivation.rules
        rule = rules.get(self.address)
        samples = range(1, self.example.derivation.network.samples + 1) if self._is_batch else (None,)

        def entry(index: tuple[int, ...], sample: int | None) -> Expr:
            return convert(rule.entry(index, sample) if rule else n.Ref(self.address, index, sample))

        if not shape:
            return entry((), None)
        if len(shape) == 1:
            rows = [[entry((j,), s) for j in range(1, shape[0] + 1)] for s in samples]
            return sympy.Matrix(rows)
        return sympy.Matrix(
            [[entry((i, j), samples[0]) for j in range(1, shape[1] + 1)] for i in range(1, shape[0] + 1)]
        )
