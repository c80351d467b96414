"""The forward and the backward pass as a program of NumPy that a person can read, and that prints the numbers of the page."""

from __future__ import annotations

import json

from symbackprop.backprop import Kind
from symbackprop.evaluate.evaluation import Evaluation
from symbackprop.export.statements import FORWARD, MOVED, Statements
from symbackprop.graph.network import LOSS

BLOCKS = {Kind.PRE_ACTIVATION: "{name}: weighted sums and biases, then {function}", Kind.LOSS_TERM: "the loss"}


def numpy_program(evaluation: Evaluation, arrays: str = "") -> str:
    """The text of the program; large arrays are loaded from the file ``arrays`` beside it, if one is named.

    Raises ``SymbackpropError`` for what a program cannot say.
    """
    code = Statements(evaluation, arrays)
    return "\n".join([*_head(code), *_loop(code)]) + "\n"


def _head(code: Statements) -> list[str]:
    spec = code.net.spec
    lines = [
        '"""Forward propagation, backpropagation and gradient descent of a dense network, in NumPy.',
        "",
        "Vectors are rows: a layer computes x @ W + b, and W[i, j] leads from unit i to unit j. Made by symbackprop.",
        '"""',
        "",
        *(["from pathlib import Path", ""] if code.arrays.file else []),
        "import numpy as np",
        *code.imports(),
        "",
        f"DIGITS, STEPS = {shown_digits(code)}, {spec.steps}",
        "",
        *code.arrays.loading(),
    ]
    batch = spec.batch_size
    renamed = {code.names[code.net.input]: "X", code.names[code.net.target]: "Y"} if batch else {}
    for name, text in code.data():
        lines += f"{renamed.get(name, name)} = {text}".splitlines()
    return [*lines, "", "", *SHOW, ""]


def quoted(text: str) -> str:
    """A string literal."""
    return json.dumps(text, ensure_ascii=False)


SHOW = [
    "def show(name, value):",
    '    """Prints a quantity as the page does: to DIGITS significant digits."""',
    '    form = {"float": lambda number: f"{number:.{DIGITS}g}"}',
    '    text = np.array2string(np.asarray(value), separator=", ", threshold=10**9, max_line_width=100, formatter=form)',
    '    print(f"{name} = {text}")',
    "",
]


def shown_digits(code: Statements) -> int:
    """The significant digits that the page shows."""
    return code.evaluation.rounding.digits


def _loop(code: Statements) -> list[str]:
    net, kinds = code.net, code.derivation.quantities
    forward = [a for a in code.computed() if kinds[a].kind in FORWARD]
    backward = [a for a in code.computed() if kinds[a].kind not in FORWARD]
    out, loss = net.output.out, LOSS
    lines = ["for step in range(STEPS + 1):"]
    if net.spec.batch_size:
        lines += [
            f"    rows = [(step * {net.samples} + k) % len(X) for k in range({net.samples})]  # the mini-batch of this step",
            f"    {code.names[net.input]} = X[rows]",
            *([f"    {code.names[net.target]} = Y[rows]"] if net.loss.has_target else []),
        ]
    lines += ["    # --- forward propagation: from the input to the loss ---"]
    for address in forward:
        lines += _computed(code, address)
    lines += [
        "    if step in (1, STEPS):",
        f"        show({quoted(out + '@')} + str(step), {code.names[out]})",
        f"        show({quoted(loss + '@')} + str(step), {code.names[loss]})",
        "    if step == STEPS:",
        "        break",
        "",
        "    # --- backpropagation: upstream gradient times local derivative, from the loss to the input ---",
    ]
    begin = next((a for a in backward if kinds[a].kind in MOVED), None)
    for address in backward:
        if address == begin:
            lines += ["", f"    # --- {net.update.comment} ---", *(f"    {c}" for c in code.count("step"))]
        lines += _computed(code, address)
    lines += ["    if step == 0:"]
    lines += [f"        show({quoted(address)}, {code.names[address]})" for address in code.computed()]
    return [*lines, *(f"    {old} = {new}" for old, new in code.moves())]


def _computed(code: Statements, address: str) -> list[str]:
    quantity = code.derivation.quantities[address]
    lines: list[str] = []
    comment = BLOCKS.get(quantity.kind)
    if comment and quantity.layer:
        comment = comment.format(name=quantity.layer.name, function=quantity.layer.activation.name)
    if quantity.kind is Kind.LOSS_SLOPE:
        comment = "how the loss changes with each output"
    elif quantity.kind is Kind.ACTIVATION_SLOPE and quantity.layer:
        comment = f"{quantity.layer.name}: through the activation, then to the weights and to the layer before"
    if comment:
        lines.append(f"    # {' '.join(comment.split())}")
    lines += [f"    {line}" for line in code.lines(address)]
    given = code.given(address)
    if given:
        lines += ["    if step == 0:", *(f"        {line}" for line in given)]
    return lines
