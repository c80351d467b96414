"""The table of rules of the update: one row each. What a rule remembers, and what it divides by, is derived from the row.

Of a parameter w with the gradient g, in the order of one update (t counts the updates from 1, every memory begins at 0), a
memory with the decay β becomes β v + g, or β v + (1 − β) g where it averages; g² stands for g where it is of squares. A
corrected memory is divided by 1 − βᵗ. The step goes along the memory of gradients (along g where there is none), divided by
the root of the memory of squares plus ε where there is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Hyperparameter:
    """A number that a rule takes from the spec: from 0 up, and below 1 if it ``is_share``, else not 0.

    ``symbol`` is how every notation writes it, a base and perhaps a subscript; ``purpose`` says what it is good for.
    """

    name: str
    default: Fraction
    symbol: tuple[str, ...]
    is_share: bool = True
    purpose: str = "keeps the rule from dividing by 0"


@dataclass(frozen=True, slots=True)
class Memory:
    """What a rule remembers of each parameter: the sum of gradients, or a running mean of them or of their squares.

    ``role`` is its letter, ``decay`` the hyperparameter that says how much of itself it keeps.
    """

    role: str
    decay: str
    averages: bool = True
    squares: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class UpdateRule:
    """One row. ``comment`` says in programs what an update does; ``torch`` is PyTorch's optimizer of the list ``{held}``."""

    name: str
    comment: str
    hyperparameters: tuple[Hyperparameter, ...] = ()
    memories: tuple[Memory, ...] = ()
    is_corrected: bool = False
    epsilon: str = ""
    torch: str = ""

    @property
    def step(self) -> Memory | None:
        """The memory that the step goes along."""
        return next((m for m in self.memories if not m.squares), None)

    @property
    def spread(self) -> Memory | None:
        """The memory whose root the step is divided by."""
        return next((m for m in self.memories if m.squares), None)


MOMENTUM = Hyperparameter("momentum", Fraction(9, 10), ("μ",))
BETA1 = Hyperparameter("beta1", Fraction(9, 10), ("β", "1"))
BETA2 = Hyperparameter("beta2", Fraction(999, 1000), ("β", "2"))
EPSILON = Hyperparameter("epsilon", Fraction(1, 10**8), ("ε",), is_share=False, purpose="keeps adam from dividing by 0")

UPDATES: dict[str, UpdateRule] = {
    row.name: row
    for row in (
        UpdateRule("sgd", "one step of gradient descent: against the gradient"),
        UpdateRule(  # Polyak 1964; as PyTorch's SGD has it
            "momentum",
            "one step with momentum: against what has been added up of the gradients",
            (MOMENTUM,),
            (Memory("v", "momentum", averages=False),),
            torch="torch.optim.SGD({held}, lr=lr, momentum={momentum})",
        ),
        UpdateRule(  # Kingma and Ba 2015, algorithm 1
            "adam",
            "one step of Adam: against the mean of the gradients, over the root of that of their squares",
            (BETA1, BETA2, EPSILON),
            (Memory("m", "beta1"), Memory("s", "beta2", squares=True)),
            is_corrected=True,
            epsilon="epsilon",
            torch="torch.optim.Adam({held}, lr=lr, betas=({beta1}, {beta2}), eps={epsilon})",
        ),
    )
}
