"""The words that a spec may hold besides names of operations: its keys, and the values that are chosen from a list."""

from __future__ import annotations

from collections.abc import Mapping

from symbackprop.spec.model import Frozen, Penalized, Reduction, RoundingMode

OUTPUT_ITSELF = "none"
"""The loss that is an output itself: ``of`` says which."""

NOTATIONS = ("document", "bishop", "d2l", "goodfellow", "mazur", "ng", "nielsen", "nndl", "zhou")
"""The notations that come with symbackprop; a name that ends with .toml is a file."""
REDUCTIONS: tuple[Reduction, ...] = ("sum", "mean")
PENALIZED: tuple[Penalized, ...] = ("weights", "all")
FROZEN: tuple[Frozen, ...] = ("weights", "bias", "all")
ROUNDING_MODES: tuple[RoundingMode, ...] = ("final", "sequential")
ORIENTATIONS = ("row", "column")

RESERVED = ("E", "E_l", "lr")
"""Addresses that every network has: the loss, its part of one output, the learning rate."""
PENALTY = "R"
"""The address of the penalty, where there is one."""

TOP_KEYS = (
    "title",
    "lang",
    "notation",
    "input",
    "input_name",
    "target",
    "target_name",
    "learning_rate",
    "steps",
    "epochs",
    "batch_size",
    "digits",
    "loss",
    "penalty",
    "update",
    "rounding",
    "given",
    "conventions",
    "layer",
)
LOSS_KEYS = ("kind", "outputs", "batch", "factor", "of")
PENALTY_KEYS = ("l2", "on")
UPDATE_KEYS = ("rule", "bias")
CONVENTION_KEYS = ("relu_at_zero",)
ROUNDING_KEYS = ("mode", "decimals", "digits")
LAYER_KEYS = ("name", "weight", "bias", "activation", "W", "b", "orientation", "frozen")

KEYS_BY_TABLE: Mapping[str, tuple[str, ...]] = {
    "": TOP_KEYS,
    "loss": LOSS_KEYS,
    "penalty": PENALTY_KEYS,
    "update": UPDATE_KEYS,
    "rounding": ROUNDING_KEYS,
    "conventions": CONVENTION_KEYS,
    "layer": LAYER_KEYS,
}
