"""The reverse pass: a network becomes a derivation, which is data."""

from symbackprop.backprop.reverse import Derivation, derive_network
from symbackprop.graph.quantity import Contribution, Kind, Quantity, Step

__all__ = ["Contribution", "Derivation", "Kind", "Quantity", "Step", "derive_network"]
