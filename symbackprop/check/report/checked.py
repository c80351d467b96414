"""What a check returns to a Python program or a notebook, and what quantities are worth."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from math import isfinite
from pathlib import Path

from symbackprop._util.errors import HandError
from symbackprop.backprop.address import read_address
from symbackprop.check.engine.plan import true_values
from symbackprop.check.model import Report
from symbackprop.page.model import Page
from symbackprop.spec import NetworkSpec

OUTSIDE_BRACKETS = re.compile(r",(?![^\[]*\])")


@dataclass(frozen=True, slots=True)
class CheckedDerivation(Report):
    """A report that can be written as a page: ``lines``, ``mistakes``, ``score``; ``to_markdown()``, ``to_pdf()``, …"""

    @classmethod
    def of(cls, report: Report, points: Mapping[str, float]) -> CheckedDerivation:
        """The report, with what single quantities are worth."""
        values = {field.name: getattr(report, field.name) for field in fields(Report)}
        return cls(**{**values, "points": dict(points)})

    def page(self, lang: str = "en", order: str = "worst", templates: Path | None = None) -> Page:
        """The page model."""
        from symbackprop.check.report.page import report_page

        return report_page(self, lang, order=order, overrides=templates)

    def to_markdown(self, lang: str = "en") -> str:
        """The report as Markdown."""
        from symbackprop import render

        return render.to_markdown(self.page(lang)).text

    def to_latex(self, lang: str = "en") -> str:
        """The report as LaTeX."""
        from symbackprop import render

        return render.to_latex(self.page(lang)).text

    def to_pdf(self, lang: str = "en") -> bytes:
        """The report as PDF."""
        from symbackprop import render

        return render.to_pdf(self.page(lang))[0]

    def __str__(self) -> str:
        from symbackprop.check.report.terminal import as_text

        return as_text(self)

    def _repr_markdown_(self) -> str:
        return self.to_markdown()


def read_points(text: str) -> dict[str, float]:
    """``O_out=2,dE/dW_kl[1,2]=0.5`` as a mapping. Raises ``HandError`` for anything else."""
    points: dict[str, float] = {}
    for part in OUTSIDE_BRACKETS.split(text):
        of, equals, number = part.rpartition("=")
        try:
            value = float(number)
        except ValueError:
            value = -1.0
        if not of.strip() or not equals or not (isfinite(value) and value >= 0):
            raise HandError("--points", f"cannot read {part.strip()!r}", "write O_out=2,dE/dW_kl=3")
        points[of.strip()] = value
    return points


def check_points(spec: NetworkSpec, points: Mapping[str, float]) -> None:
    """Raises ``AddressError`` where points are given for what is no quantity of the network."""
    if points:
        derivation = true_values(spec).derivation
        for of in points:
            read_address(of, derivation)
