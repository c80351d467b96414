"""The reverse pass: a network becomes a derivation, which is data."""

from symbackprop.derivation.quantity import Contribution, Kind, Quantity, Step
from symbackprop.derivation.reverse import Derivation, derive_network

__all__ = ["Contribution", "Derivation", "Kind", "Quantity", "Step", "derive_network"]
