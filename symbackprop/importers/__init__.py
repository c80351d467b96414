"""Models of other libraries → dense stacks → specs. Nothing of a model file is ever executed."""

from symbackprop.importers.layer import DenseLayer
from symbackprop.importers.stack import read_stack
from symbackprop.importers.write import ImportedSpec, imported_spec

__all__ = ["DenseLayer", "ImportedSpec", "imported_spec", "read_stack"]
