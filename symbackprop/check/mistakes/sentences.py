"""Names that no recomputation stands behind, and the sentences of a report."""

from __future__ import annotations

SLIP = "slip"
OTHER_WORDS: dict[str, tuple[str, str]] = {
    SLIP: (
        "an arithmetic slip that no rule of the table reproduces",
        "计算失误, 没有规则能得出这个数",
    ),
    "slip.swapped-digits": (
        "two neighbouring digits are swapped",
        "相邻两位数字写颠倒了",
    ),
    "slip.one-digit": (
        "one digit is wrong",
        "有一位数字写错了",
    ),
    "sum.wrong": (
        "the terms as they are written do not add up to this sum",
        "写出的各项加起来不等于这个和",
    ),
    "product.wrong": (
        "the factors as they are written do not give this product",
        "写出的各因子相乘不等于这个积",
    ),
    "terms.wrong": (
        "the sum is added up right, but the terms written before it are wrong",
        "加法没有错, 但前面写出的项是错的",
    ),
    "matrix.transposed": ("the whole matrix is transposed", "整个矩阵被转置了"),
    "matrix.rows-swapped": ("two rows are swapped", "两行对调了"),
    "matrix.columns-swapped": ("two columns are swapped", "两列对调了"),
    "matrix.scaled": ("every entry is the right value times the same number", "每一项都是正确值的同一倍数"),
    "matrix.sign": ("every entry has the wrong sign", "每一项的符号都反了"),
    "formula.wrong": (
        "the formula is not the law of this quantity: it gives another value at the figures shown",
        "公式不对: 代入所示的数值会得到不同的结果",
    ),
}
"""Name → sentence in English and in Chinese."""


def sentence(name: str) -> tuple[str, str]:
    """What a mistake means, in English and in Chinese."""
    from symbackprop.check.mistakes import MISTAKES

    if name in OTHER_WORDS:
        return OTHER_WORDS[name]
    for row in MISTAKES:
        if row.name == name:
            return f"your value is what you get if you {row.en}", f"得到这个数的原因可能是: {row.zh}"
    raise KeyError(name)
