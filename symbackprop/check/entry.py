"""What the command line and Python programs call."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from symbackprop.check.model import Report
from symbackprop.check.run import check_claims
from symbackprop.derivation import derive_network
from symbackprop.evaluate import Evaluation
from symbackprop.network import build_network
from symbackprop.ops.activations import ACTIVATIONS
from symbackprop.ops.losses import LOSSES
from symbackprop.read import read_figures
from symbackprop.spec import NetworkSpec, load_spec
from symbackprop.spec.model import RoundingSpec

Source = str | os.PathLike[str] | Mapping[str, Any]
DIGITS = 17


def check(spec: Source | NetworkSpec, hand: Source) -> Report:
    """Checks the hand derivation ``hand`` (a figure file, or a mapping of its shape) of the network ``spec``.

    Raises ``SymbackpropError`` where either cannot be read at all.
    """
    network = spec if isinstance(spec, NetworkSpec) else _load(spec)
    return check_figures(network, hand)


def check_figures(spec: NetworkSpec, hand: Source) -> Report:
    """As ``check``, with a spec that is loaded already."""
    source = "<dict>" if isinstance(hand, Mapping) else os.fsdecode(hand)
    return check_claims(true_values(spec), read_figures(hand), source)


def true_values(spec: NetworkSpec) -> Evaluation:
    """The network's values, nothing rounded on the way: how the spec would have its own page rounded is beside the point."""
    exact = replace(spec, rounding=RoundingSpec())
    return Evaluation(derive_network(build_network(exact), prove=False), DIGITS)


def _load(spec: Source) -> NetworkSpec:
    return load_spec(spec, activations=tuple(ACTIVATIONS), losses=tuple(LOSSES))
