"""Certificates of proof: complete and not stale, and nothing is taken as proved that has none."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from symbackprop import derive
from symbackprop._util.session import current
from symbackprop.cli.main import main
from symbackprop.expr.nodes import Add, Num
from symbackprop.expr.parse import parse_formula
from symbackprop.graph.load import load_spec
from symbackprop.ops import activations, certificates, losses, proof
from symbackprop.ops.activations import ACTIVATIONS, Activation, with_slope_at_zero
from symbackprop.ops.losses import LOSSES, Loss
from symbackprop.ops.proof import ProofError
from symbackprop.verify import verify

EXAMPLE = "examples/document.toml"
ROWS = [*ACTIVATIONS.values(), *LOSSES.values()]


def is_certified(row: Activation | Loss) -> bool:
    current().forget()
    return certificates._is_certified(row)


def test_every_row_is_proved_again_and_its_certificate_is_in_the_file() -> None:
    """A new row, a changed one, and one that is gone: each makes the file another; `python -m symbackprop.ops.certificates`."""
    current().forget()
    assert certificates.made() == certificates.FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_row_is_certified_for_every_value_of_its_parameters(row: Activation | Loss) -> None:
    assert is_certified(row)
    assert is_certified(row.bound())
    for value in (Fraction(1), Fraction(2, 7), Fraction("0.25"), Fraction(3)):
        assert is_certified(row.bound({p.name: value for p in row.parameters}))


@pytest.mark.parametrize("slope", [Fraction(0), Fraction(1, 2), Fraction(1)])
def test_a_convention_at_a_single_point_needs_no_other_proof(slope: Fraction) -> None:
    assert is_certified(with_slope_at_zero(ACTIVATIONS["relu"].bound(), slope))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_certificate_is_of_the_law_and_of_the_slope(row: Activation | Loss) -> None:
    """Also of a row that carries the name and the values of one that is certified."""
    for one in (row, row.bound()):
        for field in ("law", "slope"):
            assert not is_certified(dataclasses.replace(one, **{field: Add((getattr(one, field), Num("1")))}))
        if isinstance(one, Loss):
            assert not is_certified(dataclasses.replace(one, coefficient=one.coefficient + 1))
            assert not is_certified(dataclasses.replace(one, domain="another"))
        assert not is_certified(dataclasses.replace(one, coupled=not one.coupled))


def test_the_cases_of_a_certified_row_cannot_be_exchanged() -> None:
    row = ACTIVATIONS["relu"]
    assert not is_certified(dataclasses.replace(row, slope=parse_formula("0 if z > 0 else 1")))
    assert not is_certified(dataclasses.replace(row, slope=parse_formula("1 if z > 1 else 0")))


@pytest.mark.parametrize("content", [None, b"", b"[]", b"{", b'{"activation sigmoid": 1}', b"\xff"])
def test_without_the_file_everything_is_proved(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "certificates.json"
    if content is not None:
        file.write_bytes(content)
    proved = _without_certificates(monkeypatch, file)
    derive(EXAMPLE)
    assert {row.name for row in proved} == {"relu", "sigmoid", "softmax", "binary_cross_entropy"}


def _without_certificates(monkeypatch: pytest.MonkeyPatch, file: Path) -> list[Any]:
    """Another file in place of ours; what is proved from now on."""
    proved: list[Any] = []
    monkeypatch.setattr(certificates, "FILE", file)
    monkeypatch.setattr(proof, "prove", proved.append)
    monkeypatch.setattr(certificates, "_issued", certificates._issued.__wrapped__)
    monkeypatch.setattr(certificates, "_is_certified", certificates._is_certified.__wrapped__)
    return proved


def test_known_rows_are_not_proved_again_unless_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    proved: list[Any] = []
    monkeypatch.setattr(proof, "prove", proved.append)
    derive(EXAMPLE)
    assert not proved
    derive(EXAMPLE, prove=True)
    assert [row.name for row in proved] == ["binary_cross_entropy", "relu", "sigmoid", "softmax"]
    proved.clear()
    CliRunner().invoke(main, ["derive", EXAMPLE, "--prove", "--to", "json", "-o", "-"], catch_exceptions=False)
    assert len(proved) == 4
    proved.clear()
    verify(load_spec(EXAMPLE), most=1, library="")
    assert len(proved) == 4


# --- what is wrong stops the program ----------------------------------------------------------------------------------


def test_a_wrong_row_is_refused_and_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = dataclasses.replace(ACTIVATIONS["sigmoid"], slope=parse_formula("a * (1 + a)"))
    monkeypatch.setitem(activations.ACTIVATIONS, "sigmoid", wrong)
    from symbackprop.graph import network

    monkeypatch.setattr(network, "_bound", network._bound.__wrapped__)
    for command in (["derive", EXAMPLE, "--to", "md", "-o", str(tmp_path)], ["value", EXAMPLE, "E"]):
        with pytest.raises(ProofError, match="sigmoid: the closed form"):
            CliRunner().invoke(main, command, catch_exceptions=False)
    assert not list(tmp_path.iterdir())
    with pytest.raises(ProofError):
        certificates.made()


def test_a_wrong_loss_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = dataclasses.replace(LOSSES["binary_cross_entropy"], coefficient=2)
    monkeypatch.setitem(losses.LOSSES, "binary_cross_entropy", wrong)
    with pytest.raises(ProofError, match="binary_cross_entropy"):
        derive(EXAMPLE)


def test_the_command_writes_what_is_proved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is made by running the module, as the docs say."""
    command = [sys.executable, "-m", "symbackprop.ops.certificates"]
    before = certificates.FILE.read_bytes()
    subprocess.run(command, check=True)
    assert certificates.FILE.read_bytes() == before


# --- SymPy stays away -------------------------------------------------------------------------------------------------

PROGRAM = """
import sys
from symbackprop.cli.main import main
for command in {commands!r}:
    try:
        main(command, standalone_mode=False)
    except SystemExit as end:
        assert end.code in (0, 1), command
    assert not {{"sympy", "mpmath"}} & set(sys.modules), command
from symbackprop import derive
example = derive({example!r})
assert example["E"].value and "sympy" not in sys.modules
assert str(example["E"].law) and "sympy" in sys.modules
"""


def test_operations_of_the_tables_need_no_sympy(tmp_path: Path) -> None:
    out = ["-o", str(tmp_path)]
    commands = [
        ["derive", EXAMPLE, "-q", "--to", "md,tex,html,pdf,json,numpy,torch,ipynb,slides", *out],
        ["value", EXAMPLE, "E", "dE/dW_kl[1,2]", "E@10"],
        ["check", EXAMPLE, "examples/published.md"],
        ["check", EXAMPLE, "examples/published.toml", "--to", "md,tex,html,pdf", *out],
    ]
    program = PROGRAM.format(commands=commands, example=EXAMPLE)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
