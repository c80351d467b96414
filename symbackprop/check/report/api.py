"""What a Python program and a notebook use: ``check_derivation(spec, hand)`` and the report that it returns."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import fields
from math import isfinite
from pathlib import Path
from typing import Any

from symbackprop import check
from symbackprop._util.errors import HandError
from symbackprop._util.records import dataclass
from symbackprop.backprop.address import read_address
from symbackprop.check.engine.plan import true_values
from symbackprop.check.model import Report
from symbackprop.page.model import Page
from symbackprop.spec import NetworkSpec

Source = str | os.PathLike[str] | Mapping[str, Any]
OUTSIDE_BRACKETS = re.compile(r",(?![^\[]*\])")


@dataclass(frozen=True, slots=True)
class CheckedDerivation(Report):
    """A report that can be written as a page: ``lines``, ``mistakes``, ``score``; ``to_markdown()``, ``to_pdf()``, …"""

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


def check_derivation(
    spec: Source | NetworkSpec,
    hand: Source,
    *,
    points: Mapping[str, float] | None = None,
    notation: str | None = None,
    bind: Mapping[str, str] | None = None,
) -> CheckedDerivation:
    """Checks a hand derivation of the network ``spec``.

    ``hand`` is a page (Markdown, LaTeX, a notebook), a figure file, or a mapping in the shape of one. ``points`` says what
    single quantities are worth. A page is read in the notation of the spec unless another ``notation`` is given; ``bind`` says
    what single names stand for, ``{"a^{[1]}": "h1_out"}``.
    Raises ``SymbackpropError`` where the spec or the derivation cannot be read at all.
    """
    network = check.loaded(spec)
    check_points(network, points or {})
    report = check.check(network, hand, check.Names(notation, bind or {}))
    values = {field.name: getattr(report, field.name) for field in fields(Report)}
    return CheckedDerivation(**{**values, "points": dict(points or {})})


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
