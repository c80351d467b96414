"""The table of rules: which class makes the quantities of which kind."""

from __future__ import annotations

from symbackprop.backprop.backward import (
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
from symbackprop.backprop.forward import Activated, LossTerm, LossTotal, PenaltyTotal, PreActivation
from symbackprop.backprop.optimizers import Corrected, NewMemory, Updated
from symbackprop.backprop.rule import Rule
from symbackprop.graph.quantity import Kind

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
