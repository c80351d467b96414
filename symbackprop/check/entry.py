"""What the command line and Python programs call."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from symbackprop.check.candidates import true_values
from symbackprop.check.conventions import check_with_conventions
from symbackprop.check.model import Report
from symbackprop.hand import PAGES, read_page
from symbackprop.notation import Notation, load_profile
from symbackprop.ops.activations import ACTIVATIONS
from symbackprop.ops.losses import LOSSES
from symbackprop.read import Claim, read_figures
from symbackprop.spec import NetworkSpec, load_spec

Source = str | os.PathLike[str] | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Names:
    """How a page names the quantities: a notation (the spec's if none is given), and names that stand for addresses."""

    notation: str | None = None
    bound: Mapping[str, str] = field(default_factory=dict)


AS_THE_SPEC_SAYS = Names()


def check(spec: Source | NetworkSpec, hand: Source, names: Names = AS_THE_SPEC_SAYS) -> Report:
    """Checks the hand derivation ``hand`` (a figure file, a mapping of its shape, or a page) of the network ``spec``.

    Raises ``SymbackpropError`` where either cannot be read at all.
    """
    network = spec if isinstance(spec, NetworkSpec) else _load(spec)
    return check_figures(network, hand, names)


def check_figures(spec: NetworkSpec, hand: Source, names: Names = AS_THE_SPEC_SAYS) -> Report:
    """As ``check``, with a spec that is loaded already."""
    source = "<dict>" if isinstance(hand, Mapping) else os.fsdecode(hand)
    return check_with_conventions(spec, read_hand(spec, hand, names), source)


def read_hand(spec: NetworkSpec, hand: Source, names: Names = AS_THE_SPEC_SAYS) -> tuple[Claim, ...]:
    """Every claim of a hand derivation, in its order."""
    if isinstance(hand, Mapping) or PurePath(hand).suffix.lower() not in PAGES:
        return read_figures(hand)
    profile = load_profile(names.notation or spec.notation, None if names.notation else Path(spec.source).parent)
    return read_page(hand, Notation(true_values(spec).derivation, profile), names.bound)


def _load(spec: Source) -> NetworkSpec:
    return load_spec(spec, activations=tuple(ACTIVATIONS), losses=tuple(LOSSES))
