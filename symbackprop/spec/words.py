"""Every word that a spec may hold: its keys, and the values that are chosen from a list."""

from __future__ import annotations

from collections.abc import Mapping

from symbackprop.spec.model import Lang, Penalized, Reduction, RoundingMode, UpdateRule

# The words of a spec that is read without the operations' tables. ``symbackprop.load_spec`` takes those of the tables, which
# are tested to have all of these, so that a new row there needs no word here.
ACTIVATIONS = ("relu", "sigmoid", "tanh", "identity", "softmax")
LOSSES = ("cross_entropy", "binary_cross_entropy", "squared_error")

PARAMETERS: Mapping[str, tuple[str, ...]] = {}
"""The keys that an activation adds to its layer, all of them numbers that must be given."""

LANGS: tuple[Lang, ...] = ("en", "zh")
NOTATIONS = ("document",)
REDUCTIONS: tuple[Reduction, ...] = ("sum", "mean")
PENALIZED: tuple[Penalized, ...] = ("weights", "all")
UPDATE_RULES: tuple[UpdateRule, ...] = ("sgd",)
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
    "batch_size",
    "digits",
    "loss",
    "penalty",
    "update",
    "rounding",
    "given",
    "layer",
)
LOSS_KEYS = ("kind", "outputs", "batch", "factor")
PENALTY_KEYS = ("l2", "on")
UPDATE_KEYS = ("rule", "bias")
ROUNDING_KEYS = ("mode", "decimals", "digits")
LAYER_KEYS = ("name", "weight", "bias", "activation", "W", "b", "orientation")

KEYS_BY_TABLE: Mapping[str, tuple[str, ...]] = {
    "": TOP_KEYS,
    "loss": LOSS_KEYS,
    "penalty": PENALTY_KEYS,
    "update": UPDATE_KEYS,
    "rounding": ROUNDING_KEYS,
    "layer": LAYER_KEYS,
}
