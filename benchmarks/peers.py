"""The same gradients by other libraries. Each ``make`` prepares what need not be repeated and gives the work that is timed."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

Spec = dict[str, Any]
Work = Callable[[], object]


@dataclass(frozen=True)
class Peer:
    """``make`` gives the work for a spec. ``swells`` marks a route whose expressions grow with a power of the width."""

    module: str
    make: Callable[[Spec], Work]
    swells: bool = False


def is_there(module: str) -> bool:
    """Whether the library is installed."""
    return find_spec(module) is not None


def versions() -> list[str]:
    """The libraries with their versions."""
    found = []
    for name in ("sympy", "python-flint", "symengine", "casadi", "torch", "jax"):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return found


def example(path: str) -> Spec:
    """A spec of a file as a mapping."""
    return tomllib.loads(Path(path).read_text(encoding="utf-8"))


# --- ours -------------------------------------------------------------------------------------------------------------


def ours(spec: Spec) -> object:
    """The derivation with its proofs, and every gradient to 5 certified digits."""
    from symbackprop import derive

    found = derive(spec, digits=5)
    return [
        found.shown.texts(f"dE/d{name}")
        for layer in found.derivation.network.layers
        for name in (layer.weight, layer.bias)
    ]


def markdown(spec: Spec) -> str:
    """The derivation and its page as Markdown."""
    from symbackprop import derive

    return derive(spec).to_markdown()


def pages(spec: Spec | str) -> tuple[str, str]:
    """The derivation and its pages as Markdown and LaTeX."""
    from symbackprop import derive

    found = derive(spec)
    return found.to_markdown(), found.to_latex()


# --- symbolic peers ---------------------------------------------------------------------------------------------------


def forward(spec: Spec, weights: list[Any], biases: list[Any], library: Any) -> Any:
    """The loss in a library's numbers or expressions, entry by entry: ReLU inside, softmax, cross-entropy."""
    a: list[Any] = [library.number(v) for v in spec["input"]]
    for layer, W, b in zip(spec["layer"], weights, biases, strict=True):
        z = [sum((x * W[i][j] for i, x in enumerate(a)), b[j]) for j in range(len(b))]
        a = [library.relu(v) for v in z] if layer["activation"] == "relu" else z
    powers = [library.exp(v) for v in a]
    return -library.log(powers[spec["target"].index("1")] / sum(powers[1:], powers[0]))


def named(spec: Spec, symbol: Callable[[str], Any]) -> tuple[list[Any], list[Any], dict[Any, str]]:
    """Symbols for the parameters, and their values as text."""
    weights, biases, values = [], [], {}
    for k, layer in enumerate(spec["layer"]):
        W = [[symbol(f"W{k}_{i}_{j}") for j in range(len(row))] for i, row in enumerate(layer["W"])]
        b = [symbol(f"b{k}_{j}") for j in range(len(layer["b"]))]
        values |= {s: v for row, given in zip(W, layer["W"], strict=True) for s, v in zip(row, given, strict=True)}
        values |= dict(zip(b, layer["b"], strict=True))
        weights.append(W)
        biases.append(b)
    return weights, biases, values


def naive_sympy(spec: Spec) -> Work:
    """One composite expression of the loss, differentiated by every parameter."""
    import sympy

    class Library:
        number, exp, log = sympy.Rational, sympy.exp, sympy.log

        @staticmethod
        def relu(v: Any) -> Any:
            return sympy.Piecewise((v, v > 0), (0, True))

    weights, biases, values = named(spec, lambda name: sympy.Symbol(name, real=True))
    loss = forward(spec, weights, biases, Library)
    return lambda: [loss.diff(parameter) for parameter in values]


def staged_sympy(spec: Spec) -> Work:
    """The chain rule layer by layer: every entry's formula in symbols, differentiated, its numbers put in by xreplace."""
    import sympy

    def work() -> object:
        weights, biases, texts = named(spec, lambda name: sympy.Symbol(name, real=True))
        known = {s: sympy.Rational(v).evalf(17) for s, v in texts.items()}
        a = list(sympy.symbols(f"x:{len(spec['input'])}", real=True))
        known |= {s: sympy.Rational(v).evalf(17) for s, v in zip(a, spec["input"], strict=True)}
        stages = []
        for k, (layer, W, b) in enumerate(zip(spec["layer"], weights, biases, strict=True)):
            z = list(sympy.symbols(f"z{k}_:{len(b)}", real=True))
            laws = [sum((x * W[i][j] for i, x in enumerate(a)), b[j]) for j in range(len(b))]
            known |= {s: law.xreplace(known) for s, law in zip(z, laws, strict=True)}
            stages.append((a, z, laws, W, b, layer["activation"] == "relu"))
            a = z
            if layer["activation"] == "relu":
                a = list(sympy.symbols(f"a{k}_:{len(b)}", real=True))
                known |= {s: sympy.Piecewise((v, v > 0), (0, True)).xreplace(known) for s, v in zip(a, z, strict=True)}
        loss = -sympy.log(sympy.exp(a[spec["target"].index("1")]) / sum(map(sympy.exp, a)))
        upstream = list(sympy.symbols(f"g:{len(a)}", real=True))
        known |= {g: loss.diff(o).xreplace(known).evalf(17) for g, o in zip(upstream, a, strict=True)}
        found = []
        for k, (source, z, laws, W, b, is_relu) in reversed(list(enumerate(stages))):
            if is_relu:
                slopes = [sympy.Piecewise((v, v > 0), (0, True)).diff(v) for v in z]
                deltas = list(sympy.symbols(f"d{k}_:{len(z)}", real=True))
                products = zip(deltas, upstream, slopes, strict=True)
                known |= {d: (g * slope).xreplace(known) for d, g, slope in products}
                upstream = deltas
            for j, (g, law) in enumerate(zip(upstream, laws, strict=True)):
                found += [(g * law.diff(W[i][j])).xreplace(known) for i in range(len(source))]
                found.append((g * law.diff(b[j])).xreplace(known))
            totals = [sum(g * law.diff(x) for g, law in zip(upstream, laws, strict=True)) for x in source]
            upstream = list(sympy.symbols(f"u{k}_:{len(source)}", real=True))
            known |= {u: total.xreplace(known) for u, total in zip(upstream, totals, strict=True)}
        return found

    return work


def symengine(spec: Spec) -> Work:
    """Composite expressions in C++, differentiated by every parameter; ReLU as the piece that holds."""
    import symengine as se

    class Library:
        exp, log = se.exp, se.log

        @staticmethod
        def number(v: Any) -> Any:
            return se.RealDouble(float(v))

        @staticmethod
        def relu(v: Any) -> Any:
            return se.Max(v, 0)

    weights, biases, values = named(spec, se.Symbol)
    loss = forward(spec, weights, biases, Library)
    return lambda: [loss.diff(parameter) for parameter in values]


# --- numbers only -----------------------------------------------------------------------------------------------------


def casadi(spec: Spec) -> Work:
    """CasADi's reverse mode; building the function is part of the work, as it is of ours."""
    import casadi as ca

    class Library:
        number, exp, log = staticmethod(float), ca.exp, ca.log

        @staticmethod
        def relu(v: Any) -> Any:
            return ca.fmax(v, 0)

    def work() -> object:
        weights, biases, values = [], [], []
        for k, layer in enumerate(spec["layer"]):
            rows, columns = len(layer["W"]), len(layer["b"])
            W, b = ca.SX.sym(f"W{k}", rows, columns), ca.SX.sym(f"b{k}", columns)
            weights.append([[W[i, j] for j in range(columns)] for i in range(rows)])
            biases.append([b[j] for j in range(columns)])
            values += [
                (W, ca.DM([[float(v) for v in row] for row in layer["W"]])),
                (b, ca.DM([float(v) for v in layer["b"]])),
            ]
        loss = forward(spec, weights, biases, Library)
        names = [name for name, _ in values]
        return ca.Function("gradients", names, [ca.gradient(loss, name) for name in names])(*[v for _, v in values])

    return work


def torch(spec: Spec) -> Work:
    """PyTorch's autograd in float64, warm."""
    import torch as t

    def work() -> object:
        a = t.tensor([[float(v) for v in spec["input"]]], dtype=t.float64)
        leaves = []
        for layer in spec["layer"]:
            W = t.tensor([[float(v) for v in row] for row in layer["W"]], dtype=t.float64, requires_grad=True)
            b = t.tensor([float(v) for v in layer["b"]], dtype=t.float64, requires_grad=True)
            leaves += [W, b]
            a = a @ W + b
            a = t.relu(a) if layer["activation"] == "relu" else a
        t.nn.functional.cross_entropy(a, t.tensor([spec["target"].index("1")])).backward()
        return [leaf.grad for leaf in leaves]

    return work


def jax(spec: Spec) -> Work:
    """JAX's grad, not compiled, warm."""
    import jax as j
    import jax.numpy as jnp

    def loss(parameters: Any) -> Any:
        a = jnp.array([float(v) for v in spec["input"]])
        for layer, (W, b) in zip(spec["layer"], parameters, strict=True):
            a = a @ W + b
            a = jnp.maximum(a, 0) if layer["activation"] == "relu" else a
        return -j.nn.log_softmax(a)[spec["target"].index("1")]

    def work() -> object:
        parameters = [
            (jnp.array([[float(v) for v in row] for row in layer["W"]]), jnp.array([float(v) for v in layer["b"]]))
            for layer in spec["layer"]
        ]
        return j.block_until_ready(j.grad(loss)(parameters))

    work()
    return work


def torch_gradient(path: str) -> None:
    """What a process does that only wants PyTorch's gradient of the example: ReLU, sigmoid, softmax, binary cross-entropy."""
    import torch as t

    spec = example(path)
    a = t.tensor([[float(v) for v in spec["input"]]], dtype=t.float64)
    y = t.tensor([[float(v) for v in spec["target"]]], dtype=t.float64)
    functions = {"relu": t.relu, "sigmoid": t.sigmoid, "softmax": lambda z: t.softmax(z, 1)}
    for layer in spec["layer"]:
        W = t.tensor([[float(v) for v in row] for row in layer["W"]], dtype=t.float64, requires_grad=True)
        b = t.tensor([float(v) for v in layer["b"]], dtype=t.float64, requires_grad=True)
        a = functions[layer["activation"]](a @ W + b)
    t.nn.functional.binary_cross_entropy(a, y, reduction="sum").backward()


PEERS = {
    "SymPy, one composite expression, `diff` (naive)": Peer("sympy", naive_sympy, swells=True),
    "SymPy, staged, `xreplace`": Peer("sympy", staged_sympy),
    "symengine, one composite expression, `diff`": Peer("symengine", symengine, swells=True),
    "CasADi": Peer("casadi", casadi),
    "PyTorch": Peer("torch", torch),
    "JAX": Peer("jax", jax),
}
