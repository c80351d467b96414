"""Every problem of a spec is one line: place, problem, hint. One row of a table for each."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from symbackprop._util.errors import SpecError
from symbackprop.graph.load import load_spec

REMOVED = object()
Path_ = tuple[str | int, ...]


def edited(values: dict[str, Any], path: Path_, value: object) -> dict[str, Any]:
    """``values`` with the entry at ``path`` set, or removed."""
    *ways, last = path
    target: Any = values
    for way in ways:
        target = target[way]
    if value is REMOVED:
        del target[last]
    else:
        target[last] = value
    return values


def message(source: object) -> str:
    with pytest.raises(SpecError) as caught:
        load_spec(source)  # type: ignore[arg-type]
    text = str(caught.value)
    assert "\n" not in text
    assert caught.value.exit_code == 2
    return text


L1, L2 = ("layer", 0), ("layer", 1)
FIX = "write 0.1, -3, 1e-3 or 1/3"
LONG = 10**1000

EDITS: list[tuple[Path_, object, str]] = [
    # missing keys
    (("input",), REMOVED, "the key 'input' is missing"),
    (("target",), REMOVED, "the key 'target' is missing"),
    (("learning_rate",), REMOVED, "the key 'learning_rate' is missing"),
    (("loss",), REMOVED, "the key 'loss' is missing"),
    (("layer",), REMOVED, "the key 'layer' is missing"),
    (("loss", "kind"), REMOVED, "loss: the key 'kind' is missing"),
    (("penalty", "l2"), REMOVED, "penalty: the key 'l2' is missing"),
    (("rounding", "mode"), REMOVED, "rounding: the key 'mode' is missing"),
    ((*L1, "W"), REMOVED, "layer[1]: the key 'W' is missing"),
    ((*L1, "activation"), REMOVED, "layer[1]: the key 'activation' is missing"),
    ((*L1, "b"), REMOVED, "layer[1]: the key 'b' is missing (the figures of the bias 'b1'; bias = false for none)"),
    # unknown keys and words
    (("learning_rat",), 1, "learning_rat: unknown key 'learning_rat' (did you mean 'learning_rate'?)"),
    (("layers",), [], "layers: unknown key 'layers' (did you mean 'layer'?)"),
    (("W",), [], "W: unknown key 'W' ('W' belongs to [[layer]])"),
    (("kind",), "x", "kind: unknown key 'kind' ('kind' belongs to [loss])"),
    (
        ("loss", "steps"),
        1,
        "loss.steps: unknown key 'steps' ('steps' belongs to the top of the file, above the first [table])",
    ),
    (("loss", "digits"), 1, "loss.digits: unknown key 'digits' ('digits' belongs to the top of the file"),
    (("loss", "reduction"), "sum", "loss.reduction: unknown key 'reduction' (known: kind, outputs, batch, factor, of)"),
    (("update", "momentun"), 1, "update.momentun: unknown key 'momentun' (did you mean 'momentum'?)"),
    (("update", "momentum"), 1, "update.momentum: the rule 'sgd' has no 'momentum' (it belongs to 'momentum')"),
    (("penalty", "l1"), 1, "penalty.l1: unknown key 'l1' (known: l2, on)"),
    (("rounding", "decimal"), 1, "rounding.decimal: unknown key 'decimal' (did you mean 'decimals'?)"),
    ((*L1, "activatoin"), "relu", "layer[1].activatoin: unknown key 'activatoin' (did you mean 'activation'?)"),
    ((*L1, "slope"), 1, "layer[1].slope: unknown key 'slope'"),
    ((7,), 1, "7: unknown key '7'"),
    ((*L2, "activation"), "sigmoyd", "layer[2].activation: unknown activation 'sigmoyd' (did you mean 'sigmoid'?)"),
    ((*L2, "activation"), "swish", "unknown activation 'swish' (known: relu, leaky_relu, elu, softplus, sigmoid,"),
    ((*L2, "activation"), "", "unknown activation ''"),
    (("loss", "kind"), "crossentropy", "loss.kind: unknown loss 'crossentropy' (did you mean 'cross_entropy'?)"),
    (("loss",), "squared_eror", "loss: unknown loss 'squared_eror' (did you mean 'squared_error'?)"),
    (("loss", "outputs"), "avg", "loss.outputs: unknown word 'avg' (known: sum, mean)"),
    (("loss", "batch"), "Mean", "loss.batch: unknown word 'Mean' (did you mean 'mean'?)"),
    (("lang",), "de", "lang: unknown language 'de' (known: en, zh)"),
    (("notation",), "nielson", "notation: unknown notation 'nielson' (did you mean 'nielsen'?)"),
    (("penalty", "on"), "biases", "penalty.on: unknown word 'biases' (known: weights, all)"),
    (("update", "rule"), "rmsprop", "update.rule: unknown update rule 'rmsprop' (known: sgd, momentum, adam)"),
    (("rounding", "mode"), "seq", "rounding.mode: unknown rounding mode 'seq'"),
    ((*L1, "orientation"), "col", "layer[1].orientation: unknown orientation 'col' (did you mean 'column'?)"),
    # wrong kinds of values
    (("title",), 1.5, "title: 1.5 where text is due (text stands in quotes)"),
    (("lang",), None, "lang: null where text is due"),
    (("input_name",), ["x"], "input_name: a list where text is due"),
    (("update", "bias"), "false", "update.bias: 'false' where true or false is due (without quotes)"),
    (("update", "bias"), 0, "update.bias: 0 where true or false is due"),
    (("update",), True, "update: true where a table is due"),
    (("update",), "sgd", "update: 'sgd' where a table is due"),
    (("rounding",), [], "rounding: an empty list where a table is due"),
    (("penalty",), "0.1", "penalty: '0.1' where a table is due"),
    (("loss",), 3, "loss: 3 where text is due"),
    (("given",), [1], "given: a list where a table is due"),
    (("given", 3), 1, "given: 3 is no address (such as h1_out)"),
    (("layer",), {}, "layer: a table where a list of tables is due (write [[layer]] with two brackets)"),
    (("layer",), "relu", "layer: 'relu' where a list of tables is due"),
    (("layer",), [], "layer: the list is empty"),
    (("layer", 1), 5, "layer[2]: 5 where a table is due"),
    ((*L1, "bias"), True, "layer[1].bias: true where a name or false is due"),
    ((*L1, "bias"), 1, "layer[1].bias: 1 where a name or false is due"),
    ((*L2, "b"), [1, 2], "layer[2].b: the layer has figures for a bias, but bias = false (remove one of them)"),
    # numbers
    (("learning_rate",), "fast", f"learning_rate: 'fast' is text where a number is due ({FIX})"),
    (("learning_rate",), True, "learning_rate: true is a truth value where a number is due"),
    (("learning_rate",), None, "learning_rate: null where a number is due"),
    (("learning_rate",), [1], "learning_rate: a list where a number is due"),
    (("learning_rate",), {}, "learning_rate: a table where a number is due"),
    (("learning_rate",), date(2020, 1, 1), "learning_rate: a date where a number is due"),
    (("learning_rate",), 1j, "learning_rate: a complex where a number is due"),
    (("learning_rate",), "", "learning_rate: '' is text where a number is due"),
    (("learning_rate",), ".", "'.' is text where a number is due"),
    (("learning_rate",), "1e", "'1e' is text where a number is due"),
    (("learning_rate",), "0x1F", "'0x1F' is text where a number is due"),
    (("learning_rate",), "1_000", "'1_000' is text where a number is due"),
    (("learning_rate",), "0,1", "learning_rate: '0,1' is text where a number is due (write 0.1)"),
    (("learning_rate",), "−3", "learning_rate: '−3' is text where a number is due (write -3)"),
    (("learning_rate",), "٣", "'٣' is text where a number is due"),
    (("learning_rate",), "1/0", "learning_rate: '1/0' divides by 0"),
    (("learning_rate",), "1/2/3", "'1/2/3' is text where a number is due"),
    (("learning_rate",), "nan", "learning_rate: 'nan' is not finite"),
    (("learning_rate",), "-Infinity", "learning_rate: '-Infinity' is not finite"),
    (("learning_rate",), float("inf"), "learning_rate: 'inf' is not finite"),
    (("learning_rate",), "9" * 1001, "learning_rate: the number is too long (at most 1000 digits)"),
    (("learning_rate",), "0." + "1" * 1001, "learning_rate: the number is too long"),
    (("learning_rate",), 10**1001, "learning_rate: the number is too long"),
    (("learning_rate",), "1/" + "9" * 1001, "learning_rate: the number is too long"),
    (("learning_rate",), "1e10001", "learning_rate: the exponent is too large (exponents go to ±10000)"),
    (("learning_rate",), "1e-99999999999999999999", "learning_rate: the exponent is too large"),
    (("learning_rate",), "1e" + "9" * 5000, "learning_rate: the exponent is too large"),
    (("learning_rate",), "-0.1", "learning_rate: '-0.1' is negative (it is 0 or more)"),
    (("penalty", "l2"), -1, "penalty.l2: -1 is negative"),
    (("loss", "factor"), 0, "loss.factor: 0 is not positive (such as 1 or 1/2)"),
    (("loss", "factor"), "half", "loss.factor: 'half' is text where a number is due"),
    ((*L1, "W", 2, 1), "x", "layer[1].W[3][2]: 'x' is text where a number is due"),
    ((*L1, "b", 1), float("nan"), "layer[1].b[2]: 'nan' is not finite"),
    ((*L1, "b", 1), False, "layer[1].b[2]: false is a truth value where a number is due"),
    (("input", 1, 0), None, "input[2][1]: null where a number is due"),
    (("given", "h1_out", 1, 2), "?", "given.h1_out[2][3]: '?' is text where a number is due"),
    (("given", "E"), "?", "given.E: '?' is text where a number is due"),
    # whole numbers and their bounds
    (("steps",), 0, "steps: 0 where a whole number from 1 to 1000000 is due"),
    (("steps",), "1/2", "steps: '1/2' where a whole number from 1"),
    (("steps",), True, "steps: true is a truth value"),
    (("steps",), LONG, "steps: the number is too long"),
    (("steps",), "1e10000", "steps: '1e10000' where a whole number"),
    (("batch_size",), 0, "batch_size: 0 where a whole number from 1 to 2 is due"),
    (("batch_size",), 3, "batch_size: 3 where a whole number from 1 to 2 is due"),
    (("digits",), 0, "digits: 0 where a whole number from 1 to 100 is due"),
    (("digits",), 101, "digits: 101 where a whole number from 1 to 100 is due"),
    (("digits",), 2.5, "digits: 2.5 where a whole number from 1 to 100 is due"),
    (("rounding", "decimals"), -1, "rounding.decimals: -1 where a whole number from 0 to 100 is due"),
    (
        ("rounding",),
        {"mode": "sequential", "digits": 0},
        "rounding.digits: 0 where a whole number from 1 to 100 is due",
    ),
    (("rounding", "digits"), 3, "rounding: the mode 'sequential' needs one of decimals and digits, and has both"),
    (
        ("rounding", "decimals"),
        REMOVED,
        "rounding: the mode 'sequential' needs one of decimals and digits, and has neither",
    ),
    (("rounding", "mode"), "final", "rounding.decimals: the mode 'final' takes no decimals"),
    # lists and shapes
    (("input",), [], "input: the list is empty (write [0.1, 0.2])"),
    (("input",), [[]], "input[1]: the list is empty"),
    (("input",), 0.5, "input: 0.5 where a list of numbers is due (write [0.5])"),
    (("input",), "0.1, 0.2", "input: '0.1, 0.2' where a list of numbers is due (write [0.1, 0.2])"),
    (("input",), [1, [2]], "input[2]: a list where a number is due"),
    (("input",), [[1, 2], 3], "input[2]: 3 where a list of numbers is due"),
    (("input",), [[[1]]], "input[1][1]: a list where a number is due"),
    (("input", 1), [1], "input: row 2 has length 1, but row 1 has length 2"),
    (("input",), [[1, 2]], "target: target is a list of 2 rows, but input is a list of 1 row"),
    (("input",), [1, 2], "target: target is a list of 2 rows, but input is a single row"),
    (("target",), [1, 0], "target[2]: 0 is no class: classes count from 1 (the last output of O is 2)"),
    (("target",), [1, 3], "target[2]: 3 is no class: classes count from 1 (the last output of O is 2)"),
    (("target",), [1, "1/2"], "target[2]: '1/2' is no class: classes count from 1 (the last output of O is 2)"),
    (("target",), [1, 2, 1], "target: target is 3 classes, but input is a list of 2 rows"),
    (("target",), [[1, 0]] * 3, "target: target is a list of 3 rows, but input is a list of 2 rows"),
    (("target",), [[1], [1]], "target[1]: target has 1 value, but the output O has 2 values"),
    (("target",), 1, "target: target is one class, but input is a list of 2 rows (each sample needs its class)"),
    (("target",), "1", "target: '1' where a list of numbers is due (write [0.1, 0.2])"),
    ((*L1, "W"), [], "layer[1].W: the list is empty"),
    ((*L1, "W"), [[], []], "layer[1].W[1]: the list is empty"),
    ((*L1, "W"), [1, 2], "layer[1].W: a row of 2 where a list of rows is due (write [[0.1, 0.2], [0.3, 0.4]])"),
    ((*L1, "W"), "1", "layer[1].W: '1' where a list of rows is due"),
    ((*L1, "W", 1), [3], "layer[1].W: row 2 has length 1, but row 1 has length 2"),
    ((*L2, "W", 2), [5, 6, 7], "layer[2].W: row 3 has length 3, but row 1 has length 2"),
    ((*L2, "W"), [[1, 2]] * 4, "layer[2].W: W is 4×2, but h1 gives 3 values, so 3×n is due"),
    (
        (*L2, "W"),
        [[1, 3, 5], [2, 4, 6]],
        "layer[2].W: W is 2×3, but h1 gives 3 values, so 3×n is due "
        '(W is [from][to]; one written [to][from] needs orientation = "column")',
    ),
    (
        (*L1, "W"),
        [[1, 3, 5], [2, 4, 6]],
        "layer[1].W: W is 2×3, but x gives 2 values, so n×2 is due "
        "(W is [to][from]; leave orientation out for [from][to])",
    ),
    ((*L1, "b"), "much", "layer[1].b: 'much' is text where a number is due"),
    ((*L1, "b"), True, "layer[1].b: true is a truth value where a number is due"),
    ((*L1, "b"), [1, 2], "layer[1].b: b has 2 values, but W is 2×3, so 3 are due"),
    ((*L1, "b"), [[1, 2, 3]], "layer[1].b[1]: a list where a number is due"),
    ((*L1, "b"), [], "layer[1].b: the list is empty"),
    (("given", "E"), [], "given.E: the list is empty"),
    (("given", "E"), [[1], 2], "given.E: entry 2 is a single number, but entry 1 is a list of 1"),
    (("given", "E"), [[1, 2], [3]], "given.E: entry 2 is a list of 1, but entry 1 is a list of 2"),
    (("given", "E"), [[[1]], [[2, 3]]], "given.E: entry 2 is 1×2, but entry 1 is 1×1"),
    (("given", "E"), [[[[[1]]]]], "given.E[1][1][1][1]: lists are nested deeper than 4"),
    (("given", "E"), {"a": 1}, "given.E: a table where a number is due"),
    # targets that the loss does not take
    (("target", 0), ["0.5", "0.4"], "target[1]: cross_entropy takes targets whose sum is 1, but the sum is 0.9"),
    (("target", 1), ["1/3", "1/3"], "target[2]: cross_entropy takes targets whose sum is 1, but the sum is 2/3"),
    (("target", 1), ["1.5", "-0.5"], "target[2][2]: cross_entropy takes no negative target"),
    # text that cannot be printed
    (("title",), "a\nb", "title: the character U+000A at position 2 cannot be printed"),
    (("title",), "x\ud800", "title: the character U+D800 at position 2 cannot be printed"),
    (("title",), "x" * 1001, "title: the title has 1001 characters (at most 1000)"),
]


NO_TEXT_KEYS: tuple[Path_, ...] = ((7,), ("given", 3))


def in_json(path: Path_, value: object) -> bool:
    """Whether JSON can say it, and quotes it as Python does: 1e10 stays 1e10."""
    return not isinstance(value, (date, complex, float)) and value is not LONG and path not in NO_TEXT_KEYS


def each(edits: list[tuple[Path_, object, str]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("path", "value", "words"), edits, ids=[words[:60] for _, _, words in edits])


@each(EDITS)
def test_a_wrong_entry_is_one_line(values: dict[str, Any], path: Path_, value: object, words: str) -> None:
    found = message(edited(values, path, value))
    assert found.startswith("<dict>: ")
    assert words in found


@each([edit for edit in EDITS if in_json(*edit[:2])])
def test_json_gives_the_same_message(values: dict[str, Any], path: Path_, value: object, words: str) -> None:
    values = edited(values, path, value)
    assert message(io.StringIO(json.dumps(values))) == message(values).replace("<dict>", "<stream>")


@pytest.mark.parametrize("target", ["1.01", "-0.01"])
def test_binary_targets_lie_between_0_and_1(values: dict[str, Any], target: str) -> None:
    values |= {"loss": "binary_cross_entropy", "target": [[1, 1], [target, 0]]}
    assert "<dict>: target[2][1]: binary_cross_entropy takes no" in message(values)
    values |= {"loss": "squared_error"}
    assert load_spec(values)


def test_long_words_are_cut(values: dict[str, Any]) -> None:
    for path in (("k" * 10**6,), (*L1, "activation"), ("learning_rate",)):
        assert len(message(edited(values, path, "v" * 10**6))) < 400
        values = edited(values, path, "0.1")
        values.pop("k" * 10**6, None)


# --- files ------------------------------------------------------------------------------------------------------------

TOML_ERRORS = [
    ("title = 'a'\ninput = [1, 2", "a.toml: end of the file: broken TOML: Unclosed array"),
    ("title = 'a'\nlang = zh\n", 'a.toml: line 2, column 8: broken TOML: Invalid value (text stands in quotes: "zh")'),
    ("digits = .5\n", "a.toml: line 1, column 10: broken TOML: Invalid value (numbers begin with a digit: 0.5)"),
    ("[update]\r\nbias = True\r\n", "a.toml: line 2, column 8: broken TOML: Invalid value (write true)"),
    ("digits = 5\ndigits = 6\n", "a.toml: line 2, column 11: broken TOML: Cannot overwrite a value"),
    ("input = " + "[" * 100_000, "a.toml: lists or tables are nested too deeply"),
    ("a." * 50_000 + "b = 1", "a.toml: line 1: a key of 50001 parts"),
    ("digits = 5\nsteps = " + "9" * 5000, "a.toml: line 2: a number is too long (at most 1000 digits)"),
    ("steps = " + "9" * 1001, "a.toml: "),
    ("learning_rate = nan", "a.toml: "),
    ("", "a.toml: is empty (symbackprop new NAME.toml writes a spec to start from)"),
    ("\n# nothing\n", "a.toml: the key 'input' is missing"),
]
JSON_ERRORS = [
    ('{"title": "a",\n "lang" "zh"}', "a.json: line 2, column 9: broken JSON: Expecting ':' delimiter"),
    ("[1]", "a.json: a list where a table is due (a spec in JSON begins with {)"),
    ("NaN", "a.json: NaN where a table is due"),
    ('{"digits": 5, "digits": 6}', "a.json: the key 'digits' is given twice in one table"),
    ("[" * 100_000, "a.json: lists or tables are nested too deeply"),
    ('{"input": [NaN]}', "a.json: input[1]: NaN is not finite"),
    ('{"input": [-Infinity]}', "a.json: input[1]: -Infinity is not finite"),
    ('{"input": [' + "9" * 5000 + "]}", "a.json: input[1]: the number is too long"),
]


@pytest.mark.parametrize(("text", "words"), TOML_ERRORS, ids=[words for _, words in TOML_ERRORS])
def test_broken_toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, words: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.toml").write_bytes(text.encode())
    assert message("a.toml").startswith(words)


@pytest.mark.parametrize(("text", "words"), JSON_ERRORS, ids=[words for _, words in JSON_ERRORS])
def test_broken_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, words: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.json").write_bytes(text.encode())
    assert message("a.json").startswith(words)


def test_toml_numbers_that_are_not_finite(values: dict[str, Any]) -> None:
    for text in ("nan", "inf", "-inf"):
        assert message(io.StringIO(f"input = [1, {text}]")) == f"<stream>: input[2]: {text} is not finite ({FIX})"


def test_a_toml_number_is_no_text() -> None:
    text = "title = 1.5\ninput = [1]\ntarget = [1]\nlearning_rate = 1\nloss = 'squared_error'\n"
    text += "[[layer]]\nactivation = 'relu'\nW = [[1]]\n"
    assert message(io.StringIO(text)) == "<stream>: title: 1.5 where text is due (text stands in quotes)"


def a_directory(path: Path) -> Path:
    path.mkdir()
    return path


def latin(path: Path) -> Path:
    path.write_bytes("# ok\ntitle = 'é'\n".encode("latin-1"))
    return path


PLACES: list[tuple[Callable[[Path], object], str]] = [
    (lambda path: path, "x.toml: no such file (symbackprop new NAME.toml writes a spec to start from)"),
    (a_directory, "x.toml: is a directory where a file is due"),
    (latin, "x.toml: line 2: is not UTF-8: byte 0xe9 (save it as UTF-8)"),
    (lambda path: f"{path}\x00", "cannot be read"),
    (lambda path: f"{path}\ud800", "cannot be read"),
    (lambda path: str(path) + "x" * 5000, "cannot be read"),
    (lambda path: path / "y.toml", "x.toml/y.toml: no such file"),
    (lambda path: 5, "<spec>: 5 where a path, a stream or a dict is due"),
    (lambda path: None, "<spec>: null where a path, a stream or a dict is due"),
]


@pytest.mark.parametrize(("make", "words"), PLACES)
def test_what_is_no_file(tmp_path: Path, make: Callable[[Path], object], words: str) -> None:
    assert words in message(make(tmp_path / "x.toml"))


def test_an_enormous_file_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symbackprop.spec.load.MAX_BYTES", 3_000_000)
    assert message("/dev/zero") == "/dev/zero: is larger than 3 MB (is it a spec?)"


def test_a_stream_that_cannot_be_read(tmp_path: Path) -> None:
    with (tmp_path / "x.toml").open("w") as stream:
        assert message(stream).startswith("<stream>: cannot be read: ")


def test_closed_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    assert message("-") == "<stdin>: there is no standard input"
    stream = io.StringIO("x")
    stream.close()
    monkeypatch.setattr("sys.stdin", stream)
    assert message("-").startswith("<stdin>: cannot be read: ")
