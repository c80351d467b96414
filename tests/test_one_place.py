"""A new activation is one row of one table: CONTRIBUTING.md's claim, with CONTRIBUTING.md's row."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import torch

from symbackprop import derive
from symbackprop.ops import activations


def test_one_row_is_all_that_a_new_activation_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    text = Path("CONTRIBUTING.md").read_text(encoding="utf-8")
    shown = re.search(r'_row\("softsign", "([^"]+)", "([^"]+)"\)', text)
    assert shown
    row = activations._row("softsign", shown[1], shown[2])
    monkeypatch.setitem(activations.ACTIVATIONS, "softsign", row)
    spec = {
        "input": ["0.5", "-1"],
        "target": ["1", "0"],
        "learning_rate": "0.1",
        "loss": "squared_error",
        "layer": [
            {"activation": "softsign", "W": [["1", "-2"], ["0.5", "1"]]},
            {"activation": "softsign", "W": [["1", "0.3"], ["0.5", "1"]]},
        ],
    }
    example = derive(spec)
    a = torch.tensor([[0.5, -1.0]], dtype=torch.float64)
    weights = [
        torch.tensor(w, dtype=torch.float64, requires_grad=True) for w in ([[1, -2], [0.5, 1]], [[1, 0.3], [0.5, 1]])
    ]
    for weight in weights:
        a = torch.nn.functional.softsign(a @ weight)
    ((a - torch.tensor([[1.0, 0.0]])) ** 2).sum().backward()
    for name, weight in zip(("dE/dW1", "dE/dW2"), weights, strict=True):
        ours = torch.tensor([[float(v) for v in row] for row in example[name].value], dtype=torch.float64)
        assert weight.grad is not None
        assert torch.allclose(ours, weight.grad, rtol=1e-12)
    assert "softsign" in example.to_markdown()
