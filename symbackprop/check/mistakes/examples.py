"""An example of each mistake, tested: a figure of a small network that only this mistake (or a tie) explains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Example:
    """In which of the example networks, of what, and what was written; ``factors``, ``terms``, ``formula`` if they matter."""

    network: str
    of: str
    printed: Any
    factors: Any = None
    terms: Any = None
    formula: str | None = None

    def figure(self) -> dict[str, Any]:
        """The example as a figure of a figure file."""
        parts = {"printed": self.printed, "factors": self.factors, "terms": self.terms, "formula": self.formula}
        return {"of": self.of, **{key: value for key, value in parts.items() if value is not None}}


NETWORKS: dict[str, dict[str, Any]] = {
    "document": {
        "input": ["0.1", "0.2", "0.7"],
        "target": ["1.0", "0.0", "0.0"],
        "learning_rate": "0.01",
        "loss": {"kind": "binary_cross_entropy", "outputs": "sum", "batch": "mean"},
        "update": {"bias": False},
        "layer": [
            {
                "name": "h1",
                "weight": "W_ij",
                "bias": "b_j",
                "activation": "relu",
                "W": [["0.1", "0.2", "0.3"], ["0.3", "0.2", "0.7"], ["0.4", "0.3", "0.9"]],
                "b": ["1.0", "1.0", "1.0"],
            },
            {
                "name": "h2",
                "weight": "W_jk",
                "bias": "b_k",
                "activation": "sigmoid",
                "W": [["0.2", "0.3", "0.5"], ["0.3", "0.5", "0.7"], ["0.6", "0.4", "0.8"]],
                "b": ["1.0", "1.0", "1.0"],
            },
            {
                "name": "O",
                "weight": "W_kl",
                "bias": "b_l",
                "activation": "softmax",
                "W": [["0.1", "0.4", "0.8"], ["0.3", "0.7", "0.2"], ["0.5", "0.2", "0.9"]],
                "b": ["1.0", "1.0", "1.0"],
            },
        ],
    },
    "squares": {
        "input": ["0.5", "-0.2"],
        "target": ["0.9", "0.1"],
        "learning_rate": "0.5",
        "loss": {"kind": "squared_error", "outputs": "sum", "factor": "0.5"},
        "layer": [
            {"activation": "sigmoid", "W": [["0.4", "-0.7"], ["0.6", "0.3"]], "b": ["0.1", "-0.2"]},
            {"activation": "sigmoid", "W": [["0.8", "0.5"], ["-0.3", "0.9"]], "b": ["0.2", "0.1"]},
        ],
    },
    "digits": {
        "input": ["0.374", "0.52"],
        "target": ["1"],
        "learning_rate": "0.1",
        "loss": {"kind": "squared_error", "outputs": "sum"},
        "layer": [{"activation": "sigmoid", "W": [["0.25"], ["-0.64"]], "b": ["0.15"]}],
    },
    "classes": {
        "input": [["0.5", "-0.2"], ["0.3", "0.8"]],
        "target": [["1", "0"], ["0", "1"]],
        "learning_rate": "0.1",
        "loss": {"kind": "cross_entropy"},
        "layer": [
            {"activation": "tanh", "W": [["0.4", "-0.7"], ["0.6", "0.3"]], "b": ["0.1", "-0.2"]},
            {"activation": "softmax", "W": [["0.8", "0.5"], ["-0.3", "0.9"]], "b": ["0.2", "0.1"]},
        ],
    },
}
"""The worked example of the founding document; a squared error; two inputs of several digits; a batch of two with softmax."""

EXAMPLES: dict[str, Example] = {
    "softmax.no-exp": Example("document", "O_out", ["0.269792", "0.322277", "0.407930"]),
    "softmax.not-normalised": Example("document", "O_out", ["6.46930", "9.30249", "16.8279"]),
    "softmax.over-batch": Example("classes", "O_out", [["0.443170", "0.365559"], ["0.556830", "0.634441"]]),
    "bias.left-out": Example("document", "h1_in", ["0.350000", "0.270000", "0.800000"]),
    "bias.threshold": Example("document", "h1_in", ["-0.650000", "-0.730000", "-0.200000"]),
    "weights.transposed": Example("document", "h1_in", ["1.26000", "1.56000", "1.73000"]),
    "weights.other-layer": Example("document", "h1_in", ["1.50000", "1.41000", "1.75000"]),
    "activation.left-out": Example("document", "h2_out", ["2.73100", "2.76000", "4.00400"]),
    "batch.averaged-first": Example("classes", "h1_in", [["0.440000", "-0.390000"], ["0.440000", "-0.390000"]]),
    "log.base-10": Example("document", "E_l", ["0.702356", "0.145910", "0.315332"]),
    "log.base-2": Example("document", "E_l", ["2.33318", "0.484702", "1.04751"]),
    "bce.sign": Example("document", "E_l", ["1.61723", "-0.335970", "-0.726079"]),
    "loss.other-entropy": Example("document", "E_l", ["1.61723", "0", "0"]),
    "loss.half": Example("squares", "E_l", ["0.0731434", "0.320140"]),
    "batch.sum-or-mean": Example("classes", "E", "1.33288"),
    "outputs.sum-or-mean": Example("document", "E", "8.03785"),
    "gradient.target-minus-output": Example("squares", "dE/dO_out", ["0.270450", "-0.565810"]),
    "step.one-off": Example("document", "E@1", "2.67928"),
    "jacobian.diagonal-only": Example(
        "document", "dO_out/dO_in", [["0.159066", "0", "0"], ["0", "0.203928", "0"], ["0", "0", "0.249738"]]
    ),
    "jacobian.transposed": Example(
        "document",
        "dO_in/dh2_out",
        [
            ["0.100000", "0.400000", "0.800000"],
            ["0.300000", "0.700000", "0.200000"],
            ["0.500000", "0.200000", "0.900000"],
        ],
    ),
    "slope.at-activation": Example("document", "diag(dh2_out/dh2_in)", ["0.202099", "0.201953", "0.198234"]),
    "slope.of-pre-activation": Example("document", "diag(dh2_out/dh2_in)", ["-4.72736", "-4.85760", "-12.0280"]),
    "slope.of-error": Example("squares", "diag(dO_out/dO_in)", ["-0.343594", "0.245669"]),
    "slope.saturated": Example("document", "diag(dh1_out/dh1_in)", ["0", "0", "0"]),
    "slope.with-cross-entropy": Example("document", "dE/dO_in", ["-0.127500", "0.0581919", "0.128914"]),
    "slope.left-out": Example("document", "dE/dO_in", ["-5.03913", "1.39930", "2.06696"]),
    "upstream.dropped": Example("document", "dE/dO_in", ["0.159066", "0.203928", "0.249738"]),
    "product.matrix-for-elementwise": Example("document", "dE/dh2_in", ["0.0435488", "0.0435488", "0.0435488"]),
    "factor.twice": Example("document", "dE/dO_in", ["-0.173784", "0.0542954", "0.206353"]),
    "divide.for-product": Example("document", "dE/dO_in", ["-31.6796", "6.86173", "8.27652"]),
    "path.single": Example("document", "dE/dh2_out", ["-0.109253", "0.186374", "0.743651"]),
    "weights.updated": Example("document", "dE/dh2_out", ["0.639988", "0.00555810", "0.231514"]),
    "paths.weight-gradients": Example(
        "document",
        "dE/dh2_out",
        [
            "-0.000000000000000000000000000000000000000137753",
            "-0.0000000000000000000000000000000000000000918355",
            "-0.000000000000000000000000000000000000000183671",
        ],
    ),
    "factor.left-out": Example(
        "document",
        "dE/dW_kl",
        [
            ["-1.09253", "0.266248", "0.826279"],
            ["-1.09253", "0.266248", "0.826279"],
            ["-1.09253", "0.266248", "0.826279"],
        ],
    ),
    "gradient.transposed": Example(
        "document",
        "dE/dW_kl",
        [
            ["-1.02570", "-1.02750", "-1.07295"],
            ["0.249962", "0.250400", "0.261478"],
            ["0.775736", "0.777095", "0.811476"],
        ],
    ),
    "gradient.own-activation": Example(
        "document",
        "dE/dW_kl",
        [
            ["-0.216809", "0.0528361", "0.163972"],
            ["-0.311759", "0.0759754", "0.235783"],
            ["-0.563960", "0.137437", "0.426523"],
        ],
    ),
    "bias.one-sample": Example("classes", "dE/db2", ["-0.154332", "0.154332"]),
    "bias.no-gradient": Example("document", "dE/db_l", ["0", "0", "0"]),
    "update.uphill": Example(
        "document",
        "W_ij'",
        [
            ["0.100010", "0.200015", "0.300027"],
            ["0.300020", "0.200030", "0.700053"],
            ["0.400071", "0.300106", "0.900187"],
        ],
    ),
    "rate.power-of-ten": Example(
        "document",
        "W_ij'",
        [
            ["0.0999990", "0.199998", "0.299997"],
            ["0.299998", "0.199997", "0.699995"],
            ["0.399993", "0.299989", "0.899981"],
        ],
    ),
    "rate.left-out": Example(
        "document",
        "W_ij'",
        [
            ["0.0989834", "0.198490", "0.297326"],
            ["0.297967", "0.196981", "0.694651"],
            ["0.392884", "0.289433", "0.881279"],
        ],
    ),
    "update.none": Example(
        "document",
        "W_ij'",
        [
            ["0.100000", "0.200000", "0.300000"],
            ["0.300000", "0.200000", "0.700000"],
            ["0.400000", "0.300000", "0.900000"],
        ],
    ),
    "copy.other-matrix": Example(
        "document",
        "W_ij",
        [
            ["0.200000", "0.300000", "0.500000"],
            ["0.300000", "0.500000", "0.700000"],
            ["0.600000", "0.400000", "0.800000"],
        ],
    ),
    "copy.transposed": Example(
        "document",
        "W_ij",
        [
            ["0.100000", "0.300000", "0.400000"],
            ["0.200000", "0.200000", "0.300000"],
            ["0.300000", "0.700000", "0.900000"],
        ],
    ),
    "sign.lost": Example("document", "h1_in", ["-1.35000", "-1.27000", "-1.80000"]),
    "point.shifted": Example("document", "x", ["0.0100000", "0.0200000", "0.0700000"]),
    "product.elementwise-for-matrix": Example("document", "h1_in", ["1.01000", "1.04000", "1.63000"]),
    "copy.swapped-digits": Example("digits", "x", ["0.347", "0.52"]),
    "slip": Example("document", "h2_in", ["2.73100", "2.76000", "4.14000"]),
    "slip.swapped-digits": Example("document", "E_l", ["0.703256", "0.145910", "0.315332"]),
    "slip.one-digit": Example("document", "E_l", ["0.702956", "0.145910", "0.315332"]),
    "sum.wrong": Example("document", "dE/dh2_out[1]", "0.748270", terms=["-0.109253", "0.106499", "0.661023"]),
    "terms.wrong": Example("document", "dE/dh2_out[1]", "0.567522", terms=["-0.200000", "0.106499", "0.661023"]),
    "product.wrong": Example("document", "dE/dW_kl[1,1]", "-1.12570", factors="-1.09253 * 0.938831"),
    "formula.wrong": Example("squares", "dE/dO_out", ["-0.270450", "0.565810"], formula="O_out_j + y_j"),
    "matrix.transposed": Example(
        "document",
        "dE/dW_kl",
        [
            ["-1.02570", "-1.02750", "-1.07295"],
            ["0.249962", "0.250400", "0.261478"],
            ["0.775736", "0.777095", "0.811476"],
        ],
    ),
    "matrix.rows-swapped": Example(
        "document",
        "dE/dW_kl",
        [
            ["-1.02750", "0.250400", "0.777095"],
            ["-1.02570", "0.249962", "0.775736"],
            ["-1.07295", "0.261478", "0.811476"],
        ],
    ),
    "matrix.columns-swapped": Example(
        "document",
        "dE/dW_kl",
        [
            ["0.775736", "0.249962", "-1.02570"],
            ["0.777095", "0.250400", "-1.02750"],
            ["0.811476", "0.261478", "-1.07295"],
        ],
    ),
    "matrix.scaled": Example(
        "document",
        "dE/dW_kl",
        [
            ["-3.07710", "0.74989", "2.32721"],
            ["-3.08249", "0.75120", "2.33129"],
            ["-3.21886", "0.78443", "2.43443"],
        ],
    ),
    "matrix.sign": Example("document", "dE/dO_in", ["1.09253", "-0.266248", "-0.826279"]),
}
"""Name → its example."""
