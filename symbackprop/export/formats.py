"""The formats that ``derive --to`` writes, one row each: a new format is one more row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from symbackprop._util.progress import stage

if TYPE_CHECKING:
    from symbackprop.export.example import WorkedExample

FigureKind = Literal["svg", "png", "pdf"]
Content = str | bytes
Begun = Callable[[], Content]
"""Waits for a content that may still be in the making."""


@dataclass(frozen=True, slots=True)
class FormatOptions:
    """What is asked of single formats: the ``engine`` of the PDF, a ``fragment`` of LaTeX, the ``flavor`` of Markdown.

    ``figures`` is the directory of the figures, ``arrays`` the file of large arrays, as a page or a program beside them names
    it; without one there are no figures, and arrays are written out. ``drawn`` is svg or png, which Markdown shows.
    """

    engine: str = "typst"
    fragment: bool = False
    figures: str = ""
    drawn: Literal["svg", "png"] = "svg"
    flavor: Literal["github", "myst"] = "github"
    arrays: str = ""


@dataclass(frozen=True, slots=True)
class Format:
    """``make`` gives the content of the file NAME + ``suffix``, ``figures`` the kind of files it shows figures from.

    ``is_program`` marks what loads large arrays.
    """

    name: str
    about: str
    make: Callable[[WorkedExample, FormatOptions], Content]
    suffix: str = ""
    figures: Callable[[FormatOptions], FigureKind | None] = lambda choices: None
    is_program: bool = False

    def file_name(self, stem: str) -> str:
        """The name of the file for a spec called ``stem``."""
        return stem + (self.suffix or f".{self.name}")


@dataclass(frozen=True, slots=True)
class Made:
    """A file, by its name, with the files ``beside`` it that it shows."""

    name: str
    content: Content
    beside: dict[str, Content] = field(default_factory=dict)


FORMATS: dict[str, Format] = {
    row.name: row
    for row in (
        Format(
            "md",
            "Markdown with LaTeX formulas",
            lambda example, choices: example.to_markdown(
                figures=choices.figures, suffix=choices.drawn, flavor=choices.flavor
            ),
            figures=lambda choices: choices.drawn,
        ),
        Format(
            "tex",
            "LaTeX",
            lambda example, choices: example.to_latex(fragment=choices.fragment, figures=choices.figures),
            figures=lambda choices: "pdf",
        ),
        Format("pdf", "PDF", lambda example, choices: example.to_pdf(choices.engine)),
        Format(
            "typ",
            "Typst",
            lambda example, choices: example.to_typst(figures=choices.figures),
            figures=lambda choices: "svg",
        ),
        Format("html", "a web page in one file", lambda example, choices: example.to_html()),
        Format("slides", "slides, a PDF", lambda example, choices: example.to_slides(), "_slides.pdf"),
        Format(
            "beamer",
            "slides, LaTeX",
            lambda example, choices: example.to_beamer(figures=choices.figures),
            "_beamer.tex",
            lambda choices: "pdf",
        ),
        Format(
            "ipynb", "a notebook", lambda example, choices: example.to_notebook(arrays=choices.arrays), is_program=True
        ),
        Format(
            "numpy",
            "a NumPy program",
            lambda example, choices: example.to_numpy(arrays=choices.arrays),
            "_numpy.py",
            is_program=True,
        ),
        Format(
            "torch",
            "a PyTorch program",
            lambda example, choices: example.to_torch(arrays=choices.arrays),
            "_torch.py",
            is_program=True,
        ),
        Format("json", "every quantity, for programs", lambda example, choices: example.to_json()),
        Format("npz", "every quantity as an array of NumPy", lambda example, choices: example.to_npz()),
    )
}


def make_files(example: WorkedExample, names: Iterable[str], choices: FormatOptions, stem: str) -> list[Made]:
    """The files of the formats, in their order, and the file of large arrays if a program loads them.

    What Typst sets, it sets while the rest is written.
    """
    forms = [FORMATS[name] for name in names]
    kinds = dict.fromkeys(kind for form in forms if choices.figures and (kind := form.figures(choices)))
    figures = {kind: example.figures_begun(kind) for kind in sorted(kinds)}
    pdf = example.pdf_begun() if FORMATS["pdf"] in forms and choices.engine == "typst" else None
    written: list[tuple[Format, Begun]] = []
    for form in forms:
        stage(f"setting {form.name}")
        written.append((form, pdf if form.name == "pdf" and pdf else _done(form.make(example, choices))))
    files = list(_named(written, figures, choices, stem))
    if choices.arrays and any(form.is_program for form in forms) and (content := example.arrays_file()):
        files.append(Made(choices.arrays, content))
    return files


def _named(
    written: list[tuple[Format, Begun]],
    figures: dict[FigureKind, Callable[[], dict[str, Content]]],
    choices: FormatOptions,
    stem: str,
) -> Iterator[Made]:
    for form, content in written:
        kind = form.figures(choices)
        drawings = figures[kind]() if kind in figures else {}
        beside = {f"{choices.figures}/{name}": drawing for name, drawing in drawings.items()}
        yield Made(form.file_name(stem), content(), beside)


def _done(content: Content) -> Begun:
    return lambda: content
