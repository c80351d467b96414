"""The names of operations that a spec may use. The rows of the tables have them, and are passed in: no name stands here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


class ParameterWords(Protocol):
    """A parameter of an operation: a key that it adds to its layer, or to ``[loss]``."""

    @property
    def name(self) -> str: ...


class ActivationWords(Protocol):
    """What a spec needs to know of an activation."""

    @property
    def parameters(self) -> Sequence[ParameterWords]: ...


class LossWords(ActivationWords, Protocol):
    """What a spec needs to know of a loss: also which targets it takes, and which loss may have been meant."""

    @property
    def targets(self) -> str: ...

    @property
    def confused_with(self) -> str: ...


class HyperparameterWords(ParameterWords, Protocol):
    """A hyperparameter: below 1 if it ``is_share``, else not 0; ``purpose`` says what it is good for."""

    @property
    def is_share(self) -> bool: ...

    @property
    def purpose(self) -> str: ...


class UpdateWords(Protocol):
    """What a spec needs to know of a rule of the update."""

    @property
    def hyperparameters(self) -> Sequence[HyperparameterWords]: ...


@dataclass(frozen=True, slots=True)
class Tables:
    """The operations by name. The first rule of the update is the one of a spec that names none."""

    activations: Mapping[str, ActivationWords]
    losses: Mapping[str, LossWords]
    updates: Mapping[str, UpdateWords]


def names_of(parameters: Sequence[ParameterWords]) -> tuple[str, ...]:
    """The names alone."""
    return tuple(parameter.name for parameter in parameters)
