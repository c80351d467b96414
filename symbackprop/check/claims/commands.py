"""The commands, functions and signs that the parser knows, and how much it reads."""

from __future__ import annotations

from symbackprop.check.claims.tokens import UNICODE
from symbackprop.expr import vocabulary as elementary
from symbackprop.ops.activations import ACTIVATIONS

MAX_DEPTH = 60
MAX_PARTS = 3_000
"""Terms of a sum, factors of a product."""
MAX_POWER = 1_000
MAX_BRACKETS = 3
MAX_INDEX = 12
"""Tokens between the brackets of an index."""
GRIDS = frozenset(("bmatrix", "pmatrix", "matrix", "array", "vmatrix", "smallmatrix", "Bmatrix", "bsmallmatrix"))
FRACTIONS = frozenset((r"\frac", r"\dfrac", r"\tfrac", r"\cfrac"))
FUNCTIONS = {
    **{name: name for name in elementary.FUNCTIONS if name != "abs"},
    **{"log": "ln", "sgn": "sign"},
    **{name: row.name for row in ACTIVATIONS.values() if not row.is_identity for name in (row.name, *row.aliases)},
}  # fmt: skip
LETTERS_OF_FUNCTIONS = {UNICODE[row.symbol]: row.name for row in ACTIVATIONS.values() if row.symbol in UNICODE}
"""Commands of letters that stand for a function when a bracket follows: σ(z)."""
RELATIONS = {
    "=": "=", r"\lt": "<", r"\gt": ">", r"\le": "<=", r"\leq": "<=", r"\ge": ">=", r"\geq": ">=", r"\ne": "!=",
    r"\neq": "!=",
}  # fmt: skip
TIMES = {r"\cdot": "·", r"\times": "×", r"\odot": "⊙", r"\circ": "⊙", r"\ast": "·"}
FONTS = frozenset((r"\mathbf", r"\boldsymbol", r"\bm", r"\mathcal", r"\vec", r"\overrightarrow", r"\hat", r"\bar"))
PRIMED = frozenset((r"\acute", r"\tilde", r"\widetilde"))
DOTS = {r"\cdots": "h", r"\dots": "h", r"\ldots": "h", r"\vdots": "v", r"\ddots": "d"}
NEW = ("new", "neu", "\\ast", "*", "+")
"""Superscripts of updated parameters."""
PIECES = {r"\lt": "<", r"\gt": ">", r"\lbrace": "{", r"\rbrace": "}", r"\backslash": "\\", r"\{": "{", r"\}": "}"}
GREEK_LETTERS = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho sigma tau upsilon "
    "phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell nabla"
)
GREEK = frozenset("\\" + word for word in GREEK_LETTERS.split())
LOGARITHMS = frozenset((r"\ln", r"\log"))
NEVER_FIRST = frozenset((r"\\", r"\approx", r"\}", r"\rvert", r"\vert", r"\mid", r"\transposed", r"\prime"))
"""Commands that no operand begins with."""
CLOSING = frozenset((")", "]", "}", "|", "&", ",", ";"))
