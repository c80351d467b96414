"""A derivation as programs: NumPy step by step, PyTorch with its own differentiation."""

from symbackprop.export.numpy_program import numpy_program
from symbackprop.export.statements import Statements
from symbackprop.export.torch_program import torch_program

__all__ = ["Statements", "numpy_program", "torch_program"]
