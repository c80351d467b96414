"""What a spec says, as values: frozen, exact, and nothing but tuples inside."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

Row: TypeAlias = tuple[Fraction, ...]
Rows: TypeAlias = tuple[Row, ...]
Figures: TypeAlias = "Fraction | tuple[Figures, ...]"
"""A number, or nested tuples of numbers that have one shape."""

Reduction: TypeAlias = Literal["sum", "mean"]
Penalized: TypeAlias = Literal["weights", "all"]
Frozen: TypeAlias = Literal["", "weights", "bias", "all"]
RoundingMode: TypeAlias = Literal["final", "sequential"]


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """One dense layer: ``activation(x · W + b)``.

    ``W`` is [from][to], however the file was written. ``bias`` and ``b`` are both None where the layer has no bias; a single
    number is a bias that all units share.
    ``activation`` is a name or an expression in z; ``parameters`` are its own, by name, as far as they are given.
    ``frozen`` says which of its parameters no update changes.
    """

    name: str
    weight: str
    bias: str | None
    activation: str
    parameters: tuple[tuple[str, Fraction], ...]
    W: Rows
    b: Row | Fraction | None
    frozen: Frozen = ""

    @property
    def inputs(self) -> int:
        """How many values come in."""
        return len(self.W)

    @property
    def outputs(self) -> int:
        """How many units the layer has."""
        return len(self.W[0])

    @property
    def shares_bias(self) -> bool:
        """Whether all units have one bias."""
        return isinstance(self.b, Fraction)


@dataclass(frozen=True, slots=True)
class LossSpec:
    """``factor`` times the sum or mean, over outputs and over samples, of a loss by name, or of an expression in o and y.

    ``parameters`` are the loss's own, by name, as far as they are given. ``of`` is the output that the loss is, from 1.
    """

    kind: str
    outputs: Reduction = "sum"
    batch: Reduction = "mean"
    factor: Fraction = Fraction(1)
    parameters: tuple[tuple[str, Fraction], ...] = ()
    of: int | None = None


@dataclass(frozen=True, slots=True)
class PenaltySpec:
    """Adds l2 · Σw² to the loss, over the weights or over weights and biases."""

    l2: Fraction
    on: Penalized = "weights"


@dataclass(frozen=True, slots=True)
class UpdateSpec:
    """How the parameters are updated; ``bias`` says whether the biases are.

    ``parameters`` are the hyperparameters of the rule, by name, as far as they are given.
    """

    rule: str = "sgd"
    bias: bool = True
    parameters: tuple[tuple[str, Fraction], ...] = ()


@dataclass(frozen=True, slots=True)
class RoundingSpec:
    """``final`` rounds what is shown and carries everything; ``sequential`` carries what is shown.

    ``sequential`` has exactly one of ``decimals`` and ``digits`` (significant ones), ``final`` has neither.
    """

    mode: RoundingMode = "final"
    decimals: int | None = None
    digits: int | None = None


@dataclass(frozen=True, slots=True)
class ConventionSpec:
    """What is taken where mathematics leaves it open: the derivative of ReLU at 0."""

    relu_at_zero: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class NetworkSpec:
    """A network, its samples, its loss and its update: everything that a spec file says.

    ``input`` and ``target`` are rows, one per sample; ``batch`` is True where the file gave rows, False where it gave
    a single row. ``digits`` are the significant digits that pages show.
    ``titles`` are pairs of language and title, "" standing for any. ``given`` are stated figures by address.
    ``epochs`` are given in place of ``steps``, which then are as many as those take. ``source`` names the file in messages.
    """

    titles: tuple[tuple[str, str], ...]
    lang: str
    notation: str
    input_name: str
    target_name: str
    input: Rows
    target: Rows
    batch: bool
    learning_rate: Fraction
    steps: int
    batch_size: int | None
    digits: int
    loss: LossSpec
    penalty: PenaltySpec | None
    update: UpdateSpec
    rounding: RoundingSpec
    given: tuple[tuple[str, Figures], ...]
    layers: tuple[LayerSpec, ...]
    source: str
    conventions: ConventionSpec = ConventionSpec()
    epochs: int | None = None

    def title(self, lang: str) -> str:
        """The title of a page in ``lang``; "" where the spec has none for it."""
        by_language = dict(self.titles)
        return by_language.get(lang, by_language.get("", ""))
