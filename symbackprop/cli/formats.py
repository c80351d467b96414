"""The formats that ``derive --to`` writes, one row each: a new format is one more row."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from symbackprop._util.records import dataclass

if TYPE_CHECKING:
    from symbackprop.api import WorkedExample

FigureKind = Literal["svg", "png", "pdf"]


@dataclass(frozen=True, slots=True)
class FormatOptions:
    """What the command line asks of single formats: the ``engine`` of the PDF, a ``fragment`` of LaTeX.

    ``figures`` is the directory of the figures, as a page beside it names it; without one, Markdown and LaTeX have none.
    ``drawn`` is svg or png, which Markdown shows; ``flavor`` is that of Markdown.
    """

    engine: str = "typst"
    fragment: bool = False
    figures: str = ""
    drawn: Literal["svg", "png"] = "svg"
    flavor: Literal["github", "myst"] = "github"


@dataclass(frozen=True, slots=True)
class Format:
    """``make`` gives the content of the file NAME + ``suffix``, ``figures`` the kind of files it shows figures from."""

    name: str
    about: str
    make: Callable[[WorkedExample, FormatOptions], str | bytes]
    suffix: str = ""
    figures: Callable[[FormatOptions], FigureKind | None] = lambda options: None

    def figure_files(self, example: WorkedExample, options: FormatOptions) -> dict[str, str | bytes]:
        """The files that belong into the directory of the figures."""
        kind = self.figures(options)
        return example.figure_files(kind) if kind and options.figures else {}

    def file_name(self, stem: str) -> str:
        """The name of the file for a spec called ``stem``."""
        return stem + (self.suffix or f".{self.name}")


FORMATS: dict[str, Format] = {
    row.name: row
    for row in (
        Format(
            "md",
            "Markdown with LaTeX formulas",
            lambda example, options: example.to_markdown(
                figures=options.figures, suffix=options.drawn, flavor=options.flavor
            ),
            figures=lambda options: options.drawn,
        ),
        Format(
            "tex",
            "LaTeX",
            lambda example, options: example.to_latex(fragment=options.fragment, figures=options.figures),
            figures=lambda options: "pdf",
        ),
        Format("pdf", "PDF", lambda example, options: example.to_pdf(options.engine)),
        Format(
            "typ",
            "Typst",
            lambda example, options: example.to_typst(figures=options.figures),
            figures=lambda options: "svg",
        ),
        Format("html", "a web page in one file", lambda example, options: example.to_html()),
        Format("slides", "slides, a PDF", lambda example, options: example.to_slides(), "_slides.pdf"),
        Format(
            "beamer",
            "slides, LaTeX",
            lambda example, options: example.to_beamer(figures=options.figures),
            "_beamer.tex",
            lambda options: "pdf",
        ),
        Format("ipynb", "a notebook", lambda example, options: example.to_notebook()),
        Format("numpy", "a NumPy program", lambda example, options: example.to_numpy(), "_numpy.py"),
        Format("torch", "a PyTorch program", lambda example, options: example.to_torch(), "_torch.py"),
        Format("json", "every quantity, for programs", lambda example, options: example.to_json()),
        Format("npz", "every quantity as an array of NumPy", lambda example, options: example.to_npz()),
    )
}
