"""What a derivation is made of: named quantities, each with the rule that makes it from others."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, unique

from symbackprop.expr.nodes import Index, Node
from symbackprop.graph.network import Layer


@unique
class Kind(Enum):
    """Every kind of quantity. The list is closed: a rule, a printer or a page that meets another kind fails."""

    INPUT = "input"
    TARGET = "target"
    RATE = "learning rate"
    WEIGHT = "weight"
    BIAS = "bias"
    PRE_ACTIVATION = "pre-activation"
    ACTIVATION = "activation"
    LOSS_TERM = "loss of one output"
    PENALTY = "penalty"
    LOSS = "loss"
    LOSS_SLOPE = "gradient by the output"
    ACTIVATION_SLOPE = "local Jacobian of the activation"
    WEIGHT_SLOPE = "local derivative by the weights"
    BIAS_SLOPE = "local derivative by the bias"
    SOURCE_SLOPE = "local Jacobian by the layer before"
    DELTA = "gradient by the pre-activation"
    WEIGHT_GRADIENT = "gradient by the weights"
    BIAS_GRADIENT = "gradient by the bias"
    SOURCE_GRADIENT = "gradient by the layer before"
    HYPERPARAMETER = "hyperparameter of the update"
    COUNT = "number of the update"
    MEMORY = "memory of the update"
    NEW_MEMORY = "updated memory"
    CORRECTED = "corrected memory"
    UPDATED_WEIGHT = "updated weight"
    UPDATED_BIAS = "updated bias"

    __hash__ = (
        object.__hash__
    )  # members are single objects; Enum's own hash is slower, and kinds are looked up everywhere


PARAMETERS = frozenset({Kind.WEIGHT, Kind.BIAS, Kind.MEMORY})
"""Kinds whose values an update hands on to the next one, under the same name with a prime."""
DATA = PARAMETERS | {Kind.INPUT, Kind.TARGET, Kind.RATE, Kind.HYPERPARAMETER, Kind.COUNT}
"""Kinds whose values are given before anything is computed."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A named array.

    ``shape`` is that of one sample; where ``per_sample`` is true, a batch puts the number of samples before it.
    ``layer`` is the layer it belongs to, None for input, target and loss. ``inputs`` are the addresses it is made from. A
    derivative ∂of/∂by names both; a memory of the update names its parameter in ``by``. ``diagonal`` marks the diagonal of a
    Jacobian that is 0 elsewhere.
    """

    address: str
    kind: Kind
    shape: tuple[int, ...]
    layer: Layer | None = None
    inputs: tuple[str, ...] = ()
    per_sample: bool = True
    of: str = ""
    by: str = ""
    diagonal: bool = False


@dataclass(frozen=True, slots=True)
class Contribution:
    """One term of the chain rule, its factors apart and in the reader's order: the upstream gradient first."""

    upstream: Node
    local: Node


@dataclass(frozen=True, slots=True)
class Step:
    """How one quantity comes about, as data; a page, a check or SymPy makes of it what it needs.

    ``element_form`` is the law of the entry with letters for an index, ``index`` those letters, ``matrix_form`` the same
    law of whole arrays (None where there is none). Both hold ``Ref`` leaves.
    """

    quantity: Quantity
    index: tuple[Index, ...]
    element_form: Node
    matrix_form: Node | None = None
    contributions: tuple[Contribution, ...] = ()

    @property
    def kind(self) -> Kind:
        """The kind of the quantity."""
        return self.quantity.kind

    @property
    def subject(self) -> str:
        """The address of the quantity."""
        return self.quantity.address
