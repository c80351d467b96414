"""Pages in names of their own: what their figures are read as, and that nothing right on them is called wrong.

The network is small enough to work out by hand; the figures of the pages come from Python's own arithmetic.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from symbackprop.check import Report, Verdict, check

SPEC = """
input = ["0.5", "0.9"]
target = ["1"]
learning_rate = "0.5"
loss = "squared_error"

[[layer]]
activation = "sigmoid"
W = [["0.31", "-0.42"], ["0.27", "0.66"]]
b = ["0.12", "-0.23"]

[[layer]]
activation = "sigmoid"
W = [["0.73"], ["-0.58"]]
b = ["0.19"]
"""


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


X, V = (0.5, 0.9), (0.73, -0.58)
Z = (0.5 * 0.31 + 0.9 * 0.27 + 0.12, 0.5 * -0.42 + 0.9 * 0.66 - 0.23)
A = tuple(sigmoid(z) for z in Z)
U = A[0] * V[0] + A[1] * V[1] + 0.19
P = sigmoid(U)
LOSS = (P - 1) ** 2
D2 = 2 * (P - 1) * P * (1 - P)
D1 = tuple(D2 * v * a * (1 - a) for v, a in zip(V, A, strict=True))
NEW = tuple(v - 0.5 * D2 * a for v, a in zip(V, A, strict=True))


def checked(tmp_path: Path, text: str, name: str = "page.md") -> Report:
    spec, page = tmp_path / "net.toml", tmp_path / name
    spec.write_text(SPEC, encoding="utf-8")
    page.write_text(text, encoding="utf-8")
    return check(spec, page)


def read(report: Report) -> set[tuple[str, tuple[int, ...], str]]:
    """What was read, and is right."""
    sound = (Verdict.RIGHT, Verdict.ROUNDED)
    return {(line.of, line.index, line.printed) for line in report.lines if line.verdict in sound}


ROWS = rf"""
Input $X = [0.5, 0.9]$, label $y = 1$, $W_1 = \begin{{bmatrix}}0.31 & -0.42 \\ 0.27 & 0.66\end{{bmatrix}}$.
$b_1 = [0.12, -0.23]$
$z_1 = X W_1 + b_1 = [{Z[0]:.4f}, {Z[1]:.4f}]$
$a_1 = \sigma(z_1) = [{A[0]:.4f}, {A[1]:.4f}]$
$z_2 = a_1 W_2 + b_2 \approx {U:.4f}$
$\hat{{y}} = \sigma(z_2) \approx {P:.4f}$
$L = (\hat y - y)^2 = {LOSS:.4f}$
$\delta_2 = \frac{{\partial L}}{{\partial z_2}} = {D2:.4f}$
$\frac{{\partial L}}{{\partial W_2}} = [{D2 * A[0]:.4f}, {D2 * A[1]:.4f}]$
$W_2 \leftarrow W_2 - \eta \frac{{\partial L}}{{\partial W_2}} = [{NEW[0]:.4f}, {NEW[1]:.4f}]$
"""
NUMBERED = rf"""
>$ net_{{h1}} = 0.31 * 0.5 + 0.27 * 0.9 + 0.12 = {Z[0]:.5f} $
>
>$ net_{{h2}} = {Z[1]:.5f} $
>
>$ out_{{h1}} = \frac{{1}}{{1+e^{{-net_{{h1}}}}}} = {A[0]:.5f} $
>
>$ out_{{h2}} = {A[1]:.5f} $
>
>$ net_{{o1}} = {U:.5f} $
>
>$ out_{{o1}} = {P:.5f} $
>
>$ \frac{{\partial E_{{total}}}}{{\partial w_5}} = {D2 * A[0]:.6f} $
>
>$ \frac{{\partial E_{{total}}}}{{\partial w_6}} = {D2 * A[1]:.6f} $
>
>$ w_5^+ = {NEW[0]:.6f} $
"""
PRINTED = f"""
```
value of z1 = {Z[0]!r}
value of z2 = {Z[1]!r}
a1 = {A[0]!r}
a2 = {A[1]!r}
learning rate: 0.5
loss: {LOSS!r}
```
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            ROWS,
            {
                ("h1_in", (1,)),
                ("h1_out", (2,)),
                ("O_in", (1,)),
                ("E", ()),
                ("dE/dO_in", (1,)),
                ("dE/dW2", (2, 1)),
                ("W2'", (1, 1)),
            },
        ),
        (
            NUMBERED,
            {
                ("h1_in", (1,)),
                ("h1_out", (2,)),
                ("O_out", (1,)),
                ("dE/dW2", (1, 1)),
                ("dE/dW2", (2, 1)),
                ("W2'", (1, 1)),
            },
        ),
        (PRINTED, {("h1_in", (1,)), ("h1_in", (2,)), ("h1_out", (2,)), ("lr", ()), ("E", ())}),
    ],
    ids=["layers as subscripts", "weights through the network", "printed by a program"],
)
def test_a_page_is_read_in_its_own_names(text: str, expected: set[tuple[str, tuple[int, ...]]], tmp_path: Path) -> None:
    report = checked(tmp_path, text)
    assert {(of, index) for of, index, _ in read(report)} >= expected
    assert not report.has_mistakes


def test_a_wrong_figure_of_a_known_name_is_a_mistake(tmp_path: Path) -> None:
    """The figure is no quantity of the network, and others with the same name fit."""
    right = f"[{A[0]:.4f}, {A[1]:.4f}]"
    wrong = ROWS.replace(right, f"[{A[0]:.4f}, 0.5777]", 1)
    report = checked(tmp_path, wrong + f"\nBefore the update it was $a_1 = {right}$.\n")
    assert [(line.of, line.index) for line in report.lines if line.verdict is Verdict.MISTAKE] == [("h1_out", (2,))]


def test_another_example_on_the_page_is_not_about_this_network(tmp_path: Path) -> None:
    other = "\n## Exercise\n\nNow $x_1 = 3.1$, $x_2 = 7.25$, $z_1 = 8.123$, $z_2 = 9.456$, $a_1 = 0.1234$, $a_2 = 0.4321$.\n"
    report = checked(tmp_path, "## Ours\n" + ROWS + other)
    assert not report.has_mistakes
    assert not {"3.1", "7.25", "8.123", "9.456"} & {printed for _, _, printed in read(report)}


def test_a_figure_after_an_update_is_not_called_wrong(tmp_path: Path) -> None:
    """W_2 has its new value without a mark: the update stands in the figures alone."""
    step = f"W_2 = [0.73, -0.58] - 0.5 [{D2 * A[0]:.4f}, {D2 * A[1]:.4f}]"
    text = ROWS.replace(r"W_2 \leftarrow W_2 - \eta \frac{\partial L}{\partial W_2}", step)
    assert ("W2'", (1, 1), f"{NEW[0]:.4f}") in read(checked(tmp_path, text))


def test_output_and_text_of_a_notebook_are_read_with_their_lines(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "code", "source": ["print(z1)"], "outputs": [{"text": [f"z1 = [{Z[0]:.8f} {Z[1]:.8f}]\n"]}]},
        {"cell_type": "markdown", "source": [f"$a_1 = \\sigma(z_1) = [{A[0]:.6f}, {A[1]:.6f}]$"]},
    ]
    text = json.dumps({"cells": cells}, indent=1)
    report = checked(tmp_path, text, "page.ipynb")
    lines = text.splitlines()
    assert {line.of for line in report.lines} == {"h1_in", "h1_out"}
    assert all(line.printed in lines[line.span.line - 1] for line in report.lines)


@pytest.mark.parametrize("suffix", [".Rmd", ".qmd", ".txt"])
def test_more_formats_are_pages(suffix: str, tmp_path: Path) -> None:
    assert not checked(tmp_path, PRINTED.replace("```", ""), f"page{suffix}").has_mistakes


@pytest.mark.parametrize("number", ["3.1399999999999997", "0.30000001192092896"])
def test_a_double_printed_in_full_is_right(number: str, tmp_path: Path) -> None:
    """3.14 and 0.3 as doubles and single precision have them."""
    exact = f"{float(number):.4g}"
    spec = tmp_path / "net.toml"
    spec.write_text(
        f'input = ["1"]\ntarget = ["0"]\nlearning_rate = "0.1"\nloss = "squared_error"\n'
        f'[[layer]]\nactivation = "identity"\nW = [["{exact}"]]\n',
        encoding="utf-8",
    )
    report = check(spec, {"figure": [{"of": "O_in", "printed": [[number]]}]})
    assert [line.verdict for line in report.lines] == [Verdict.RIGHT]
