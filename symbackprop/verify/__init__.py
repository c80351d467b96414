"""Gradients by other routes: what ``symbackprop verify`` compares the derivation with."""

from symbackprop.verify.report import Comparison, Verification, verify

__all__ = ["Comparison", "Verification", "verify"]
