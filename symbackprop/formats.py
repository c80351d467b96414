"""The formats that ``derive --to`` writes, one row each: a new format is one more row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from symbackprop.api import WorkedExample


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks of single formats: the ``engine`` of the PDF, a ``fragment`` of LaTeX."""

    engine: str = "typst"
    fragment: bool = False


@dataclass(frozen=True, slots=True)
class Format:
    """``make`` gives the content of the file NAME + ``suffix``."""

    name: str
    about: str
    make: Callable[[WorkedExample, Options], str | bytes]
    suffix: str = ""

    def file_name(self, stem: str) -> str:
        """The name of the file for a spec called ``stem``."""
        return stem + (self.suffix or f".{self.name}")


FORMATS: dict[str, Format] = {
    row.name: row
    for row in (
        Format("md", "Markdown with LaTeX formulas", lambda example, options: example.to_markdown()),
        Format("tex", "LaTeX", lambda example, options: example.to_latex(fragment=options.fragment)),
        Format("pdf", "PDF", lambda example, options: example.to_pdf(options.engine)),
        Format("json", "every quantity, for programs", lambda example, options: example.to_json()),
    )
}
