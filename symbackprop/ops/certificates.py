"""Certificates of proof: the hashes of the rows of the tables that SymPy has proved, in a file that comes with the package.

``python -m symbackprop.ops.certificates`` proves every row and writes the file; a test proves all of them again. A row that
has a certificate need not be proved, and SymPy need not be loaded for it; any other row is proved when it is used.
Parameters stay symbols, so that one proof serves all their values.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

from symbackprop._util.session import kept
from symbackprop.calculus.branches import open_pieces
from symbackprop.expr.encoding import encoded
from symbackprop.ops.activations import ACTIVATIONS, Activation
from symbackprop.ops.losses import LOSSES, Loss

FILE = Path(__file__).with_name("certificates.json")
VERSION = 2
"""Goes up with every change of what ``ops.proof`` proves of a row: no certificate from before counts then."""


def certify(row: Activation | Loss, *, live: bool = False) -> None:
    """Sees to it that the closed form of the row's derivative is proved: before, or now, and in any case now if ``live``.

    Raises ``ProofError``.
    """
    if live or not _is_certified(row):
        from symbackprop.ops.proof import prove

        prove(row)


@kept(most=256)
def _is_certified(row: Activation | Loss) -> bool:
    """What a user wrote was proved when its derivative was found; an output as the loss has nothing to prove."""
    return bool(row.text) or (isinstance(row, Loss) and not row.has_target) or certificate(_general(row)) in _issued()


def certificate(row: Activation | Loss) -> str:
    """The hash of all that the proof of a row depends on."""
    names = [parameter.name for parameter in row.parameters if not row.values]
    return sha256(json.dumps([VERSION, names, _statement(row)]).encode()).hexdigest()


def made() -> str:
    """The content of the file, every row proved now. Raises ``ProofError``."""
    from symbackprop.ops.proof import prove

    rows: dict[str, Activation | Loss] = {f"activation {name}": row for name, row in ACTIVATIONS.items()}
    rows |= {f"loss {name}": row for name, row in LOSSES.items()}
    hashes = {}
    for name, row in rows.items():
        prove(row)
        hashes[name] = certificate(row)
    return json.dumps(hashes, indent=1) + "\n"


def _statement(row: Activation | Loss) -> object:
    """What is proved of a row: its law and its derivative, on open intervals where they are by cases, and its stable forms."""
    proved = (row.law, row.slope) if row.coupled else tuple(open_pieces(row.law, row.slope))
    stable = [encoded(row.stable_law), encoded(row.stable_slope)]
    if isinstance(row, Activation):
        limits = [[str(limit.value), encoded(limit.distance)] for limit in row.limits]
        return ["activation", row.coupled, encoded(proved), stable, limits]
    return ["loss", row.coupled, encoded(proved), stable, row.coefficient, row.domain, row.targets, encoded(row.local)]


def _general(row: Activation | Loss) -> Activation | Loss:
    """The row of the table that this one is, with values of its parameters put in; else the row itself."""
    table: dict[str, Activation] | dict[str, Loss] = ACTIVATIONS if isinstance(row, Activation) else LOSSES
    general = table.get(row.name)
    if general is None or not row.values or _statement(general.bound(dict(row.values))) != _statement(row):
        return row
    return general


@kept(most=64)
def _issued() -> frozenset[str]:
    """The hashes in the file; none if it cannot be read, and everything is proved here."""
    try:
        return frozenset(json.loads(FILE.read_bytes()).values())
    except (OSError, ValueError, AttributeError):
        return frozenset()


if __name__ == "__main__":
    from symbackprop._util.files import write_whole

    write_whole(FILE, made())
