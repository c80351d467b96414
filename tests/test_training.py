"""Updates with a memory, mini-batches, epochs, frozen parameters: against PyTorch's optimisers, step by step."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import torch

from symbackprop import derive
from symbackprop._util.errors import SpecError
from symbackprop.page.model import Page, Paragraph, Run
from symbackprop.verify import verify

RULES = {
    "sgd": {},
    "momentum": {"momentum": "0.8"},
    "adam": {"beta1": "0.85", "beta2": "0.99", "epsilon": "1e-6"},
}


def spec(rule: str, **more: Any) -> dict[str, Any]:
    """Two layers, four samples."""
    hidden = {"activation": "tanh", "W": [["0.4", "-0.7", "0.2"], ["1.3", "0.2", "-0.9"]], "b": ["0.05", "-0.1", "0.3"]}
    last = {"activation": "softmax", "W": [["0.9", "-0.4"], ["-1.2", "0.6"], ["0.3", "0.8"]], "b": ["0.1", "0.2"]}
    return {
        "input": [["0.5", "-0.8"], ["1.1", "0.3"], ["-0.2", "0.9"], ["0.7", "0.7"]],
        "target": [["1", "0"], ["0", "1"], ["0.25", "0.75"], ["1", "0"]],
        "learning_rate": "0.05",
        "loss": "cross_entropy",
        "update": {"rule": rule, **RULES[rule]},
        "layer": [hidden | more.pop("hidden", {}), last | more.pop("last", {})],
        **more,
    }


def by_torch(values: dict[str, Any], steps: int) -> dict[str, Any]:
    """The parameters after ``steps`` updates by PyTorch's own optimiser."""

    def tensor(rows: Any) -> torch.Tensor:
        return torch.tensor(np.array(rows, dtype=float))

    x, y = tensor(values["input"]), tensor(values["target"])
    names, leaves, trained = [], [], []
    for number, layer in enumerate(values["layer"], 1):
        frozen = layer.get("frozen", False)
        for kind, key in (("weights", "W"), ("bias", "b")):
            names.append(f"{key}{number}")
            leaves.append(tensor(layer[key]).requires_grad_())
            if frozen not in (True, "all", kind) and (key == "W" or values["update"].get("bias", True)):
                trained.append(leaves[-1])
    update, rate = values["update"], float(values["learning_rate"])
    if update["rule"] == "adam":
        betas = (float(update["beta1"]), float(update["beta2"]))
        optimizer: Any = torch.optim.Adam(trained, lr=rate, betas=betas, eps=float(update["epsilon"]))
    else:
        optimizer = torch.optim.SGD(trained, lr=rate, momentum=float(update.get("momentum", 0)))
    size = values.get("batch_size", len(x))
    for step in range(steps):
        rows = [(step * size + k) % len(x) for k in range(size)]
        a = x[rows]
        W1, b1, W2, b2 = leaves
        o = torch.softmax(torch.tanh(a @ W1 + b1) @ W2 + b2, 1)
        loss = -(y[rows] * torch.log(o)).sum() / size
        if "penalty" in values:
            loss = loss + float(values["penalty"]["l2"]) * sum((w**2).sum() for w in (W1, W2))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return {name: leaf.detach().numpy() for name, leaf in zip(names, leaves, strict=True)}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(
    "more",
    [
        {},
        {"batch_size": 2},
        {"batch_size": 3, "penalty": {"l2": "0.02"}},
        {"hidden": {"frozen": True}},
        {"hidden": {"frozen": "weights"}, "last": {"frozen": "bias"}},
    ],
    ids=["all samples", "mini-batches", "penalty", "frozen layer", "frozen parts"],
)
def test_parameters_agree_with_torch(rule: str, more: dict[str, Any]) -> None:
    values = spec(rule, **more)
    example = derive(values)
    for steps in (1, 2, 7):
        expected = by_torch(values, steps)
        for name, theirs in expected.items():
            ours = np.array(example[f"{name}@{steps}"].value, dtype=float)
            np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-14, err_msg=f"{name}@{steps}")


@pytest.mark.parametrize("rule", RULES)
def test_biases_may_be_left_alone(rule: str) -> None:
    values = spec(rule)
    values["update"]["bias"] = False
    example = derive(values)
    assert example["b1'"].text == example["b1"].text
    expected = by_torch(values, 4)
    for name in ("W1", "W2"):
        np.testing.assert_allclose(np.array(example[f"{name}@4"].value, dtype=float), expected[name], rtol=1e-12)


def test_an_epoch_takes_every_mini_batch_once() -> None:
    in_epochs, in_steps = derive(spec("adam", batch_size=2, epochs=3)), derive(spec("adam", batch_size=2, steps=6))
    assert in_epochs.derivation.network.spec.steps == 6
    assert in_epochs.to_markdown() == in_steps.to_markdown()


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("notation", ["document", "ng", "zhou"])
@pytest.mark.slow
def test_every_rule_has_its_pages(rule: str, lang: str, notation: str) -> None:
    example = derive(spec(rule, hidden={"frozen": "weights"}), lang=lang, notation=notation)
    page: Page = example.page
    text = "".join(r.text for b in page.blocks if isinstance(b, Paragraph) for r in b.content if isinstance(r, Run))
    assert ("frozen" if lang == "en" else "冻结") in text
    assert "\\hat" in example.to_latex() or rule != "adam"
    assert example.to_pdf().startswith(b"%PDF")


@pytest.mark.parametrize("rule", ["momentum", "adam"])
def test_memories_have_addresses(rule: str) -> None:
    example = derive(spec(rule))
    schema = json.loads(Path("docs/derivation.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(example.to_json()), schema)
    memory = "v(W2)" if rule == "momentum" else "m(W2)"
    assert set(np.array(example[memory].value, dtype=float).ravel()) == {0.0}
    assert example[f"{memory}@1"].value == example[f"{memory}'"].value
    gradient = np.array(example["dE/dW2"].value, dtype=float)
    share = 1 if rule == "momentum" else 0.15
    np.testing.assert_allclose(np.array(example[f"{memory}'"].value, dtype=float), share * gradient, rtol=1e-12)
    if rule == "adam":
        np.testing.assert_allclose(np.array(example["mhat(W2)"].value, dtype=float), gradient, rtol=1e-12)
        assert float(example["shat(W2)[1,2] - dE/dW2[1,2]^2"].value) == pytest.approx(0, abs=1e-15)


def test_gradients_of_frozen_layers_are_still_right() -> None:
    from symbackprop.api import load_spec

    assert verify(load_spec(spec("adam", hidden={"frozen": True})), library="PyTorch").agrees


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"update": {"rule": "adma"}}, ("update.rule", "'adam'")),
        ({"update": {"rule": "sgd", "momentum": "0.9"}}, ("update.momentum", "'momentum'")),
        ({"update": {"rule": "momentum", "momentum": "1"}}, ("update.momentum", "below 1")),
        ({"update": {"rule": "adam", "epsilon": "0"}}, ("update.epsilon", "1e-8")),
        ({"epochs": 2, "steps": 3}, ("epochs", "steps")),
        ({"epochs": 2, "batch_size": 3}, ("epochs", "divide")),
        ({"epochs": 0}, ("epochs",)),
        ({"update": {"rule": "adam"}, "target_name": "t"}, ("update.rule", "t is a name")),
        (
            {"layer": [{"activation": "softmax", "W": [["1", "2"], ["3", "4"]], "frozen": "bias"}]},
            ("frozen", "no bias"),
        ),
        (
            {"layer": [{"activation": "softmax", "W": [["1", "2"], ["3", "4"]], "frozen": "biass"}]},
            ("frozen", "'bias'"),
        ),
    ],
)
def test_bad_updates_are_one_line(change: dict[str, Any], words: tuple[str, ...]) -> None:
    with pytest.raises(SpecError) as caught:
        derive(spec("sgd") | change)
    for word in words:
        assert word in str(caught.value), caught.value
    assert "\n" not in str(caught.value)
