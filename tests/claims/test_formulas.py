"""Formulas in letters: what people write, right and wrong, in any quantities of the network."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from symbackprop.api import load_spec
from symbackprop.check import LineResult, Verdict
from symbackprop.check.claims import read_page
from symbackprop.check.engine.conventions import check_with_conventions
from symbackprop.check.engine.plan import true_values
from symbackprop.page.notation import Notation, load_profile

DOCUMENT: dict[str, Any] = tomllib.loads(Path("examples/document.toml").read_text(encoding="utf-8"))
BATCH: dict[str, Any] = {
    "input": [["0.1", "0.2"], ["0.3", "-0.4"]],
    "target": [["1", "0"], ["0", "1"]],
    "learning_rate": "0.1",
    "loss": {"kind": "squared_error", "factor": "1/2"},
    "layer": [
        {"activation": "tanh", "W": [["0.1", "0.2", "0.3"], ["0.3", "0.2", "0.7"]], "b": ["0.1", "0.2", "0.3"]},
        {"activation": "sigmoid", "W": [["0.1", "0.2"], ["0.3", "0.7"], ["0.5", "0.2"]]},
    ],
}


def lines(text: str, spec: dict[str, Any], notation: str = "document", suffix: str = ".tex") -> list[LineResult]:
    network = load_spec(spec)
    profile = Notation(true_values(network).derivation, load_profile(notation))
    claims = read_page(text, suffix, "page", profile).claims
    return list(check_with_conventions(network, claims, "page").lines)


def verdicts(formula: str, spec: dict[str, Any] = DOCUMENT, notation: str = "document") -> list[str]:
    return [line.verdict.value for line in lines(f"$${formula}$$", spec, notation)]


DELTA = r"\frac{\partial E}{\partial O_{in1}} = O_{out1} - y_1"


def test_the_short_delta_is_right_for_cross_entropy_only() -> None:
    """∂E/∂O_in = O_out − y is an identity of softmax with cross-entropy and a one-hot target, and of no other loss."""
    crossed = DOCUMENT | {"loss": {"kind": "cross_entropy"}}
    assert verdicts(DELTA, crossed) == ["right"]
    (line,) = lines(f"$${DELTA}$$", DOCUMENT)
    assert line.verdict is Verdict.MISTAKE
    assert "O_out[1] = " in line.note
    assert "it gives" in line.note


@pytest.mark.parametrize(
    "formula",
    [
        r"h1_{in} = x W_{ij} + b_j",
        r"h1_{in,j} = \sum_i x_i W_{ij} + b_j",
        r"h1_{in1} = x_1 W_{i1j1} + x_2 W_{i2j1} + x_3 W_{i3j1} + b_{j1}",
        r"h1_{in_1} = x_1 \times W_{i_1 j_1} + x_2 \times W_{i_2 j_1} + x_3 \times W_{i_3 j_1} + b_{j_1}",
        r"h1_{out1} = \max(0, h1_{in1})",
        r"h1_{out1} = ReLU(h1_{in1})",
        r"h2_{out1} = \sigma(h2_{in1}) = \frac{1}{1+e^{-h2_{in1}}} = 1/(1+\exp(-h2_{in1}))",
        r"O_{out1} = \frac{e^{O_{in1}}}{e^{O_{in1}} + e^{O_{in2}} + e^{O_{in3}}}",
        r"O_{out,l} = \frac{e^{O_{in,l}}}{\sum_{k=1}^{3} e^{O_{in,k}}}",
        r"O_{out} = softmax(O_{in})",
        r"E_1 = -\left( y_1 \log O_{out1} + (1-y_1) \log(1-O_{out1}) \right)",
        r"E_{total} = E_1 + E_2 + E_3 = \sum_l E_l",
        r"\frac{\partial E}{\partial O_{out1}} = -\frac{y_1}{O_{out1}} + \frac{1-y_1}{1-O_{out1}}",
        r"\frac{dE}{dO_{out,l}} = \frac{O_{out,l} - y_l}{O_{out,l}(1 - O_{out,l})}",
        r"\frac{\partial O_{out1}}{\partial O_{in2}} = -O_{out1} O_{out2}",
        r"\frac{\partial O_{out,i}}{\partial O_{in,j}} = \begin{cases} O_{out,i}(1-O_{out,i}) & i = j \\"
        r"-O_{out,i}O_{out,j} & i \neq j \end{cases}",
        r"\frac{\partial h2_{out}}{\partial h2_{in}} = h2_{out} \odot (1 - h2_{out})",
        r"\sigma'(h2_{in1}) = h2_{out1} (1 - h2_{out1})",
        r"\frac{\partial O_{in1}}{\partial W_{k2l1}} = h2_{out2}",
        r"\frac{\partial E}{\partial W_{k1l2}} = \frac{\partial E}{\partial O_{in2}} \cdot h2_{out1}",
        r"\frac{\partial E}{\partial W_{kl}} = h2_{out}^T \frac{\partial E}{\partial O_{in}} = \delta W_{kl}",
        r"\frac{\partial E}{\partial h2_{out}} = \frac{\partial E}{\partial O_{in}} W_{kl}^{\top}",
        r"\frac{\partial E}{\partial b_l} = \frac{\partial E}{\partial O_{in}}",
        r"\acute{W}_{kl} = W_{kl} - lr \frac{\partial E}{\partial W_{kl}}",
        r"W_{kl}^{new} = W_{kl} - \eta \nabla W_{kl}",
        r"W_{k1l1} \leftarrow W_{k1l1} - 0.01 \, \frac{\partial E}{\partial W_{k1l1}}",
        r"\frac{\partial E}{\partial O_{out1}} \frac{\partial O_{out1}}{\partial O_{in1}} = O_{out1} - y_1",
        r"O_{out} = \hat{y}",
    ],
)
def test_right_formulas(formula: str) -> None:
    assert set(verdicts(formula)) == {"right"}


@pytest.mark.parametrize(
    "formula",
    [
        r"h1_{in} = x W_{ij}",
        r"h1_{in,j} = \sum_i x_j W_{ij} + b_j",
        r"h1_{out1} = h1_{in2}",
        r"h2_{out1} = \tanh(h2_{in1})",
        r"O_{out1} = \frac{O_{in1}}{O_{in1} + O_{in2} + O_{in3}}",
        r"E_2 = -y_2 \ln O_{out2} - (1-y_2) \ln(1+O_{out2})",
        r"\frac{\partial h2_{out1}}{\partial h2_{in1}} = h2_{in1} (1 - h2_{in1})",
        r"\frac{\partial E}{\partial W_{kl}} = \frac{\partial E}{\partial O_{in}} O_{out}",
        r"\frac{\partial E}{\partial h2_{out}} = \frac{\partial E}{\partial O_{in}} W_{kl}",
        r"W_{kl}' = W_{kl} + lr \frac{\partial E}{\partial W_{kl}}",
        r"W_{k1l1}' = W_{k1l1} - 0.1 \frac{\partial E}{\partial W_{k1l1}}",
    ],
)
def test_wrong_formulas_have_a_counter_example(formula: str) -> None:
    found = lines(f"$${formula}$$", DOCUMENT)
    assert [line.verdict.value for line in found] in (["mistake"], ["unreadable"])
    assert all(line.note for line in found)


def test_every_equality_of_a_chain_is_judged() -> None:
    """A right result under a wrong line, and the reverse."""
    text = r"$$ h1_{in1} = x_1 W_{i1j1} + b_{j1} = 0.1 \cdot 0.1 + 0.2 \cdot 0.3 + 0.7 \cdot 0.4 + 1 = 1.35 $$"
    found = {line.role: line.verdict.value for line in lines(text, DOCUMENT)}
    assert found == {"formula": "mistake", "factors": "right", "printed": "right", "product": "right"}
    text = r"$$ h1_{in1} = 0.1 \cdot 0.1 + 0.2 \cdot 0.3 + 0.7 \cdot 0.4 + 1 = 1.45 $$"
    found = {line.role: line.verdict.value for line in lines(text, DOCUMENT)}
    assert found == {"factors": "right", "printed": "mistake", "product": "mistake"}


def test_the_order_of_terms_is_free() -> None:
    text = r"$$ h1_{in1} = 1 + 0.28 + 0.06 + 0.01 = 1.35 $$"
    assert {line.verdict.value for line in lines(text, DOCUMENT)} == {"right"}
    text = r"$$ h1_{in1} = 1 + 0.28 + 0.06 + 0.02 = 1.36 $$"
    found = [line.verdict.value for line in lines(text, DOCUMENT) if line.role == "terms"]
    assert "mistake" in found


@pytest.mark.parametrize(
    ("notation", "formula"),
    [
        ("ng", r"Z^{[1]} = W^{[1]} X + b^{[1]}"),
        ("ng", r"dW^{[2]} = dZ^{[2]} A^{[1]T}"),
        ("ng", r"\mathrm{dz}_{1}^{[2](1)} = \frac{1}{2} (a_1^{[2](1)} - y_1^{(1)}) a_1^{[2](1)} (1 - a_1^{[2](1)})"),
        ("nielsen", r"z^2 = w^2 x + b^2"),
        ("nielsen", r"\delta^2 = ((w^3)^T \delta^3) \odot \tanh'(z^2)"),
        ("goodfellow", r"\boldsymbol{A}^{(1)} = \boldsymbol{W}^{(1)} \boldsymbol{X} + \boldsymbol{b}^{(1)}"),
        ("goodfellow", r"\nabla_{\boldsymbol{W}^{(2)}} J = \mathbf{G}^{(2)} {\mathbf{H}^{(1)}}^{\top}"),
        ("bishop", r"\delta_j^{(1)[s]} = (1 - (z_j^{(1)[s]})^2) \sum_k w_{kj}^{(2)} \delta_k^{(2)[s]}"),
        ("d2l", r"\mathbf{Z}^{(1)} = \mathbf{W}^{(1)} \mathbf{X} + \mathbf{b}^{(1)}"),
        (
            "nndl",
            r"\frac{\partial \mathcal{L}}{\partial \mathbf{W}^{(2)}} = \boldsymbol{\Delta}^{(2)} (\mathbf{A}^{(1)})^\top",
        ),
        ("zhou", r"w_{hj} \leftarrow w_{hj} + \eta \sum_s g_j^{(s)} b_h^{(s)}"),
        ("mazur", r"w_1^{+} = w_1 - \eta \frac{\partial E_{total}}{\partial w_1}"),
    ],
)
def test_formulas_in_the_notation_of_a_book(notation: str, formula: str) -> None:
    assert verdicts(formula, BATCH, notation) == ["right"]
