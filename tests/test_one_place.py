"""A new operation is one row of one table: CONTRIBUTING.md's claim, with CONTRIBUTING.md's rows, seen in every format."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper

from symbackprop import derive
from symbackprop.check import check
from symbackprop.expr.nodes import Add, Call, Cases, Compare, Neg, Num, Ref, Sum, Var
from symbackprop.graph.load import load_spec
from symbackprop.importers import read_stack
from symbackprop.ops import activations, losses, updates
from symbackprop.ops.activations import Activation
from symbackprop.ops.proof import prove
from symbackprop.ops.spelling import Onnx
from symbackprop.ops.updates import Hyperparameter, Memory, UpdateRule
from symbackprop.verify import verify
from tests.programs import run_program

WEIGHTS = [[[1, -2], [0.5, 1]], [[1, 0.3], [0.5, 1]]]
INPUT, TARGET = [0.5, -1.0], [1.0, 0.0]


def shown(begins: str) -> str:
    """The row that CONTRIBUTING.md shows, as it is written there."""
    blocks = re.findall(r"```python\n(.*?)```", Path("CONTRIBUTING.md").read_text(encoding="utf-8"), re.S)
    (found,) = [block for block in blocks if block.startswith(begins)]
    return str(found)


@pytest.fixture
def softsign(monkeypatch: pytest.MonkeyPatch) -> Activation:
    row = eval(shown('_row(\n    "softsign"'), {"_row": activations._row, "Onnx": Onnx})
    monkeypatch.setitem(activations.ACTIVATIONS, row.name, row)
    assert isinstance(row, Activation)
    return row


def spec(activation: str, **rest: Any) -> dict[str, Any]:
    layers = [{"activation": activation, "W": [[str(w) for w in row] for row in matrix]} for matrix in WEIGHTS]
    values = {"input": list(map(str, INPUT)), "target": list(map(str, TARGET)), "learning_rate": "0.1"}
    return {**values, "loss": "squared_error", "layer": layers, **rest}


def leaves() -> list[torch.Tensor]:
    return [torch.tensor(matrix, dtype=torch.float64, requires_grad=True) for matrix in WEIGHTS]


def gradients(forward: Any, loss: Any) -> list[np.ndarray[Any, Any]]:
    """The gradients of PyTorch."""
    weights, a = leaves(), torch.tensor([INPUT], dtype=torch.float64)
    for weight in weights:
        a = forward(a @ weight)
    loss(a, torch.tensor([TARGET], dtype=torch.float64)).backward()
    return [np.array(weight.grad.tolist()) for weight in weights if weight.grad is not None]


def squared(o: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return ((o - y) ** 2).sum()


def assert_gradients(example: Any, expected: list[np.ndarray[Any, Any]]) -> None:
    for name, gradient in zip(("dE/dW1", "dE/dW2"), expected, strict=True):
        np.testing.assert_allclose(np.array(example[name].value, dtype=float), gradient, rtol=1e-12)


def assert_programs_agree(example: Any, address: str) -> None:
    """Both programs, run, print the entries of the quantity."""
    ours = np.array(example[address].value, dtype=float)
    for source in (example.to_numpy(), example.to_torch()):
        said = run_program(source)
        found = re.search(rf"^{re.escape(address)} = (.*?)(?=\n\S|\Z)", said, re.M | re.S)
        assert found, said
        np.testing.assert_allclose(np.array(json.loads(found[1])), ours, rtol=1e-4)


# --- an activation ----------------------------------------------------------------------------------------------------


def test_the_row_is_proved_and_its_numbers_are_those_of_torch(softsign: Activation) -> None:
    prove(softsign)
    assert_gradients(derive(spec("softsign")), gradients(torch.nn.functional.softsign, squared))


def test_every_format_shows_the_symbol_of_the_row(softsign: Activation) -> None:
    example = derive(spec("softsign"))
    for text in (
        example.to_markdown(figures="figures"),
        example.to_latex(),
        example.to_typst(),
        example.to_html(),
        example.to_beamer(),
        example.to_notebook(),
    ):
        assert softsign.symbol in text
        assert softsign.title in text
    assert "softsign" in example.to_json()
    assert any(softsign.title in str(drawing) for drawing in example.figure_files().values())
    assert len(example.to_npz()) > 0


def test_programs_use_the_spelling_of_the_row(softsign: Activation) -> None:
    example = derive(spec("softsign"))
    assert "F.softsign(" in example.to_torch()
    assert_programs_agree(example, "dE/dW1")


def test_other_routes_know_the_row(softsign: Activation) -> None:
    for library in ("PyTorch", "JAX", ""):
        assert verify(load_spec(spec("softsign")), library=library).agrees


def test_saturated_units_go_by_the_stable_form(softsign: Activation) -> None:
    """exp(300) as the first layer's output is a ball, and 1 − |a| of it would lose all its digits."""
    layers = [{"activation": "exp", "W": [["300"]]}, {"activation": "softsign", "W": [["1"]]}]
    example = derive({**spec("exp"), "input": ["1"], "target": ["1"], "layer": layers})
    slope = float(example["diag(dO_out/dO_in)"].value[0])
    assert slope == pytest.approx(float(np.exp(-600.0)), rel=1e-12)
    assert example.precise.bits <= 192


def test_pages_of_others_may_use_an_alias(softsign: Activation, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("$h_{1,out} = ssign(h_{1,in})$\n\n" + derive(spec("softsign")).to_markdown(), encoding="utf-8")
    report = check(spec("softsign"), page)
    assert not report.has_mistakes
    assert report.count(type(report.lines[0].verdict).RIGHT) > 50


def test_the_importer_reads_the_operator_of_the_row(softsign: Activation, tmp_path: Path) -> None:
    weight = helper.make_tensor("W", TensorProto.DOUBLE, [2, 2], [1.0, 2.0, 3.0, 4.0])
    nodes = [helper.make_node("MatMul", ["x", "W"], ["z"]), helper.make_node("Softsign", ["z"], ["a"])]
    ends = [helper.make_tensor_value_info(name, TensorProto.DOUBLE, [1, 2]) for name in ("x", "a")]
    onnx.save(helper.make_model(helper.make_graph(nodes, "g", ends[:1], ends[1:], [weight])), tmp_path / "m.onnx")
    (layer,) = read_stack(tmp_path / "m.onnx")
    assert layer.activation == "softsign"


# --- an activation of a whole layer -----------------------------------------------------------------------------------


def test_an_activation_of_a_whole_layer_needs_its_laws_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """log-softmax: programs write sums over the units and the Jacobian from the laws."""
    z_i, z_j, a_j = Ref("z", ("i",)), Ref("z", ("j",)), Ref("a", ("j",))
    law = Add((z_i, Neg(Call("ln", (Sum(Call("exp", (z_j,)), "j"),)))))
    share = Call("exp", (a_j,))
    equal, other = Compare(Var("i"), "=", Var("j")), Compare(Var("i"), "!=", Var("j"))
    slope = Cases(((Add((Num("1"), Neg(share))), equal), (Neg(share), other)))
    monkeypatch.setitem(activations.ACTIVATIONS, "log_softmax", Activation("log_softmax", law, slope, coupled=True))
    example = derive(spec("log_softmax"))
    assert_gradients(example, gradients(lambda z: torch.log_softmax(z, 1), squared))
    assert_programs_agree(example, "dE/dW1")
    batch = spec("log_softmax", input=[["0.5", "-1"], ["1", "0.25"]], target=[["1", "0"], ["0", "2"]])
    assert_programs_agree(derive(batch), "dE/dW1")


# --- a loss -----------------------------------------------------------------------------------------------------------


def test_a_loss_is_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    row = eval(shown('_row(\n    "log_cosh"'), {"_row": losses._row})
    monkeypatch.setitem(losses.LOSSES, row.name, row)
    prove(row)
    example = derive(spec("tanh", loss="log_cosh"))
    assert_gradients(example, gradients(torch.tanh, lambda o, y: torch.log(torch.cosh(o - y)).sum()))
    assert_programs_agree(example, "dE/dW1")
    assert verify(load_spec(spec("tanh", loss="log_cosh"))).agrees
    assert "log_cosh" in example.to_json()


# --- a rule of the update ---------------------------------------------------------------------------------------------


def test_a_rule_of_the_update_is_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"UpdateRule": UpdateRule, "Hyperparameter": Hyperparameter, "Memory": Memory}
    row = eval(shown('UpdateRule(\n    "rmsprop"'), known | {"Fraction": __import__("fractions").Fraction})
    monkeypatch.setitem(updates.UPDATES, row.name, row)
    example = derive(spec("tanh", update={"rule": "rmsprop", "rho": "0.8"}, steps=3))
    weights = leaves()
    optimizer = torch.optim.RMSprop(weights, lr=0.1, alpha=0.8, eps=1e-8)
    for _ in range(3):
        optimizer.zero_grad()
        a = torch.tensor([INPUT], dtype=torch.float64)
        for weight in weights:
            a = torch.tanh(a @ weight)
        squared(a, torch.tensor([TARGET], dtype=torch.float64)).backward()
        optimizer.step()
    for name, weight in zip(("W1@3", "W2@3"), weights, strict=True):
        ours = np.array(example[name].value, dtype=float)
        np.testing.assert_allclose(ours, weight.detach().numpy(), rtol=1e-12)
    page = example.to_markdown()
    assert r"\rho" in page
    assert "rmsprop" in page or "step of this rule" in page
    assert_programs_agree(example, "W1'")
