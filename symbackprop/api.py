"""What programs and notebooks use: ``derive(spec)``, ``check_derivation(spec, hand)``, and what these return.

>>> from symbackprop import derive
>>> example = derive("examples/document.toml")
>>> example["dE/dW_kl"].value[0][0]
Decimal('-1.0257...')
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from symbackprop._util.progress import stage
from symbackprop.backprop import derive_network
from symbackprop.evaluate.exercise import Exercise
from symbackprop.export.example import WorkedExample
from symbackprop.export.quantity import WorkedQuantity
from symbackprop.graph.load import load_spec
from symbackprop.graph.network import build_network
from symbackprop.page.options import Detail, PageOptions, page_options
from symbackprop.spec import NetworkSpec

if TYPE_CHECKING:
    from symbackprop.check.report.checked import CheckedDerivation
    from symbackprop.page.layout import Layout

__all__ = [
    "Exercise",
    "PageOptions",
    "WorkedExample",
    "WorkedQuantity",
    "check_derivation",
    "derive",
    "load_spec",
]

Source = str | os.PathLike[str] | Mapping[str, Any] | NetworkSpec


def derive(
    source: Source,
    *,
    lang: str | None = None,
    notation: str | os.PathLike[str] | None = None,
    digits: int | None = None,
    detail: Detail = "normal",
    full: bool = False,
    templates: str | os.PathLike[str] | None = None,
    layout: Layout | None = None,
    prove: bool = False,
) -> WorkedExample:
    """Derives the network of a spec, forward and backward, symbolically and in numbers.

    Args:
        source: A spec: a file, a mapping, or what ``load_spec`` gives.
        lang: The language of pages, the spec's unless given.
        notation: One of ``profile_names()`` or a profile's file, the spec's unless given.
        digits: The significant digits of pages and values; unless given the spec's on pages, and 17 of values.
        detail: How much of the way is written out: laws and results, the first entry of each quantity too, or every entry.
        full: Whether pages leave out nothing of large matrices and long sums, and are as wide as that needs.
        templates: A directory whose files replace templates and sentences of the same name.
        layout: How a PDF or a LaTeX page is set.
        prove: Whether SymPy proves the derivatives of all operations again, whatever was proved before.

    Returns:
        The exercise, with its numbers and its page.

    Raises:
        SymbackpropError: The spec or an option cannot be used.

    """
    stage("reading the spec")
    spec = source if isinstance(source, NetworkSpec) else load_spec(source)
    options = page_options(
        spec,
        lang=lang,
        notation=notation,
        digits=digits,
        detail=detail,
        full=full,
        templates=templates,
        layout=layout,
    )
    stage("deriving")
    derivation = derive_network(build_network(spec), prove=prove)
    return WorkedExample(Exercise(derivation), options)


def check_derivation(
    spec: Source,
    hand: str | os.PathLike[str] | Mapping[str, Any],
    *,
    points: Mapping[str, float] | None = None,
    notation: str | None = None,
    bind: Mapping[str, str] | None = None,
) -> CheckedDerivation:
    """Checks a hand derivation, line by line.

    Args:
        spec: The network that it is about: a file, a mapping, or what ``load_spec`` gives.
        hand: A page (Markdown, LaTeX, a notebook), a figure file, or a mapping in the shape of one.
        points: What single quantities are worth.
        notation: How the page writes quantities, as the spec says unless given.
        bind: What single names stand for, ``{"a^{[1]}": "h1_out"}``.

    Returns:
        A verdict on every line, and the mistakes with their names.

    Raises:
        SymbackpropError: The spec or the derivation cannot be read at all.
    """
    from symbackprop.check import Names, check, loaded  # a derivation needs none of it
    from symbackprop.check.report.checked import CheckedDerivation, check_points

    network, worth = loaded(spec), points or {}
    check_points(network, worth)
    return CheckedDerivation.of(check(network, hand, Names(notation, bind or {})), worth)
