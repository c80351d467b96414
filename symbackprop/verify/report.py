"""Three routes to every gradient, and how far apart they are at the worst."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import mpmath
from mpmath import mpf

from symbackprop._util.progress import stage
from symbackprop.backprop import Derivation, derive_network
from symbackprop.evaluate.evaluation import Evaluation
from symbackprop.evaluate.nested import shape_of
from symbackprop.graph.network import build_network
from symbackprop.spec import NetworkSpec, RoundingSpec
from symbackprop.verify import autograd
from symbackprop.verify.central import WORKING_DIGITS, CentralDifferences

DIGITS = 50
ALLOWED = mpf(10) ** -45
"""What central differences may differ by, relative to the largest entry of the gradient."""
ALLOWED_FLOAT = 1e-9
"""The same for float64, whose own error grows with the depth and the saturation of the network."""
AT_CORNER = mpf(10) ** -6
Place = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One gradient: entries compared, and the largest disagreement of each route, relative to its largest entry.

    ``corners`` counts entries where the loss has a corner, so that the derivative is a convention and nothing can be
    compared. ``automatic`` is None without a library of automatic differentiation.
    """

    address: str
    entries: int
    compared: int
    corners: int
    central: float
    automatic: float | None
    worst: str = ""

    @property
    def agrees(self) -> bool:
        """Whether every route gives the same."""
        return self.central <= ALLOWED and (self.automatic is None or self.automatic <= ALLOWED_FLOAT)


@dataclass(frozen=True, slots=True)
class Verification:
    """All gradients of a network. ``library`` is that of automatic differentiation, empty if none is installed."""

    comparisons: tuple[Comparison, ...]
    library: str

    @property
    def agrees(self) -> bool:
        """Whether all gradients agree by all routes."""
        return all(c.agrees for c in self.comparisons)


def verify(spec: NetworkSpec, *, most: int = 200, library: str | None = None) -> Verification:
    """Compares ∂E/∂parameter and ∂E/∂input by the derivation, by central differences, and by PyTorch or JAX.

    Numbers are carried unrounded, figures given by the spec are left out. Of a gradient with more than ``most`` entries
    central differences take a random sample of that size; automatic differentiation gives them all. ``library`` asks for
    PyTorch or JAX by name, or for none with "". The derivatives of all operations are proved again before. Raises what
    evaluating the network raises, and ``ProofError``.
    """
    derivation = derive_network(build_network(replace(spec, rounding=RoundingSpec(), given=())), prove=True)
    chosen = autograd.installed() if library is None else library
    routes = _Routes(derivation, chosen)
    return Verification(tuple(routes.compare(name, most) for name in routes.parameters), chosen)


class _Routes:
    def __init__(self, derivation: Derivation, library: str) -> None:
        self.derivation, self.evaluation = derivation, Evaluation(derivation, DIGITS + 5)
        net = derivation.network
        rows = net.spec.input[: net.samples]
        self.parameters: dict[str, Any] = {net.input: rows}
        for layer, given in zip(net.layers, net.spec.layers, strict=True):
            self.parameters[layer.weight] = given.W
            if layer.bias:
                self.parameters[layer.bias] = given.b
        self.evaluation.texts("E")  # what is outside the domain of the loss is said before anything is compared
        self.automatic = autograd.gradients(library, derivation, self.parameters) if library else None
        self.differences = [CentralDifferences(derivation, self.parameters, WORKING_DIGITS[0])]

    def compare(self, name: str, most: int) -> Comparison:
        """All routes to ∂E/∂name."""
        address = f"dE/d{name}"
        stage(f"comparing {address}")
        ours = self.evaluation.texts(address)
        places = list(product(*map(range, shape_of(ours))))
        with mpmath.workdps(WORKING_DIGITS[0]):
            scale = max((abs(mpf(_at(ours, p))) for p in places), default=mpf(0)) or mpf(1)
            sample = places if len(places) <= most else sorted(random.Random(0).sample(places, most))  # noqa: S311 - no secret
            central, corners, worst = mpf(0), set[Place](), ""
            for place in sample:
                difference = self._difference(name, place, mpf(_at(ours, place)), scale)
                if difference is None:
                    corners.add(place)
                elif difference > central:
                    central, worst = difference, self._entry(address, place)
            automatic = None if self.automatic is None else mpf(0)
            for place, error in self._float_errors(name, ours, scale):
                if place in corners or (error > ALLOWED_FLOAT and self._is_corner(name, place, ours, scale, corners)):
                    continue
                if automatic is None or error > automatic:
                    automatic = error
                    worst = self._entry(address, place) if error > ALLOWED_FLOAT and central <= ALLOWED else worst
        shown = None if automatic is None else float(automatic)
        return Comparison(address, len(places), len(sample), len(corners), float(central), shown, worst)

    def _difference(self, name: str, place: Place, ours: Any, scale: Any) -> Any:
        """How far the central difference is from ours, relative to ``scale``; None at a corner."""
        for level, digits in enumerate(WORKING_DIGITS):
            if level == len(self.differences):
                self.differences.append(CentralDifferences(self.derivation, self.parameters, digits))
            middle, right, left = self.differences[level].quotients(name, place)
            if abs(right - left) > AT_CORNER * scale:
                return None
            error = abs(middle - ours) / scale
            if error <= ALLOWED:
                return error
        return error

    def _is_corner(self, name: str, place: Place, ours: Any, scale: Any, corners: set[Place]) -> bool:
        if self._difference(name, place, mpf(_at(ours, place)), scale) is None:
            corners.add(place)
        return place in corners

    def _float_errors(self, name: str, ours: Any, scale: Any) -> Iterator[tuple[Place, Any]]:
        if self.automatic is None:
            return
        theirs = self.automatic[name]
        for place in product(*map(range, shape_of(ours))):
            yield place, abs(mpf(_at(ours, place)) - mpf(_at(theirs, place))) / scale

    def _entry(self, address: str, place: Place) -> str:
        """``dE/dW_ij[1,2]``, as ``value`` takes it: of a single sample, without its number."""
        net = self.derivation.network
        single = address == f"dE/d{net.input}" and not net.spec.batch
        return f"{address}[{','.join(str(i + 1) for i in (place[1:] if single else place))}]"


def _at(value: Any, place: Place) -> Any:
    for i in place:
        value = value[i]
    return value
