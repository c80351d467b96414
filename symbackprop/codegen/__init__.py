"""A derivation as programs: NumPy step by step, PyTorch with its own differentiation."""

from symbackprop.codegen.numpy_program import numpy_program
from symbackprop.codegen.statements import Statements
from symbackprop.codegen.torch_program import torch_program

__all__ = ["Statements", "numpy_program", "torch_program"]
