"""symbackprop derives forward propagation and backpropagation of a dense network symbolically, step by step.

The public names are loaded when they are first used, so that ``import symbackprop`` and ``symbackprop --help`` are fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from symbackprop._util.lazy import lazily
from symbackprop._util.version import __version__

if TYPE_CHECKING:
    from symbackprop._util.errors import SymbackpropError
    from symbackprop.api import Exercise, PageOptions, WorkedExample, WorkedQuantity, derive
    from symbackprop.check.report.api import CheckedDerivation, check_derivation
    from symbackprop.graph.load import load_spec
    from symbackprop.spec import NetworkSpec

__all__ = [
    "CheckedDerivation",
    "Exercise",
    "NetworkSpec",
    "PageOptions",
    "SymbackpropError",
    "WorkedExample",
    "WorkedQuantity",
    "__version__",
    "check_derivation",
    "derive",
    "load_spec",
]

_HOMES = {
    "CheckedDerivation": "symbackprop.check.report.api",
    "Exercise": "symbackprop.evaluate.exercise",
    "NetworkSpec": "symbackprop.spec",
    "PageOptions": "symbackprop.page.options",
    "SymbackpropError": "symbackprop._util.errors",
    "WorkedExample": "symbackprop.api.example",
    "WorkedQuantity": "symbackprop.api.quantity",
    "__version__": "symbackprop._util.version",
    "check_derivation": "symbackprop.check.report.api",
    "derive": "symbackprop.api",
    "load_spec": "symbackprop.graph.load",
}
__getattr__, __dir__ = lazily(__name__, _HOMES)
