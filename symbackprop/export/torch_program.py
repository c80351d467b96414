"""The forward pass as a program of PyTorch, which differentiates by itself: a second opinion on every gradient of the page."""

from __future__ import annotations

from fractions import Fraction

from symbackprop._util.errors import SymbackpropError
from symbackprop.backprop.rule import loss_scale
from symbackprop.evaluate.evaluation import Evaluation
from symbackprop.export.arrays import ArrayFile, start_of
from symbackprop.export.expression import TORCH, Expressions
from symbackprop.export.literals import identifiers, literals, number
from symbackprop.export.numpy_program import quoted
from symbackprop.export.statements import check_plain, law_of
from symbackprop.expr import nodes as n
from symbackprop.expr.precedence import PRODUCT, SUM
from symbackprop.graph.network import LOSS, LOSS_TERM, PENALTY, RATE, Layer
from symbackprop.ops.activations import Activation
from symbackprop.ops.spelling import filled

AFTER = "'"
"""What follows the address of a parameter after the update."""
SHOW = '''def show(name, value):
    """Prints a quantity as the page does: to DIGITS significant digits."""
    def text(part):
        if isinstance(part, list):
            return "[" + ", ".join(map(text, part)) + "]"
        return f"{part:.{DIGITS}g}"

    print(f"{name} = {text(value.tolist())}")
'''


def torch_program(evaluation: Evaluation, arrays: str = "") -> str:
    """The text of the program; large arrays are loaded from the file ``arrays`` beside it, if one is named.

    Raises ``SymbackpropError`` for what it cannot say.
    """
    return "\n".join(_Program(evaluation, arrays).lines()) + "\n"


class _Program:
    def __init__(self, evaluation: Evaluation, arrays: str) -> None:
        self.evaluation, self.net = evaluation, evaluation.network
        self.arrays = ArrayFile(self.net, arrays, "torch")
        check_plain(evaluation)
        self._check_conventions()
        self.names = identifiers(evaluation.derivation.quantities) | {RATE: "lr"}
        self.parameters = [name for layer in self.net.layers for name in (layer.weight, layer.bias) if name]
        self.trained = [p for p in self.parameters if self.net.trains(p)]

    def _check_conventions(self) -> None:
        """Autograd differentiates what it is given: a stated figure, or another slope at a corner, it does not know."""
        spec, evaluation = self.net.spec, self.evaluation
        if spec.given:
            raise SymbackpropError(
                f"{spec.source}: given", "PyTorch cannot differentiate through a stated figure", "take --to numpy"
            )
        for layer in self.net.layers:
            own = self._has_own(layer.activation)
            corners = {k.at for k in layer.activation.kinks}
            zs = [z for row in evaluation.value(layer.pre) for z in row]
            if not own and any(isinstance(at, n.Num) and z == Fraction(at.text) for at in corners for z in zs):
                raise SymbackpropError(
                    f"{spec.source}: {layer.name}",
                    "a unit sits exactly in a corner, where PyTorch has its own slope",
                    "take --to numpy",
                )

    def _has_own(self, activation: Activation) -> bool:
        """Whether PyTorch has the activation, with the derivative that we take in its corner."""
        slope_is_chosen = activation.convention and getattr(self.net.spec.conventions, activation.convention) != 0
        return bool(activation.torch) and not slope_is_chosen

    def lines(self) -> list[str]:
        spec = self.net.spec
        lines = [
            '"""Forward propagation of a dense network in PyTorch, which differentiates it by itself.',
            "",
            "Vectors are rows: a layer computes x @ W + b, and W[i, j] leads from unit i to unit j. Made by symbackprop.",
            '"""',
            "",
            "import math",
            *(["from pathlib import Path", "", "import numpy as np"] if self.arrays.file else []),
            "import torch",
            "import torch.nn.functional as F",
            "",
            "torch.set_default_dtype(torch.float64)",
            f"DIGITS, STEPS = {self.evaluation.rounding.digits}, {spec.steps}",
            "",
        ]
        body = [*self._data(), "", "", *SHOW.splitlines(), "", "", *self._loop()]
        text = "\n".join(body)
        unused = {"import math": "math.", "import torch.nn.functional as F": "F."}
        return [line for line in lines if line not in unused or unused[line] in text] + body

    def _data(self) -> list[str]:
        net, names, lines = self.net, self.names, self.arrays.loading()
        samples = {net.input: "X", net.target: "Y"} if net.spec.batch_size else {}
        for address, value in start_of(net):
            lines += f"{samples.get(address, names[address])} = {self.arrays.text(address, value)}".splitlines()
        held = ", ".join(self.names[p] for p in self.parameters)
        return [*lines, f"parameters = [{held}]", *self._optimizer()]

    def _loop(self) -> list[str]:
        net, names = self.net, self.names
        x, out = names[net.input], net.output.out
        lines = ["for step in range(STEPS + 1):"]
        if net.spec.batch_size:
            lines.append(
                f"    rows = [(step * {net.samples} + k) % len(X) for k in range({net.samples})]  # the mini-batch"
            )
            lines.append(f"    {x} = X[rows]")
            lines += [f"    {names[net.target]} = Y[rows]"] if net.loss.has_target else []
        lines += [
            f"    for leaf in ({x}, *parameters):",
            "        leaf.requires_grad_(True)",
            "        leaf.grad = None",
            "    # --- forward propagation ---",
        ]
        for layer in net.layers:
            bias = f" + {names[layer.bias]}" if layer.bias else ""
            lines.append(f"    # {' '.join(layer.name.split())}: {' '.join(layer.activation.name.split())}")
            lines.append(f"    {names[layer.pre]} = {names[layer.source]} @ {names[layer.weight]}{bias}")
            lines.append(f"    {names[layer.out]} = {self._activation(layer)}")
        lines += ["    # the loss", *(f"    {line}" for line in self._loss())]
        lines += [
            "    if step in (1, STEPS):",
            f"        show({quoted(out + '@')} + str(step), {names[out]})",
            f"        show({quoted(LOSS + '@')} + str(step), {names[LOSS]})",
            "    if step == STEPS:",
            "        break",
            "",
            "    # --- backpropagation, by PyTorch ---",
        ]
        inner = [a for layer in net.layers for a in (layer.pre, layer.out)]
        lines.append(f"    for value in ({', '.join(names[a] for a in inner)}):")
        lines += ["        value.retain_grad()", f"    {names[LOSS]}.backward()", "    if step == 0:"]
        shown = [*inner, LOSS_TERM, *([PENALTY] if PENALTY in self.evaluation.derivation.rules else []), LOSS]
        lines += [f"        show({quoted(a)}, {names[a]})" for a in shown]
        gradients = [*reversed(inner), *self.parameters, net.input]
        lines += [f"        show({quoted(f'dE/d{a}')}, {names[a]}.grad)" for a in gradients]
        lines += ["", f"    # --- {net.update.comment} ---", *self._update(), "    if step == 0:"]
        names_after = [f"        show({quoted(p + AFTER)}, {names[p]})" for p in self.parameters]
        return [*lines, *names_after]

    def _update(self) -> list[str]:
        """Plain gradient descent written out; another rule is PyTorch's own."""
        names = self.names
        if not self.trained:
            return ["    # (all parameters are frozen)"]
        if self.net.update.memories:
            return ["    optimizer.step()"]
        held = ", ".join(names[p] for p in self.parameters)
        moves = [f"        {names[p]} = {names[p]} - lr * {names[p]}.grad" for p in self.trained]
        return ["    with torch.no_grad():", *moves, f"    parameters = [{held}]"]

    def _optimizer(self) -> list[str]:
        """PyTorch's optimizer of the trained parameters, for rules that remember."""
        rule = self.net.update
        if not self.trained or not rule.memories:
            return []
        if not rule.torch:
            raise SymbackpropError(self.net.spec.source, f"PyTorch has no {rule.name}", "take --to numpy")
        known = {name: number(value) for name, value in self.net.hyperparameters.items()}
        held = f"[{', '.join(self.names[p] for p in self.trained)}]"
        return [f"optimizer = {rule.torch.format(held=held, **known)}"]

    def _activation(self, layer: Layer) -> str:
        activation, z = layer.activation, self.names[layer.pre]
        if activation.torch:
            return filled(activation.torch, {"z": z, **literals(activation.values)})
        return Expressions(TORCH, {"z": z}).write(law_of(layer))

    def _loss(self) -> list[str]:
        net, names, loss = self.net, self.names, self.net.loss
        o, y, term = names[net.output.out], names[net.target], names[LOSS_TERM]
        factor = _scale(net.spec.loss.factor)
        if net.spec.loss.of is not None:
            form = f"{o} * torch.eye({net.output.outputs})[{net.spec.loss.of - 1}]"
        elif loss.torch:
            form = filled(loss.torch, {"o": o, "y": y, **literals(loss.values)})
        else:
            form = Expressions(TORCH, {"o": o, "y": y}).write(loss.program_law, PRODUCT if factor else SUM)
        lines = [f"{term} = {factor}{form}"]
        total = f"{_scale(loss_scale(net))}{term}.sum()"
        if PENALTY in self.evaluation.derivation.rules:
            inputs = self.evaluation.derivation.quantities[PENALTY].inputs
            squares = " + ".join(f"({names[p]} ** 2).sum()" for p in inputs)
            lines.append(f"{names[PENALTY]} = {number(net.decay(inputs[0]))} * ({squares})")
            total += f" + {names[PENALTY]}"
        return [*lines, f"{names[LOSS]} = {total}"]


def _scale(factor: Fraction) -> str:
    return "" if factor == 1 else f"({number(factor)}) * "
