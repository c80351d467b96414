"""What stands at an address of an exercise: its law, its formula in this network's symbols, the numbers put in, its value."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from symbackprop._util.errors import AddressError
from symbackprop.backprop import Quantity
from symbackprop.evaluate.lookup import doubles_at, look_up, named_entry
from symbackprop.evaluate.nested import mapped, shape_of, show_shape
from symbackprop.expr import nodes as n
from symbackprop.expr.symbolic import Expr, symbol, to_sympy
from symbackprop.graph.quantity import DATA
from symbackprop.page.model import Equation

if TYPE_CHECKING:
    from symbackprop.export.example import WorkedExample


class WorkedQuantity:
    """A quantity of an exercise, an entry of one, or an expression of them.

    What one formula gives, a quantity or an entry of it, has its law, its symbols, and the numbers put in. Of anything else
    (``E@10``, ``O_out - y``, a derivative over several layers) there is the value.
    """

    def __init__(self, example: WorkedExample, address: str) -> None:
        self.example, self.address = example, address
        self.entry = named_entry(example.derivation, address)

    # --- numbers ------------------------------------------------------------------------------------------------------

    @cached_property
    def text(self) -> Any:
        """The value as text, or nested lists of text."""
        return look_up(self.example.precise, self.address)

    @property
    def value(self) -> Any:
        """The value: a ``Decimal`` or nested lists of them, every digit correctly rounded."""
        return mapped(Decimal, self.text)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape; a batch puts the number of samples first."""
        return shape_of(self.text)

    def __float__(self) -> float:
        """The double nearest to the value of a single number."""
        if self.shape:
            raise TypeError(f"{self.address} is {show_shape(self.shape)}, not one number: take one entry of it")
        return float(doubles_at(self.example.precise, self.address))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        """The doubles nearest to the values, as an array of NumPy; of the type ``object`` the exact decimals."""
        import numpy

        if copy is False:
            raise ValueError(f"{self.address} is no array of NumPy: one can only be made as a copy")
        if dtype is not None and numpy.dtype(dtype) == numpy.dtype(object):
            return numpy.array(self.value, dtype=object)
        return numpy.array(doubles_at(self.example.precise, self.address), dtype=float if dtype is None else dtype)

    # --- formulas -----------------------------------------------------------------------------------------------------

    @property
    def law(self) -> Expr:
        """The law of any entry, a SymPy equation; for data of the spec, the symbol. Raises ``AddressError`` without one."""
        quantity = self._quantity
        if quantity.kind in DATA:
            return symbol(quantity.address)
        import sympy

        step = self.example.derivation.step(quantity.address)
        sample = "s" if self._has_samples else None
        left = to_sympy(n.Ref(quantity.address, step.index, sample)) if step.index else symbol(quantity.address)
        return sympy.Eq(left, to_sympy(step.element_form), evaluate=False)

    @property
    def symbolic(self) -> Expr:
        """Each entry's formula in this network's symbols (``h2_out[1]``, ``dE/dO_in[2]``): SymPy, scalar or Matrix."""
        return self._built(to_sympy)

    @property
    def substituted(self) -> Expr:
        """``symbolic`` with the numbers of the page put in, left unevaluated; ``.doit()`` works it out."""
        return self._built(lambda node: to_sympy(self._with_numbers(node), unevaluated=True))

    def to_latex(self) -> str:
        """The law, the symbols, the numbers put in and the result, as a LaTeX ``aligned``."""
        from symbackprop import render

        return render.equation_latex(self._equation(), self.example.options.lang)

    def to_markdown(self) -> str:
        """The same between ``$$``."""
        from symbackprop import render

        return render.equation_markdown(self._equation(), self.example.options.lang)

    def _repr_latex_(self) -> str | None:
        return f"$\\displaystyle {self.to_latex()}$" if self.entry else None

    def _repr_markdown_(self) -> str | None:
        return self.to_markdown() if self.entry else None

    def __repr__(self) -> str:
        kind = f" ({self._quantity.kind.value})" if self.entry else ""
        return f"<{self.address}{kind}: {show_shape(self.shape) if self.shape else self.text}>"

    # --- parts --------------------------------------------------------------------------------------------------------

    @property
    def _named(self) -> n.Ref:
        if self.entry is None:
            raise AddressError(
                self.address, "has no single formula, only a value", "take a quantity, or an entry of one"
            )
        return self.entry

    @property
    def _quantity(self) -> Quantity:
        return self.example.derivation.quantities[self._named.address]

    @property
    def _has_samples(self) -> bool:
        return self.example.derivation.network.spec.batch and self._quantity.per_sample

    def _equation(self) -> Equation:
        from symbackprop.page.make import equation

        return equation(self.example.exercise, self.example.options, self._named)

    def _with_numbers(self, node: n.Node) -> n.Node:
        precise = self.example.precise

        def number(leaf: n.Node) -> n.Node | None:
            if not isinstance(leaf, n.Ref):
                return None
            index = tuple(int(i) for i in leaf.index)
            return n.Num(precise.figure(leaf.address, index, int(leaf.sample) if leaf.sample is not None else None))

        return n.rewrite(node, number)

    def _built(self, convert: Callable[[n.Node], Expr]) -> Expr:
        """``convert`` of each entry's formula, in the shape of the quantity."""
        import sympy

        named, shape = self._named, self._quantity.shape
        rule = self.example.derivation.rules.get(named.address)

        def entry(index: tuple[Any, ...], sample: Any) -> Expr:
            return convert(rule.entry(index, sample) if rule else n.Ref(named.address, index, sample))

        if named.index or not shape:
            return entry(named.index, named.sample)
        if len(shape) == 1:
            samples = range(1, self.example.derivation.network.samples + 1) if self._has_samples else (None,)
            return sympy.Matrix([[entry((j,), s) for j in range(1, shape[0] + 1)] for s in samples])
        first = 1 if self._has_samples else None
        return sympy.Matrix([[entry((i, j), first) for j in range(1, shape[1] + 1)] for i in range(1, shape[0] + 1)])
