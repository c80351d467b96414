"""Hand derivations against the derivation of their network: a verdict on every line, a name for every mistake."""

from symbackprop.check.entry import check, check_figures
from symbackprop.check.model import LineResult, Mistake, Report, Verdict

__all__ = ["LineResult", "Mistake", "Report", "Verdict", "check", "check_figures"]
