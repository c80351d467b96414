"""The table of rules: which class makes the quantities of which kind."""

from __future__ import annotations

from symbackprop.derivation.backward import (
    ActivationSlope,
    BiasGradient,
    BiasSlope,
    Delta,
    LossSlope,
    SourceGradient,
    SourceSlope,
    WeightGradient,
    WeightSlope,
)
from symbackprop.derivation.forward import Activated, LossTerm, LossTotal, PenaltyTotal, PreActivation
from symbackprop.derivation.optimizers import Corrected, NewMemory, Updated
from symbackprop.derivation.quantity import Kind
from symbackprop.derivation.rule import Rule

RULES: dict[Kind, type[Rule]] = {
    Kind.PRE_ACTIVATION: PreActivation,
    Kind.ACTIVATION: Activated,
    Kind.LOSS_TERM: LossTerm,
    Kind.PENALTY: PenaltyTotal,
    Kind.LOSS: LossTotal,
    Kind.LOSS_SLOPE: LossSlope,
    Kind.ACTIVATION_SLOPE: ActivationSlope,
    Kind.WEIGHT_SLOPE: WeightSlope,
    Kind.BIAS_SLOPE: BiasSlope,
    Kind.SOURCE_SLOPE: SourceSlope,
    Kind.DELTA: Delta,
    Kind.WEIGHT_GRADIENT: WeightGradient,
    Kind.BIAS_GRADIENT: BiasGradient,
    Kind.SOURCE_GRADIENT: SourceGradient,
    Kind.NEW_MEMORY: NewMemory,
    Kind.CORRECTED: Corrected,
    Kind.UPDATED_WEIGHT: Updated,
    Kind.UPDATED_BIAS: Updated,
}
