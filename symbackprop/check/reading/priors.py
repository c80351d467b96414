"""What books call things: bits for a kind by the letters of a name. They are habits, not laws: figures overrule them."""

from __future__ import annotations

import re

from symbackprop._util.session import kept
from symbackprop.check.reading.keys import Key
from symbackprop.check.reading.meanings import Meaning

LETTERS: tuple[tuple[str, dict[str, float]], ...] = (
    (r"(?:w|weights?|theta|omega)", {"W": 5}),
    (r"(?:b|bias(?:es)?|theta)", {"b": 5}),
    (r"(?:x|i|in|input|inputs?|eingabe)", {"x": 4, "in": 0.5}),
    (r"(?:z|net|neta|netin|u|v|s|n|sum|pre|preact\w*|logits?)", {"in": 5}),
    (r"(?:a|h|out|o|act|f|g|sigma|output|outputs?|hidden)", {"out": 4}),
    (r"(?:y|t|d|target|label|ideal|true|truth|expected|desired|actual|objetivo|ytrue)", {"y": 4, "out": 1}),
    (r"(?:pred|prediction|ypred|yhat|predicted|p)", {"last": 5}),
    (
        r"(?:e|l|j|c|loss|cost|error|err|mse|sse|bce|ce|mathcall|totalloss|sqerror|erro|costo)",
        {"E": 5, "E_l": 2, "err": 3},
    ),
    (r"(?:eta|alpha|lr|gamma|epsilon|learningrate|lrate|mu|rate|η|α|n)", {"lr": 5}),
    (r"(?:delta)", {"delta": 5, "gout": 1}),
)
WORDS: tuple[tuple[str, dict[str, float]], ...] = (
    (r"learning rate|学习率|學習率|학습률|taxa de aprendizado|tasa de aprendizaje|lernrate|\blr\b|l_?rate", {"lr": 9}),
    (r"loss|cost|error(?!.*term)|损失|误差|오차|손실|pérdida|perda|verlust", {"E": 5}),
    (r"predict|output(?!.*(?:error|delta|weight|bias|grad))|预测|输出|예측|salida|saída", {"last": 4, "out": 1}),
    (r"hidden(?!.*(?:error|delta|weight|bias|grad))|隐藏", {"out": 2, "in": 1}),
    (r"target|label|expected|desired|actual|标签|정답|objetivo|etiqueta", {"y": 5}),
    (r"input|输入|입력|entrada", {"x": 4}),
    (r"weight|权重|가중치|peso", {"W": 3}),
    (r"bias|偏置|편향|sesgo|viés", {"b": 3}),
    (r"delta|error term|误差项", {"delta": 4}),
    (r"grad|梯度", {"gW": 2, "gb": 2}),
)


SAYS = re.compile(r"(?:^|[^a-z])(?:in|net|input|(?P<out>out|output))(?:$|[^a-z])")
UNIT_LETTERS = frozenset(("h", "o", "y", "i", "hidden", "outer", "a"))
"""Letters of units, which the words in and out below them say more of."""


@kept(most=100_000)
def prior(key: Key, meaning: Meaning, depth: int) -> float:
    """The bits of a meaning before anything on the page is looked at."""
    bits = _by_letters(key, meaning, depth)
    bits -= (
        1.0 * (meaning.base != 1)
        + 1.0 * (meaning.first != 1)
        + 1.5 * meaning.roles.count("-") * (meaning.kind not in ("E", "lr"))
    )
    bits -= 2.0 * (meaning.sign < 0) + 0.5 * meaning.turned
    bits -= 1.0 * bool({"f", "t"} & set(meaning.roles)) + 0.5 * meaning.split
    if meaning.kind in ("E", "lr"):
        bits -= 1.5 * len(meaning.roles)
    if "s" in meaning.roles:
        bits -= 1.0
    if meaning.split and "L" in meaning.roles and len(meaning.roles) < 3:
        bits -= 1.0
    return bits + _by_place(key, meaning, depth)


def _by_letters(key: Key, meaning: Meaning, depth: int) -> float:
    table = WORDS if key.base.startswith("words:") else LETTERS
    base = key.base.lower().replace("#", "").replace("_", "")
    whole = base + "".join(c for c in key.sub.lower() if c.isalpha())
    last = meaning.kind == "out" and meaning.layer == depth
    first = meaning.kind == "out" and meaning.layer == 0
    if key.accent == "hat":
        return 5.0 if last else -2.0
    said = SAYS.search(key.sub.lower())
    if said and base in UNIT_LETTERS and meaning.kind in ("in", "out"):
        return 5.0 if (meaning.kind == "out") == bool(said["out"]) else -3.0
    best, any_match = -3.0, False
    for pattern, kinds in table:
        found = (
            re.search(pattern, base) if table is WORDS else re.fullmatch(pattern, base) or re.fullmatch(pattern, whole)
        )
        if found is None:
            continue
        any_match = True
        bits = kinds.get(meaning.kind, -3.0)
        if last:
            bits = max(bits, kinds.get("last", -3.0))
        if first:
            bits = kinds.get("x", -3.0 if meaning.kind not in kinds else kinds[meaning.kind] - 2)
        best = max(best, bits)
    return best if any_match else -1.5


def _by_place(key: Key, meaning: Meaning, depth: int) -> float:
    """What h, o, in, out and hidden in the scripts say."""
    text = (key.sub + "|" + key.sup + "|" + key.base).lower()
    bits = 0.0
    if re.search(r"(?:^|[^a-z])(?:in|net|input)(?:$|[^a-z])|net", text) and meaning.kind in ("in", "out"):
        bits += 3.0 if meaning.kind == "in" else -1.0
    if re.search(r"(?:^|[^a-z])(?:out|output|act)(?:$|[^a-z])|out", text) and meaning.kind in ("in", "out"):
        bits += 2.0 if meaning.kind == "out" else -1.0
    scripts = (key.sub + "|" + key.sup).lower()
    is_hidden = bool(
        re.search(r"(?:^|[^a-z])h(?:$|[^a-z])|hidden|^h", scripts) or re.match(r"h#|hidden", key.base.lower())
    )
    is_output = bool(
        re.search(r"(?:^|[^a-z])o(?:$|[^a-z])|outer", scripts) or re.match(r"o#|o$|outer", key.base.lower())
    )
    if meaning.layer is not None and meaning.kind not in ("E", "lr", "y", "E_l"):
        if is_hidden:
            bits += 2.5 if 0 < meaning.layer < depth else -2.5
        elif is_output:
            bits += 2.5 if meaning.layer == depth else -2.5
    if meaning.kind == "E_l" and is_output:
        bits += 3.0
    if meaning.kind == "E" and re.search("total|tot|ges", scripts):
        bits += 3.0
    return bits
