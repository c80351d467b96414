"""What people write, and what is read of it."""

from __future__ import annotations

import pytest

from symbackprop.api import load_spec
from symbackprop.check.claims import read_page
from symbackprop.check.engine.plan import true_values
from symbackprop.check.report.reading import reading_lines
from symbackprop.page.notation import Notation, load_profile

DERIVATION = true_values(load_spec("examples/document.toml")).derivation


def reading(text: str, suffix: str = ".md", notation: str = "document") -> list[str]:
    claims = read_page(text, suffix, "page", Notation(DERIVATION, load_profile(notation))).claims
    return [line.partition(": ")[2] for line in reading_lines(claims)]


@pytest.mark.parametrize(
    "text",
    [
        "$h1_{in1} = 1.35$",
        "$h1_{\\mathrm{in}, 1} = 1.35$",
        "$h1_{in,1}=1.35.$",
        "\\[ h1_{in_1} \\approx 1.35 \\]",
        "\\(h1_{in}[1] = 1.35\\)",
        "$$\n\\begin{aligned}\nh1_{in1} &= 1.35 \\\\\n\\end{aligned}\n$$",
        "\\begin{equation}\nh1_{in1} = 1{,}35 \\label{one}\n\\end{equation}".replace(" \\label{one}", ""),
        "$$\\boxed{h1_{in1} = 1.35}$$",
        "$h1_{in1} = 1.35 \\text{ (exactly)}$",
        "$h1_{in1} = \\left( 1.35 \\right)$",
        "```\nh1_in[1] = 1.35\n```",
        "```text\nh1_in1 = 1.35\n```",
        "| unit | $h1_{in}$ |\n|--|--|\n| 1 | 1.35 |",
        "| what | value |\n|--|--|\n| $h1_{in1}$ | 1.35 |",
        "| what | value |\n|--|--|\n| `h1_in1` | $1.35$ |",
        "$h1_{in1} = 1.35",
        "$$\\begin{cases} h1_{in1} = 1.35 \\end{cases}$$",
    ],
)
def test_one_figure(text: str) -> None:
    lines = reading(text) or reading(text + "$")
    assert lines == ["h1_in[1] = 1.35"]


@pytest.mark.parametrize(
    "array",
    [
        "\\begin{bmatrix} 1.35 & 1.27 & -1.8 \\end{bmatrix}",
        "\\begin{pmatrix} 1.35 \\\\ 1.27 \\\\ -1.8 \\\\ \\end{pmatrix}",
        "\\left[ \\begin{array}{ccc} 1.35 & 1.27 & -1.8 \\end{array} \\right]",
        "\\left( \\begin{matrix} 1.35 \\\\[2pt] 1.27 \\\\ -1.8 \\end{matrix} \\right)",
        "\\begin{bmatrix} 1.35 \\cr 1.27 \\cr -1.8 \\end{bmatrix}",
        "[1.35, 1.27, -1.8]",
        "[1.35 1.27 -1.8]",
        "(1.35, 1.27, -1.8)",
        "(1.35, 1.27, -1.8)^T",
        "[[1.35], [1.27], [-1.8]]",
        "\\begin{bmatrix} 1.35 & 1.27 & {-1.8}",
    ],
)
def test_one_row(array: str) -> None:
    assert reading(f"$h1_{{in}} = {array}$") == ["h1_in: [1] 1.35, [2] 1.27, [3] -1.8"]
    assert reading(f"$h1_{{in1}} = {array}$") == ["h1_in: [1] 1.35, [2] 1.27, [3] -1.8"]


@pytest.mark.parametrize(
    ("name", "address"),
    [
        (r"W_{kl}'", "W_kl'"),
        (r"\acute{W}_{kl}", "W_kl'"),
        (r"\acute{W}_{k1l2}", "W_kl'[1,2]"),
        (r"W_{k1l2}^{new}", "W_kl'[1,2]"),
        (r"W_{k1l2}^+", "W_kl'[1,2]"),
        (r"W_{kl,1,2}^{\prime}", "W_kl'[1,2]"),
        (r"\delta W_{kl}", "dE/dW_kl"),
        (r"\frac{\partial E}{\partial W_{k1l2}}", "dE/dW_kl[1,2]"),
        (r"\partial E_{total} / \partial W_{k1l2}", "dE/dW_kl[1,2]"),
        (r"\frac{dE}{dO_{in2}}", "dE/dO_in[2]"),
        (r"\frac{\partial O_{out1}}{\partial O_{in2}}", "dO_out/dO_in[1,2]"),
        (r"\frac{\partial h2_{out1}}{\partial h2_{in1}}", "diag(dh2_out/dh2_in)[1]"),
        (r"\sigma'(h2_{in1})", "diag(dh2_out/dh2_in)[1]"),
        (r"\hat{y}_2", "O_out[2]"),
        (r"E_2", "E_l[2]"),
        (r"E_{tot}", "E"),
        (r"\eta", "lr"),
    ],
)
def test_names(name: str, address: str) -> None:
    lines = reading(f"$$ {name} = 0.5 $$")
    assert lines in ([f"{address} = 0.5"], [f"{address} = 0.5 (a formula)"])


@pytest.mark.parametrize(
    ("notation", "name", "address"),
    [
        ("ng", "z_2^{[1]}", "h1_in[2]"),
        ("ng", r"\mathrm{dz}_2^{[3]}", "dE/dO_in[2]"),
        ("ng", "w_{21}^{[1]}", "W_ij[1,2]"),
        ("nielsen", r"\delta_2^4", "dE/dO_in[2]"),
        ("nielsen", "w_{21}^2", "W_ij[1,2]"),
        ("goodfellow", r"\hat{y}_2", "O_out[2]"),
        ("bishop", "w_{20}^{(1)}", "b_j[2]"),
        ("d2l", "o_2", "O_out[2]"),
        ("mazur", "w_5", "W_ij[2,2]"),
        ("mazur", "net_{o2}", "O_in[2]"),
        ("zhou", r"\theta_2", "-b_l[2]"),
        ("zhou", "g_2", "-dE/dO_in[2]"),
        ("nndl", r"\delta_2^{(3)}", "dE/dO_in[2]"),
    ],
)
def test_names_of_books(notation: str, name: str, address: str) -> None:
    assert reading(f"$$ {name} = 0.5 $$", notation=notation) == [f"{address} = 0.5"]


def test_chains() -> None:
    text = r"""
$$ h1_{in1} = x_1 W_{i1j1} + b_{j1} = 0.1 * 0.1 + 1 = 0.01 + 1 \approx 1.01, \quad h1_{in2} = 1.27 $$

$$ E = E_1 + E_2 + E_3
     = 1.6 + 0.3 + 0.7 = 2.6 $$
"""
    assert reading(text) == [
        r"h1_in[1] = x_1 W_{i1j1} + b_{j1} (a formula)",
        "h1_in[1] = 0.1 * 0.1 + 1 (numbers put in)",
        "h1_in[1] = 0.01 + 1 (numbers put in)",
        "h1_in: [1] 1.01, [2] 1.27",
        "E = E_1 + E_2 + E_3 (a formula)",
        "E: [1] 1.6, [2] 0.3, [3] 0.7 (terms)",
        "E = 2.6",
    ]


def test_what_cannot_be_read_is_said_with_its_line() -> None:
    text = "# Title\n\n$E = 1$ and $q_1 = 2$\n\n$$\n\\begin{aligned}\nE &= \\foo \\\\\n  &= 3\n\\end{aligned}\n$$\n"
    claims = read_page(text, ".md", "page", Notation(DERIVATION, load_profile("document"))).claims
    assert [(c.span.line, c.subject, c.text, c.problem) for c in claims] == [
        (3, "E", "1", ""),
        (3, "q_1 = 2", "q_1 = 2", "'q_1' is no name of this network"),
        (7, "E", r"\foo", r"unknown command '\\foo'"),
        (8, "E", "3", ""),
    ]


@pytest.mark.parametrize(
    "text",
    [
        r"$\sigma(z) = \frac{1}{1 + e^{-z}}$",
        r"$\mathrm{MSE} = \frac{1}{n} \sum_i (o_i - y_i)^2$",
        "$i = 1, 2, 3$",
        "$n = 3$",
        "An equation = in words, and `code = 3`.",
        "The price is $5 = cheap, said $no one.",
        "% $E = 3$\n",
    ],
)
def test_what_is_no_claim(text: str) -> None:
    suffix = ".tex" if text.startswith("%") else ".md"
    assert not [line for line in reading(text, suffix) if not line.startswith("cannot be read: 5 = cheap")]
