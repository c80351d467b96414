"""The elementary functions that laws are made of: one row each, with its name in every library that we write or call.

Their values are in ``numbers.real``, their look on a page in the printers.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Function:
    """One row: ``fewest`` and ``most`` arguments, and how libraries call it.

    The names in NumPy, PyTorch and ``math`` are those of a program, the others those of an attribute of the module. A
    function of several arguments is one of two, applied again and again. One that is not ``written`` stands in stable laws
    only; what has no name in a library is "".
    """

    name: str
    numpy: str
    torch: str
    math: str
    jax: str
    mpmath: str
    sympy: str
    fewest: int = 1
    most: int = 1
    written: bool = True


def _usual(name: str, *, numpy: str = "", math: str = "", mpmath: str = "", sympy: str = "") -> Function:
    """A function that has one name nearly everywhere."""
    own = numpy or name
    return Function(
        name,
        numpy=f"np.{own}",
        torch=f"torch.{own}",
        math=f"math.{math or own}",
        jax=f"numpy.{own}",
        mpmath=mpmath or own,
        sympy=sympy or own,
    )


_ERF = Function("erf", "erf", "torch.erf", "math.erf", "scipy.special.erf", "erf", "erf")
_ERFC = Function("erfc", "erfc", "torch.erfc", "math.erfc", "scipy.special.erfc", "erfc", "erfc", written=False)
_SIGN = Function("sign", "np.sign", "torch.sign", "", "numpy.sign", "sign", "sign")
_ABS = Function("abs", "np.abs", "torch.abs", "abs", "numpy.abs", "fabs", "Abs")
_MAX = Function("max", "np.maximum", "torch.maximum", "max", "numpy.maximum", "", "Max", 2, 8)
_MIN = Function("min", "np.minimum", "torch.minimum", "min", "numpy.minimum", "", "Min", 2, 8)
_LOG1P = Function("log1p", "np.log1p", "torch.log1p", "math.log1p", "numpy.log1p", "log1p", "", written=False)
_EXPM1 = Function("expm1", "np.expm1", "torch.expm1", "math.expm1", "numpy.expm1", "expm1", "", written=False)

FUNCTIONS: dict[str, Function] = {
    row.name: row
    for row in (
        _usual("exp"),
        _usual("ln", numpy="log"),
        _usual("sqrt"),
        _usual("tanh"),
        _ERF,
        _SIGN,
        _ABS,
        *map(_usual, ("sin", "cos", "sinh", "cosh")),
        _usual("arctan", math="atan", mpmath="atan", sympy="atan"),
        _MAX,
        _MIN,
        _ERFC,
        _LOG1P,
        _EXPM1,
    )
}
