"""Every word that a spec may hold: its keys, and the values that are chosen from a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from symbackprop.spec.model import Frozen, Lang, Penalized, Reduction, RoundingMode, UpdateRule

Words: TypeAlias = Mapping[str, tuple[str, ...]]
"""Names of operations, each with the names of its parameters: keys that it adds to its layer, or to ``[loss]``."""

# The words of a spec that is read without the operations' tables. ``symbackprop.load_spec`` takes those of the tables, which
# are tested to have all of these, so that a new row there needs no word here.
ACTIVATIONS: Words = {
    "relu": (),
    "leaky_relu": ("slope",),
    "elu": ("alpha",),
    **dict.fromkeys(("softplus", "sigmoid", "tanh", "silu", "gelu", "gelu_tanh", "exp", "identity"), ()),
    "softmax": ("temperature",),
}
LOSSES: Words = {
    **dict.fromkeys(("cross_entropy", "binary_cross_entropy", "squared_error", "absolute_error", "hinge"), ()),
    "huber": ("delta",),
    "cross_entropy_logits": (),
    "binary_cross_entropy_logits": (),
}

OUTPUT_ITSELF = "none"
"""The loss that is an output itself: ``of`` says which."""
DISTRIBUTIONS = ("cross_entropy", "cross_entropy_logits")
"""Losses whose target is a distribution over the outputs, or the number of the true class."""
PROBABILITIES = ("binary_cross_entropy", "binary_cross_entropy_logits")
"""Losses whose targets lie between 0 and 1."""
SIGNS = ("hinge",)
"""Losses whose targets are -1 or 1."""

LANGS: tuple[Lang, ...] = ("en", "zh")
NOTATIONS = ("document", "bishop", "d2l", "goodfellow", "mazur", "ng", "nielsen", "nndl", "zhou")
"""The notations that come with symbackprop; a name that ends with .toml is a file."""
REDUCTIONS: tuple[Reduction, ...] = ("sum", "mean")
PENALIZED: tuple[Penalized, ...] = ("weights", "all")
UPDATE_RULES: tuple[UpdateRule, ...] = ("sgd", "momentum", "adam")
FROZEN: tuple[Frozen, ...] = ("weights", "bias", "all")
RULE_KEYS: Mapping[str, tuple[str, ...]] = {
    "sgd": (),
    "momentum": ("momentum",),
    "adam": ("beta1", "beta2", "epsilon"),
}
"""The hyperparameters of each rule besides the learning rate."""
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
UPDATE_KEYS = ("rule", "bias", "momentum", "beta1", "beta2", "epsilon")
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
