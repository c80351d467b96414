"""The command line, run as a person runs it: as a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from symbackprop import __version__, derive

EXAMPLE = str(Path("examples/document.toml").resolve())
PUBLISHED = str(Path("examples/published.toml").resolve())


def run(*arguments: str, stdin: str | None = None, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "symbackprop", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, cwd=cwd, check=False, encoding="utf-8")


def assert_one_line_error(result: subprocess.CompletedProcess[str], *words: str, code: int = 2) -> None:
    assert result.returncode == code, result
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    assert "Traceback" not in result.stderr
    for word in words:
        assert word in lines[0], lines[0]


def test_derive_writes_three_pages_and_says_so(tmp_path: Path) -> None:
    result = run("derive", EXAMPLE, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    for kind in ("md", "tex", "pdf"):
        assert f"wrote {Path('output') / f'document.{kind}'}" in result.stdout
        assert (tmp_path / "output" / f"document.{kind}").stat().st_size > 1000
    assert "2.6793" in result.stdout
    assert "2.6262" in result.stdout


def test_formats_language_digits_and_quiet(tmp_path: Path) -> None:
    result = run(
        "derive", EXAMPLE, "--to", "md,json", "--lang", "en", "--digits", "8", "--quiet", "-o", str(tmp_path / "a")
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert sorted(p.name for p in (tmp_path / "a").iterdir()) == ["document-figures", "document.json", "document.md"]
    page = (tmp_path / "a" / "document.md").read_text(encoding="utf-8")
    assert "Backpropagation" in page
    assert "2.6792825" in page
    numbers = json.loads((tmp_path / "a" / "document.json").read_text(encoding="utf-8"))
    assert numbers["quantities"]["E"]["value"] == "2.6792825"


def test_standard_input(tmp_path: Path) -> None:
    text = Path(EXAMPLE).read_text(encoding="utf-8")
    result = run("derive", "-", "--to", "md", "-o", str(tmp_path), stdin=text)
    assert result.returncode == 0, result.stderr
    assert "2.6793" in (tmp_path / "derivation.md").read_text(encoding="utf-8")


def test_new_writes_a_spec_that_can_be_derived(tmp_path: Path) -> None:
    for lang in ("en", "zh"):
        path = tmp_path / f"net-{lang}.toml"
        assert run("new", str(path), "--lang", lang).returncode == 0
        assert "#" in path.read_text(encoding="utf-8")
        assert run("derive", str(path), "-o", str(tmp_path), "--to", "md,tex,json").returncode == 0
        assert_one_line_error(run("new", str(path)), "exists", "--force")


def test_value_prints_what_the_derivation_says() -> None:
    addresses = ["dE/dW_kl[1,2]", "diag(dh2_out/dh2_in)", "dO_in[1]/dW_kl[2,1]", "E@10", "-dE/dO_in", "O_out - y"]
    result = run("value", EXAMPLE, "--to", "json", "--digits", "20", *addresses)
    assert run("value", EXAMPLE, "--to", "json", "--digits", "20", "--", *addresses).stdout == result.stdout
    assert result.returncode == 0, result.stderr
    values = json.loads(result.stdout)
    assert list(values) == addresses
    example = derive(EXAMPLE, digits=20)
    for address in addresses:
        assert as_decimals(values[address]) == example[address].value


def as_decimals(value: Any) -> Any:
    return [as_decimals(x) for x in value] if isinstance(value, list) else Decimal(value)


def test_value_as_text() -> None:
    result = run("value", EXAMPLE, "E", "O_out", "--digits", "5")
    assert result.stdout == "E = 2.6793\nO_out = [0.19845, 0.28536, 0.51620]\n"


def test_version_and_help() -> None:
    assert run("--version").stdout.split()[-1] == __version__
    for arguments in (["--help"], ["derive", "--help"], ["value", "--help"], ["new", "--help"]):
        result = run(*arguments)
        assert result.returncode == 0
        assert "symbackprop" in result.stdout
        assert "Example" in result.stdout


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_help_and_version_import_nothing_heavy(argument: str) -> None:
    code = (
        "import sys\nfrom symbackprop.cli.main import run\nsys.argv = ['symbackprop', sys.argv[1]]\n"
        "try:\n    run()\nexcept SystemExit:\n    pass\n"
        "heavy = {'sympy', 'jinja2', 'flint', 'typst', 'fontTools', 'mpmath'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code, argument], check=True, stdout=subprocess.DEVNULL)


def test_shell_completion() -> None:
    environment = os.environ | {"_SYMBACKPROP_COMPLETE": "bash_source"}
    script = Path(sys.executable).parent / "symbackprop"
    result = subprocess.run([script], env=environment, capture_output=True, text=True, check=True)
    assert "complete" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["derive", "missing.toml"], ["missing.toml", "no such file"]),
        (["derive", "."], ["directory"]),
        (["derive"], ["SPEC", "--help"]),
        (["derive", EXAMPLE, "--to", "docx"], ["docx", "md, tex, pdf"]),
        (["derive", EXAMPLE, "--digits", "0"], ["digits"]),
        (["derive", EXAMPLE, "--lang", "fr"], ["fr"]),
        (["derive", EXAMPLE, "-o", "/dev/null/x"], ["cannot be written"]),
        (["derive", EXAMPLE, "--nonsense"], ["--nonsense"]),
        (["value", EXAMPLE, "dE/dW_xl"], ["W_xl"]),
        (["value", EXAMPLE], ["ADDRESS"]),
        (["unheard-of"], ["unheard-of"]),
    ],
)
@pytest.mark.slow
def test_bad_usage_is_one_line_and_exit_code_2(arguments: list[str], words: list[str], tmp_path: Path) -> None:
    assert_one_line_error(run(*arguments, cwd=tmp_path), *words)
    assert not list(tmp_path.rglob("*.*")), "nothing is written"


EVERY_COMMAND: list[list[str]] = [
    ["derive", EXAMPLE, "--to", "md"],
    ["derive", EXAMPLE, "--to", "md", "-o", "-"],
    ["value", EXAMPLE, "E"],
    ["check", EXAMPLE, PUBLISHED],
    ["check", EXAMPLE, PUBLISHED, PUBLISHED, "--to", "md", "-o", "reports"],
    ["mistakes"],
    ["notations"],
    ["new", "net.toml"],
    ["verify", EXAMPLE],
    ["check", "--help"],
    ["--version"],
]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", EVERY_COMMAND, ids=" ".join)
def test_a_full_standard_output_is_one_line_and_exit_code_2(arguments: list[str], tmp_path: Path) -> None:
    """Not 1, which says that a check found mistakes."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        command = [sys.executable, "-m", "symbackprop", *arguments]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, cwd=tmp_path, check=False)
    assert_one_line_error(done, "standard output: no space left")


@pytest.mark.parametrize("arguments", [["mistakes", "--lang", "zh"], ["check", EXAMPLE, PUBLISHED, "--lang", "zh"]])
def test_a_standard_output_without_the_characters_is_one_line_and_exit_code_2(arguments: list[str]) -> None:
    environment = os.environ | {"PYTHONIOENCODING": "latin-1"}
    command = [sys.executable, "-m", "symbackprop", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, encoding="latin-1", check=False)
    assert_one_line_error(done, "cannot be written in latin-1", "PYTHONIOENCODING=utf-8")


def test_a_full_standard_error_changes_no_exit_code() -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        command = [sys.executable, "-m", "symbackprop", "check", EXAMPLE, "missing.md"]
        assert subprocess.run(command, stderr=full, stdout=full, check=False).returncode == 2


def test_a_fault_of_our_own_is_no_mistake_of_a_page() -> None:
    """Python ends with 1 after a traceback, and 1 is what a check says of a page with mistakes."""
    code = (
        "import sys\nimport symbackprop.graph.load as load\nload.load_spec = lambda path: 1 / 0\n"
        f"sys.argv = ['symbackprop', 'check', {EXAMPLE!r}, {PUBLISHED!r}]\n"
        "from symbackprop.cli.main import run\nrun()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (2, "ZeroDivisionError: division by zero")


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = f"{sys.executable} -m symbackprop mistakes | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (done.stdout.splitlines()[-1], done.stderr) == ("0", "")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"sigmoid"', '"sigmoyd"', ["layer[2].activation", "sigmoyd", "did you mean 'sigmoid'?"]),
        ("learning_rate", "learning_rte", ["learning_rte", "learning_rate"]),
        ('W = [["0.1", "0.2", "0.3"], ', "W = [", ["layer[1].W", "2×3", "3"]),
        ('["0.3", "0.2", "0.7"]', '["0.3", "0.2"]', ["layer[1].W"]),
        ('"0.01"', '"fast"', ["learning_rate", "fast"]),
        ('"0.01"', "nan", ["learning_rate", "nan"]),
        ('"0.01"', "inf", ["learning_rate", "inf"]),
        ('target = ["1.0", "0.0", "0.0"]', 'target = ["1.0", "0.0"]', ["target", "2", "3"]),
        ("[loss]", "[loss", ["line"]),
        ('activation = "softmax"', 'activation = "relu"', ["O_out[1]", "binary_cross_entropy", "between 0 and 1"]),
        ('activation = "softmax"', 'activation = "tanh"', ["O_out", "binary_cross_entropy"]),
    ],
)
def test_a_bad_spec_is_one_line_and_leaves_no_file(old: str, new: str, words: list[str], tmp_path: Path) -> None:
    text = Path(EXAMPLE).read_text(encoding="utf-8")
    assert old in text
    if "tanh" in new:
        text = text.replace('["0.1", "0.4", "0.8"]', '["-9", "0.4", "0.8"]')
    spec = tmp_path / "spec.toml"
    spec.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert_one_line_error(run("derive", str(spec), "-o", str(tmp_path / "out")), *words)
    assert not (tmp_path / "out").exists()


def test_a_nearly_saturated_softmax_is_inside_the_domain() -> None:
    """1 − o of about 10⁻¹³ and of about 10⁻²⁰⁰⁰: the loss is right to every digit."""
    import mpmath

    mpmath.mp.dps = 3000
    for logit in (30, 5000):
        spec = {
            "input": [1],
            "target": [0, 1],
            "learning_rate": "0.1",
            "loss": "binary_cross_entropy",
            "layer": [{"activation": "softmax", "W": [[logit, 0]]}],
        }
        o = 1 / (1 + mpmath.exp(-logit))
        exact = -mpmath.log(1 - o) - mpmath.log(1 - o)
        loss = mpmath.mpf(str(derive(spec, digits=30)["E"].value))
        assert abs(loss - exact) <= mpmath.mpf(10) ** -28 * exact


def test_a_missing_engine_is_exit_code_3(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "symbackprop",
        "derive",
        EXAMPLE,
        "--to",
        "pdf",
        "--engine",
        "xelatex",
        "-o",
        str(tmp_path),
    ]
    result = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PATH": "/nonexistent"},
        encoding="utf-8",
    )
    assert_one_line_error(result, "xelatex", code=3)
    assert not list(tmp_path.iterdir())


def test_a_page_can_go_to_standard_output() -> None:
    page = run("derive", EXAMPLE, "--to", "md", "-o", "-")
    assert (page.returncode, page.stdout) == (0, derive(EXAMPLE).to_markdown())
    assert_one_line_error(run("derive", EXAMPLE, "-o", "-"), "-o - takes one format")
