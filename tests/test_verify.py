"""``verify``: three routes agree where we are right, and say so where we are not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from symbackprop.api import load_spec
from symbackprop.backprop.backward import Delta, WeightGradient
from symbackprop.cli.main import main
from symbackprop.verify import verify
from tests.networks import SPECS
from tests.ops.test_pairs import CASES, network
from tests.test_cli import assert_one_line_error, run


@pytest.mark.parametrize("path", SPECS)
def test_the_examples_agree(path: str) -> None:
    result = verify(load_spec(path), library="PyTorch")
    assert result.agrees, result
    assert all(c.central < 1e-45 and c.automatic is not None for c in result.comparisons)


def test_jax_is_a_route_too() -> None:
    result = verify(load_spec("examples/regression.toml"), library="JAX")
    assert (result.library, result.agrees) == ("JAX", True)
    assert all(0 <= c.automatic < 1e-12 for c in result.comparisons if c.automatic is not None)


@pytest.mark.parametrize(("activation", "loss", "own"), CASES[::4])
def test_activations_and_losses_agree(activation: str, loss: str, own: bool) -> None:
    assert verify(load_spec(network(activation, loss, own, batch=True)), library="PyTorch").agrees


def test_expressions_and_penalties_agree() -> None:
    spec = network("tanh", "squared_error", own=False, batch=False)
    spec["layer"][0]["activation"] = "z / (1 + |z|) + min(sin(z), 0.1) + erf(z) / pi"
    spec |= {"loss": "(o - y)^2 + sqrt(1 + o^2)", "penalty": {"l2": "0.1", "on": "all"}}
    result = verify(load_spec(spec), library="PyTorch")
    assert result.agrees, result


@pytest.mark.parametrize("rule", [Delta, WeightGradient])
def test_a_wrong_derivation_is_found(rule: type[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    right = rule.compute

    def wrong(self: Any, values: Any) -> Any:
        found = right(self, values)
        found[-1][-1] = found[-1][-1] * 2 + 1
        return found

    monkeypatch.setattr(rule, "compute", wrong)
    by_differences, by_torch = (verify(load_spec("examples/mazur.toml"), library=name) for name in ("", "PyTorch"))
    assert not by_differences.agrees
    failed = [c for c in by_torch.comparisons if not c.agrees]
    assert failed
    assert all(c.automatic is not None and c.automatic > 1e-3 and c.central > 1e-3 for c in failed)
    assert all(c.worst.startswith(f"{c.address}[") for c in failed)


def test_a_wrong_derivation_ends_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    monkeypatch.setattr(Delta, "compute", lambda self, values: values[self.upstream])
    result = CliRunner().invoke(main, ["verify", "examples/mazur.toml", "--autograd", "none"])
    assert result.exit_code == 1
    assert "DISAGREES, worst at dE/d" in result.output
    assert "gradients disagree" in result.output.splitlines()[-1]


@pytest.mark.parametrize("at_zero", ["0", "1/2", "1"])
def test_a_corner_is_left_out_and_counted(at_zero: str) -> None:
    """A unit at exactly 0: by its weights the loss has a corner, and ReLU'(0) is a convention."""
    spec = load_spec(
        {
            "input": ["1", "2"],
            "target": ["1"],
            "learning_rate": "1",
            "loss": "squared_error",
            "conventions": {"relu_at_zero": at_zero},
            "layer": [
                {"activation": "relu", "W": [["2", "1"], ["-1", "1"]]},
                {"activation": "identity", "W": [["1"], ["1"]]},
            ],
        }
    )
    for library in ("", "PyTorch"):
        result = verify(spec, library=library)
        assert result.agrees
        assert {c.address: c.corners for c in result.comparisons} == {"dE/dx": 2, "dE/dW1": 2, "dE/dW2": 0}


def test_a_saturated_network_takes_more_digits() -> None:
    layer = {"activation": "softmax", "W": [["400", "-300", "0"]]}
    spec = {
        "input": ["1"],
        "target": ["1", "0", "0"],
        "learning_rate": "1",
        "loss": "binary_cross_entropy",
        "layer": [layer],
    }
    result = verify(load_spec(spec), library="")
    assert result.agrees, result


@pytest.mark.slow
def test_the_command(tmp_path: Path) -> None:
    result = run("verify", "examples/document.toml", "--entries", "4")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.splitlines()[0].split() == ["gradient", "entries", "central", "differences", "PyTorch"]
    assert "4 of 9" in result.stdout
    assert result.stdout.endswith("all 7 gradients agree\n")
    assert_one_line_error(run("verify", "nowhere.toml"), "nowhere.toml")
    bad = tmp_path / "bad.toml"
    layer = '[[layer]]\nactivation = "tanh"\nW = [[-1]]\n'
    bad.write_text(f'input = [1]\ntarget = [1]\nlearning_rate = 1\nloss = "cross_entropy"\n{layer}')
    assert_one_line_error(run("verify", str(bad)), "outside the domain")
