"""The table of mistakes. Each row is executable: it recomputes a line with the mistake in it, from the person's own figures."""

from symbackprop.check.mistakes.anywhere import ANYWHERE
from symbackprop.check.mistakes.backward import BACKWARD
from symbackprop.check.mistakes.forward import FORWARD
from symbackprop.check.mistakes.loss import LOSS
from symbackprop.check.mistakes.row import Case, MistakeRule
from symbackprop.check.mistakes.sentences import OTHER_WORDS, SLIP, sentence
from symbackprop.check.mistakes.update import UPDATE

MISTAKES: tuple[MistakeRule, ...] = (*FORWARD, *LOSS, *BACKWARD, *UPDATE, *ANYWHERE)
"""Every row, the specific ones first."""

__all__ = ["MISTAKES", "OTHER_WORDS", "SLIP", "Case", "MistakeRule", "sentence"]
