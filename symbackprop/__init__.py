"""symbackprop derives forward propagation and backpropagation of a dense network symbolically, step by step.

The public names are loaded when they are first used, so that ``import symbackprop`` and ``symbackprop --help`` are fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from symbackprop._util.lazy import lazily
from symbackprop._util.version import __version__

if TYPE_CHECKING:
    from symbackprop._util.errors import SymbackpropError
    from symbackprop.api import (
        Exercise,
        PageOptions,
        WorkedExample,
        WorkedQuantity,
        check_derivation,
        derive,
        load_spec,
    )
    from symbackprop.check.report.checked import CheckedDerivation
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
    "CheckedDerivation": "symbackprop.check.report.checked",
    "Exercise": "symbackprop.evaluate.exercise",
    "NetworkSpec": "symbackprop.spec",
    "PageOptions": "symbackprop.page.options",
    "SymbackpropError": "symbackprop._util.errors",
    "WorkedExample": "symbackprop.export.example",
    "WorkedQuantity": "symbackprop.export.quantity",
    "__version__": "symbackprop._util.version",
    "check_derivation": "symbackprop.api",
    "derive": "symbackprop.api",
    "load_spec": "symbackprop.graph.load",
}
__getattr__, __dir__ = lazily(__name__, _HOMES)
