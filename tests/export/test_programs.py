"""The programs and the notebook, run: every number they print is the JSON's."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symbackprop import derive
from symbackprop._util.errors import SymbackpropError
from symbackprop.api import WorkedExample
from tests.networks import SPECS, specs
from tests.programs import run_program
from tests.test_pages import wide

DIGITS = 12
PLAIN = [spec for spec in SPECS if "rounded" not in spec]
PRINTED = re.compile(r"^(?P<name>\S.*?) = (?P<value>.*?)(?=\n\S|\Z)", re.MULTILINE | re.DOTALL)


def run(source: str) -> dict[str, Any]:
    """What a program prints: address → value."""
    said = run_program(source)
    return {m["name"]: json.loads(m["value"].replace("nan", "NaN")) for m in PRINTED.finditer(said)}


def code_of(notebook: str) -> str:
    return "\n".join(cell.source for cell in nbformat.reads(notebook, 4).cells if cell.cell_type == "code")


def wanted(example: WorkedExample, address: str) -> Any:
    later = re.fullmatch(r"(.+)@(\d+)", address)
    if later is None:
        return example[address].text
    plain, step = later.groups()
    texts = example.precise.texts(plain, int(step))
    per_sample = example.derivation.quantities[plain].per_sample
    return texts[0] if per_sample and not example.derivation.network.spec.batch else texts


def assert_equal(found: Any, expected: Any, scale: float, place: str) -> None:
    if isinstance(expected, list):
        assert isinstance(found, list), place
        assert len(found) == len(expected), place
        for k, (a, b) in enumerate(zip(found, expected, strict=True), 1):
            assert_equal(a, b, scale, f"{place}[{k}]")
        return
    assert abs(found - float(expected)) <= 1e-9 * max(scale, abs(float(expected))), (place, found, expected)


def largest(value: Any) -> float:
    return max(map(largest, value), default=0.0) if isinstance(value, list) else abs(float(value))


def assert_prints_the_numbers(example: WorkedExample, printed: dict[str, Any]) -> None:
    scale = max(1.0, largest([example[a].text for a in example]))
    for address, value in printed.items():
        assert_equal(value, wanted(example, address), scale, address)


# --- every example ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spec", PLAIN)
def test_the_numpy_program_prints_every_number(spec: str) -> None:
    example = derive(spec, digits=DIGITS)
    printed = run(example.to_numpy())
    assert_prints_the_numbers(example, printed)
    copies = re.compile(r"d.+_in/d(?!.+_in$)")
    computed = [a for a, q in example.derivation.quantities.items() if a in example.derivation.rules]
    assert {a for a in computed if not copies.match(a)} <= set(printed)
    assert "E@1" in printed


@pytest.mark.parametrize("spec", PLAIN)
def test_the_torch_program_prints_the_same_numbers(spec: str) -> None:
    example = derive(spec, digits=DIGITS)
    printed = run(example.to_torch())
    assert_prints_the_numbers(example, printed)
    for layer in example.derivation.network.layers:
        assert {layer.pre, layer.out, f"dE/d{layer.pre}", f"dE/d{layer.weight}", f"{layer.weight}'"} <= set(printed)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("spec", PLAIN)
@pytest.mark.slow
def test_the_notebook_is_valid_and_computes_every_number(spec: str, lang: str) -> None:
    example = derive(spec, digits=DIGITS, lang=lang)
    text = example.to_notebook()
    nbformat.validate(nbformat.reads(text, 4))
    printed = run(code_of(text))
    assert_prints_the_numbers(example, printed)
    net = example.derivation.network
    for layer in net.layers:
        assert {layer.pre, layer.out, f"dE/d{layer.weight}", f"{layer.weight}'"} <= set(printed)
    assert {"E", "E@1"} <= set(printed)


def test_a_notebook_shows_its_pictures_without_other_files() -> None:
    cells = nbformat.reads(derive("examples/document.toml", lang="en").to_notebook(), 4).cells
    shown = [name for cell in cells for name in re.findall(r"\(attachment:(.+?)\)", cell.source)]
    assert len(shown) == 7
    assert all(f"attachment:{name}" in cell.source for cell in cells for name in cell.get("attachments", {}))


def test_a_notebook_runs_in_jupyter() -> None:
    import nbclient

    notebook = nbformat.reads(derive("examples/mazur.toml").to_notebook(), 4)
    done = nbclient.NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    said = "".join(out.get("text", "") for c in done.cells for out in c.get("outputs", []))
    assert "E@1 = 0.2910" in said or "E@1 = 0.29" in said


# --- every network ----------------------------------------------------------------------------------------------------


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(specs(saturated=False))
@pytest.mark.slow
def test_programs_of_any_network(spec: dict[str, Any]) -> None:
    example = derive(spec, digits=DIGITS)
    assert_prints_the_numbers(example, run(example.to_numpy()))
    assert_prints_the_numbers(example, run(example.to_torch()))


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(specs(saturated=False), st.sampled_from(["zh", "en"]))
@pytest.mark.slow
def test_notebooks_of_any_network(spec: dict[str, Any], lang: str) -> None:
    example = derive(spec, digits=DIGITS, lang=lang)
    assert_prints_the_numbers(example, run(code_of(example.to_notebook())))


def test_mini_batches_penalty_and_many_steps() -> None:
    spec = wide([3, 4, 3], ["tanh", "softmax"], samples=5) | {
        "batch_size": 2,
        "steps": 4,
        "penalty": {"l2": "0.01", "on": "all"},
    }
    example = derive(spec, digits=DIGITS)
    for source in (example.to_numpy(), example.to_torch(), code_of(example.to_notebook())):
        printed = run(source)
        assert {"E@1", "E@4", "R"} <= set(printed)
        assert_prints_the_numbers(example, printed)


@pytest.mark.parametrize("frozen", [False, "bias", True])
@pytest.mark.parametrize("rule", [{"rule": "momentum", "momentum": "0.8"}, {"rule": "adam", "beta1": "0.7"}])
def test_rules_of_updates_that_remember(rule: dict[str, str], frozen: object) -> None:
    spec = wide([3, 4, 3], ["tanh", "softmax"], samples=5) | {"batch_size": 2, "steps": 4, "update": rule}
    for layer in spec["layer"]:
        layer["frozen"] = frozen
    example = derive(spec, digits=DIGITS)
    for source in (example.to_numpy(), example.to_torch(), code_of(example.to_notebook())):
        printed = run(source)
        assert "E@4" in printed
        assert_prints_the_numbers(example, printed)
    if not frozen:
        memories = {a for a, q in example.derivation.quantities.items() if q.kind.value.endswith("memory")}
        assert memories and memories <= set(run(example.to_numpy()))


@pytest.mark.parametrize(
    "activation",
    [
        "z / (1 + |z|)",
        "max(0, min(1, 0.2 * z + 0.5))",
        "z * erf(z / sqrt(2))",
        "ln(1 + exp(z)) if z > 0 else z ^ 3 / pi",
    ],
)
@pytest.mark.parametrize("loss", ["(o - y)^4 / 3", "1 - exp(-(o - y)^2)"])
def test_expressions_of_a_users_own(activation: str, loss: str) -> None:
    spec = wide([2, 3, 2], [activation, "sigmoid"]) | {"loss": loss}
    example = derive(spec, digits=DIGITS)
    assert_prints_the_numbers(example, run(example.to_numpy()))
    assert_prints_the_numbers(example, run(example.to_torch()))


def test_a_loss_that_is_an_output(tmp_path: Path) -> None:
    spec = wide([2, 3], ["softmax"]) | {"loss": {"kind": "none", "of": 2}}
    spec.pop("target")
    example = derive(spec, digits=DIGITS)
    assert_prints_the_numbers(example, run(example.to_numpy()))
    assert_prints_the_numbers(example, run(example.to_torch()))


def test_what_a_program_cannot_say_is_one_line() -> None:
    rounded = wide([2, 2], ["sigmoid"]) | {"rounding": {"mode": "sequential", "decimals": 4}}
    corner = wide([1, 1], ["|z|"]) | {"input": ["0"], "loss": "squared_error"}
    corner["layer"][0]["b"] = ["0"]
    stated = wide([2, 2], ["sigmoid"]) | {"given": {"h1_out": ["0.5", "0.25"]}}
    stated["layer"][0]["name"] = "h1"
    for spec, make in ((rounded, "to_numpy"), (rounded, "to_torch"), (rounded, "to_notebook"), (stated, "to_torch")):
        with pytest.raises(SymbackpropError) as caught:
            getattr(derive(spec), make)()
        assert "\n" not in str(caught.value)
    assert_prints_the_numbers(derive(stated, digits=DIGITS), run(derive(stated, digits=DIGITS).to_numpy()))


def test_the_command_writes_programs_that_run(tmp_path: Path) -> None:
    options = ["--to", "numpy,torch,ipynb", "-o", str(tmp_path), "--quiet"]
    subprocess.run([sys.executable, "-m", "symbackprop", "derive", "examples/document.toml", *options], check=True)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["document.ipynb", "document_numpy.py", "document_torch.py"]
    said = subprocess.run([sys.executable, tmp_path / "document_numpy.py"], capture_output=True, text=True, check=True)
    assert "dE/dO_in = [-1.0925, 0.26625, 0.82628]" in said.stdout
