"""What the command line and Python programs call."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from symbackprop._util.session import kept
from symbackprop.check.claims import PAGES, Claim, read_figures
from symbackprop.check.engine.conventions import check_with_conventions
from symbackprop.check.engine.names import Names
from symbackprop.check.engine.plan import true_values
from symbackprop.check.model import Bilingual, Report
from symbackprop.graph.load import load_spec
from symbackprop.spec import NetworkSpec

Source = str | os.PathLike[str] | Mapping[str, Any]
MOST_LOADED = 16
AS_THE_SPEC_SAYS = Names()


def check(spec: Source | NetworkSpec, hand: Source, names: Names = AS_THE_SPEC_SAYS) -> Report:
    """Checks the hand derivation ``hand`` (a figure file, a mapping of its shape, or a page) of the network ``spec``.

    Raises ``SymbackpropError`` where either cannot be read at all.
    """
    return check_figures(loaded(spec), hand, names)


def check_figures(spec: NetworkSpec, hand: Source, names: Names = AS_THE_SPEC_SAYS) -> Report:
    """As ``check``, with a spec that is loaded already."""
    source = "<dict>" if isinstance(hand, Mapping) else os.fsdecode(hand)
    claims, assumptions = read_hand(spec, hand, names)
    report = check_with_conventions(spec, claims, source)
    return replace(report, assumptions=(*assumptions, *report.assumptions)) if assumptions else report


def read_hand(
    spec: NetworkSpec, hand: Source, names: Names = AS_THE_SPEC_SAYS
) -> tuple[tuple[Claim, ...], tuple[Bilingual, ...]]:
    """Every claim of a hand derivation, in its order, and what was assumed to read it."""
    if isinstance(hand, Mapping) or PurePath(hand).suffix.lower() not in PAGES:
        return read_figures(hand), ()
    from symbackprop.check.engine.bindings import read_names  # the readers of pages are a third of what a check loads

    return read_names(true_values(spec), hand, names)


def loaded(spec: Source | NetworkSpec) -> NetworkSpec:
    """The network that a source describes: the object of before where it describes what it did before, so that what the
    session knows of it is found again.
    """
    if isinstance(spec, NetworkSpec):
        return spec
    network, known = load_spec(spec), _loaded()
    same = next((other for other in known if other == network), network)
    known[:] = [same, *(other for other in known if other is not same)][:MOST_LOADED]
    return same


@kept(most=1)
def _loaded() -> list[NetworkSpec]:
    """The networks that were loaded last."""
    return []
