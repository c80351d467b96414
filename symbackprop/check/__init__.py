"""Hand derivations against the derivation of their network: a verdict on every line, a name for every mistake."""

from symbackprop.check.engine.names import Names
from symbackprop.check.entry import check, check_figures, loaded, read_hand
from symbackprop.check.model import LineResult, Mistake, Report, Verdict

__all__ = ["LineResult", "Mistake", "Names", "Report", "Verdict", "check", "check_figures", "loaded", "read_hand"]
