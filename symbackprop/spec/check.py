"""The tables of a spec → a ``NetworkSpec``: every key read and checked, every shape fitted to its neighbours."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from symbackprop.spec.arrays import Arrays, listed, plain
from symbackprop.spec.layers import read_layers
from symbackprop.spec.model import (
    Figures,
    LayerSpec,
    LossSpec,
    NetworkSpec,
    PenaltySpec,
    RoundingSpec,
    Row,
    Rows,
    UpdateSpec,
)
from symbackprop.spec.names import check_names, check_title
from symbackprop.spec.numbers import show
from symbackprop.spec.table import Place, Table
from symbackprop.spec.words import (
    LANGS,
    LOSS_KEYS,
    NOTATIONS,
    PENALIZED,
    PENALTY_KEYS,
    REDUCTIONS,
    ROUNDING_KEYS,
    ROUNDING_MODES,
    TOP_KEYS,
    UPDATE_KEYS,
    UPDATE_RULES,
)

MAX_STEPS = 1_000_000
MAX_FIGURES = 100
"""How many digits or decimals a page can show."""


def check_spec(values: object, source: str, activations: Collection[str], losses: Collection[str]) -> NetworkSpec:
    """The spec that the tables ``values`` describe. Every problem is a ``SpecError`` of one line."""
    top = Table(values, Place(source), TOP_KEYS)
    arrays = Arrays()
    samples = _samples(top, "input", arrays)
    input_name = top.text("input_name", "x")
    layers = read_layers(top.value("layer"), top.at("layer"), (input_name, samples.width), arrays, activations)
    loss = _loss(top, losses)
    spec = NetworkSpec(
        titles=_titles(top),
        lang=top.choice("lang", "language", LANGS, "en"),
        notation=top.choice("notation", "notation", NOTATIONS, "document"),
        input_name=input_name,
        target_name=top.text("target_name", "y"),
        input=samples.rows,
        target=_target(top, arrays, samples, layers[-1], loss),
        batch=samples.batch,
        learning_rate=_not_negative(top, "learning_rate"),
        steps=top.whole("steps", 1, MAX_STEPS, 1),
        batch_size=top.whole("batch_size", 1, len(samples.rows)) if top.has("batch_size") else None,
        digits=top.whole("digits", 1, MAX_FIGURES, 5),
        loss=loss,
        penalty=_penalty(top),
        update=_update(top),
        rounding=_rounding(top),
        given=_given(top, arrays),
        layers=layers,
        source=source,
    )
    check_names(spec)
    return spec


def _titles(top: Table) -> tuple[tuple[str, str], ...]:
    """The title by language; a single text is for every language."""
    if not isinstance(top.values.get("title", ""), Mapping):
        return (("", check_title(top.text("title", ""), top.at("title"))),)
    table = Table(top.value("title"), top.at("title"), LANGS)
    return tuple((lang, check_title(table.text(lang, ""), table.at(lang))) for lang in LANGS if table.has(lang))


# --- samples ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Samples:
    """Rows of one length, and whether rows were given: a single row is one sample, but no batch."""

    rows: Rows
    batch: bool

    @property
    def width(self) -> int:
        return len(self.rows[0])

    def __str__(self) -> str:
        if not self.batch:
            return "a single row"
        return "a list of 1 row" if len(self.rows) == 1 else f"a list of {len(self.rows)} rows"


def _samples(top: Table, key: str, arrays: Arrays) -> _Samples:
    place = top.at(key)
    entries = listed(top.value(key), place, "a list of numbers", "[0.1, 0.2]")
    if isinstance(plain(entries[0]), (list, tuple)):
        return _Samples(arrays.rows(entries, place), True)
    return _Samples((arrays.row(entries, place),), False)


def _target(top: Table, arrays: Arrays, samples: _Samples, output: LayerSpec, loss: LossSpec) -> Rows:
    """One row for each sample, as wide as the output, with values that the loss takes."""
    target, place = _samples(top, "target", arrays), top.at("target")
    if samples.batch != target.batch or len(samples.rows) != len(target.rows):
        raise place.error(f"target is {target}, but input is {samples}", "each sample of the input needs its target")
    for number, row in enumerate(target.rows, 1):
        here = place.item(number) if target.batch else place
        if len(row) != output.outputs:
            units = _values(output.outputs)
            raise here.error(f"target has {_values(len(row))}, but the output {output.name} has {units}")
        _check_target(row, here, loss.kind)
    return target.rows


def _values(count: int) -> str:
    return "1 value" if count == 1 else f"{count} values"


def _check_target(row: Row, place: Place, loss: str) -> None:
    """Whether the loss takes this target: probabilities, or a distribution."""
    if loss not in ("cross_entropy", "binary_cross_entropy"):
        return
    for number, value in enumerate(row, 1):
        if value < 0:
            raise place.item(number).error(f"{loss} takes no negative target")
        if value > 1 and loss == "binary_cross_entropy":
            raise place.item(number).error(f"{loss} takes no target above 1", "each target lies between 0 and 1")
    total = sum(row, Fraction(0))
    if loss == "cross_entropy" and total != 1:
        hint = "binary_cross_entropy takes any targets between 0 and 1"
        raise place.error(f"cross_entropy takes targets whose sum is 1, but the sum is {show(total)}", hint)


# --- tables and single keys -------------------------------------------------------------------------------------------


def _not_negative(table: Table, key: str) -> Fraction:
    number = table.number(key)
    if number < 0:
        raise table.at(key).error(f"{show(table.value(key))} is negative", "it is 0 or more")
    return number


def _loss(top: Table, losses: Collection[str]) -> LossSpec:
    """``[loss]``, or the name of a loss with the stated defaults."""
    value, place = top.value("loss"), top.at("loss")
    if not isinstance(value, Mapping):
        return LossSpec(top.choice("loss", "loss", losses))
    table = Table(value, place, LOSS_KEYS)
    factor = table.number("factor", Fraction(1))
    if factor <= 0:
        raise table.at("factor").error(f"{show(table.value('factor'))} is not positive", "such as 1 or 1/2")
    return LossSpec(
        kind=table.choice("kind", "loss", losses),
        outputs=table.choice("outputs", "word", REDUCTIONS, "sum"),
        batch=table.choice("batch", "word", REDUCTIONS, "mean"),
        factor=factor,
    )


def _penalty(top: Table) -> PenaltySpec | None:
    if not top.has("penalty"):
        return None
    table = Table(top.value("penalty"), top.at("penalty"), PENALTY_KEYS)
    return PenaltySpec(_not_negative(table, "l2"), table.choice("on", "word", PENALIZED, "weights"))


def _update(top: Table) -> UpdateSpec:
    if not top.has("update"):
        return UpdateSpec()
    table = Table(top.value("update"), top.at("update"), UPDATE_KEYS)
    return UpdateSpec(table.choice("rule", "update rule", UPDATE_RULES, "sgd"), table.flag("bias", True))


def _rounding(top: Table) -> RoundingSpec:
    """``final`` takes its digits from the top of the file; ``sequential`` says how many it carries."""
    if not top.has("rounding"):
        return RoundingSpec()
    table = Table(top.value("rounding"), top.at("rounding"), ROUNDING_KEYS)
    mode = table.choice("mode", "rounding mode", ROUNDING_MODES)
    given = [key for key in ("decimals", "digits") if table.has(key)]
    if mode == "final":
        if given:
            problem = f"the mode 'final' takes no {given[0]}"
            raise table.at(given[0]).error(problem, "digits at the top of the file says how many digits a page shows")
        return RoundingSpec()
    if len(given) != 1:
        found = "neither" if not given else "both"
        raise table.place.error(f"the mode 'sequential' needs one of decimals and digits, and has {found}")
    decimals = table.whole("decimals", 0, MAX_FIGURES) if table.has("decimals") else None
    digits = table.whole("digits", 1, MAX_FIGURES) if table.has("digits") else None
    return RoundingSpec("sequential", decimals, digits)


def _given(top: Table, arrays: Arrays) -> tuple[tuple[str, Figures], ...]:
    """Stated figures; whether their addresses and shapes are right is known when the network is built."""
    if not top.has("given"):
        return ()
    value, place = top.value("given"), top.at("given")
    if not isinstance(value, Mapping):
        raise place.error(f"{show(value)} where a table is due", 'such as h1_out = ["0.5", "0.6"]')
    figures = []
    for key, entry in value.items():
        if not isinstance(key, str):
            raise place.error(f"{show(key)} is no address", "such as h1_out")
        figures.append((key, arrays.figures(entry, place.key(key))))
    return tuple(figures)
