"""Every quantity as JSON: the numbers of a derivation for other programs. ``docs/json.md`` and its schema describe it."""

from __future__ import annotations

import json
from typing import Any

from symbackprop._util.version import __version__
from symbackprop.backprop import Kind, Quantity
from symbackprop.evaluate.evaluation import Evaluation
from symbackprop.evaluate.nested import shape_of
from symbackprop.graph.network import LOSS

FORMAT, VERSION = "symbackprop.derivation", 1
WIDEST_EXPANDED = 256
"""Diagonal Jacobians of wider layers are given by their diagonal only."""


def to_json(evaluation: Evaluation) -> str:
    """The document, with a newline at the end."""
    return json.dumps(document(evaluation), ensure_ascii=False, indent=1) + "\n"


def document(evaluation: Evaluation) -> dict[str, Any]:
    """The document as Python data."""
    net, rounding = evaluation.network, evaluation.rounding
    quantities: dict[str, Any] = {}
    for address, quantity in evaluation.derivation.quantities.items():
        quantities |= _entries(evaluation, address, quantity)
    for address in (net.output.out, LOSS):
        quantities[f"{address}@1"] = _entry(_unwrapped(evaluation, address, 1))
    return {
        "format": FORMAT,
        "version": VERSION,
        "generator": f"symbackprop {__version__}",
        "title": net.spec.title(net.spec.lang),
        "lang": net.spec.lang,
        "rounding": {"mode": rounding.mode, "digits": rounding.digits, "decimals": rounding.decimals},
        "loss": net.loss.name,
        "layers": [_layer(layer) for layer in net.layers],
        "quantities": quantities,
        "given": sorted(dict(net.spec.given)),
        "undecided": sorted(_undecided(evaluation)),
    }


def _layer(layer: Any) -> dict[str, Any]:
    return {
        "name": layer.name,
        "inputs": layer.inputs,
        "outputs": layer.outputs,
        "activation": layer.activation.name,
        "weight": layer.weight,
        "bias": layer.bias,
    }


def _entries(evaluation: Evaluation, address: str, quantity: Quantity) -> dict[str, Any]:
    """The quantity; of a Jacobian both the whole and its diagonal."""
    value = _unwrapped(evaluation, address, 0)
    entries = {address: _entry(value)}
    if quantity.kind is not Kind.ACTIVATION_SLOPE:
        return entries
    whole = f"d{quantity.of}/d{quantity.by}"
    batch = evaluation.network.spec.batch
    samples = value if batch else [value]
    if quantity.diagonal and quantity.shape[0] <= WIDEST_EXPANDED:
        full = [[[x if i == j else "0" for j in range(len(d))] for i, x in enumerate(d)] for d in samples]
        entries[whole] = _entry(full if batch else full[0])
    elif not quantity.diagonal:
        diagonals = [[row[i] for i, row in enumerate(matrix)] for matrix in samples]
        entries[f"diag({whole})"] = _entry(diagonals if batch else diagonals[0])
    return entries


def _entry(value: Any) -> dict[str, Any]:
    return {"shape": list(shape_of(value)), "value": value}


def _undecided(evaluation: Evaluation) -> frozenset[str]:
    """The addresses that are not decided; of a Jacobian both the whole and its diagonal."""
    slopes = {a: q for a, q in evaluation.derivation.quantities.items() if q.kind is Kind.ACTIVATION_SLOPE}
    open_slopes = evaluation.undecided & slopes.keys()
    return evaluation.undecided.union(*(_entries(evaluation, a, slopes[a]) for a in open_slopes))


def _unwrapped(evaluation: Evaluation, address: str, step: int) -> Any:
    texts = evaluation.texts(address, step)
    per_sample = evaluation.derivation.quantities[address].per_sample
    return texts[0] if per_sample and not evaluation.network.spec.batch else texts
