"""The formats of a report, one row each: a renderer of pages serves it as it serves a derivation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from symbackprop import render
from symbackprop.check.report.checked import CheckedDerivation
from symbackprop.check.report.right import right_guide
from symbackprop.check.report.terminal import as_text
from symbackprop.page.model import Page
from symbackprop.render import Rendered


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What the command line asks of a report."""

    lang: str = "en"
    order: str = "worst"
    everything: bool = False
    colour: bool = False
    engine: str = "typst"
    templates: Path | None = None


Maker = Callable[[CheckedDerivation, ReportOptions], tuple[str | bytes, tuple[str, ...]]]
"""The content of a file, and warnings."""


def _text(report: CheckedDerivation, options: ReportOptions) -> tuple[str, tuple[str, ...]]:
    text = as_text(report, everything=options.everything, order=options.order, lang=options.lang, colour=options.colour)
    return text, ()


def _json(report: CheckedDerivation, options: ReportOptions) -> tuple[str, tuple[str, ...]]:
    return report.to_json() + "\n", ()


def _markdown(report: CheckedDerivation, options: ReportOptions) -> tuple[str, tuple[str, ...]]:
    return _parts(render.to_markdown(_page(report, options), options.templates))


def _latex(report: CheckedDerivation, options: ReportOptions) -> tuple[str, tuple[str, ...]]:
    return _parts(render.to_latex(_page(report, options), templates=options.templates))


def _pdf(report: CheckedDerivation, options: ReportOptions) -> tuple[bytes, tuple[str, ...]]:
    return render.to_pdf(_page(report, options), engine=options.engine, templates=options.templates)


def _html(report: CheckedDerivation, options: ReportOptions) -> tuple[str, tuple[str, ...]]:
    return _parts(render.to_html(_page(report, options), options.templates, right_guide(report, options.lang)))


def _page(report: CheckedDerivation, options: ReportOptions) -> Page:
    return report.page(options.lang, options.order, options.templates)


def _parts(rendered: Rendered) -> tuple[str, tuple[str, ...]]:
    return rendered.text, rendered.warnings


MAKERS: dict[str, Maker] = {"text": _text, "json": _json, "md": _markdown, "tex": _latex, "pdf": _pdf, "html": _html}
SUFFIXES = {"text": ".txt"}
"""Where the ending of a file is not its format's name."""


def file_name(stem: str, form: str) -> str:
    """``anna.check.md``"""
    return f"{stem}.check{SUFFIXES.get(form, f'.{form}')}"
