"""What the command line and Python programs call."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from symbackprop.check.conventions import check_with_conventions
from symbackprop.check.model import Report
from symbackprop.ops.activations import ACTIVATIONS
from symbackprop.ops.losses import LOSSES
from symbackprop.read import read_figures
from symbackprop.spec import NetworkSpec, load_spec

Source = str | os.PathLike[str] | Mapping[str, Any]


def check(spec: Source | NetworkSpec, hand: Source) -> Report:
    """Checks the hand derivation ``hand`` (a figure file, or a mapping of its shape) of the network ``spec``.

    Raises ``SymbackpropError`` where either cannot be read at all.
    """
    network = spec if isinstance(spec, NetworkSpec) else _load(spec)
    return check_figures(network, hand)


def check_figures(spec: NetworkSpec, hand: Source) -> Report:
    """As ``check``, with a spec that is loaded already."""
    source = "<dict>" if isinstance(hand, Mapping) else os.fsdecode(hand)
    return check_with_conventions(spec, read_figures(hand), source)


def _load(spec: Source) -> NetworkSpec:
    return load_spec(spec, activations=tuple(ACTIVATIONS), losses=tuple(LOSSES))
