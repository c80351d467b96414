"""The tables of a spec → a ``NetworkSpec``: every key read and checked, every shape fitted to its neighbours."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from symbackprop._util.resources import languages
from symbackprop.spec.arrays import Arrays
from symbackprop.spec.keys import (
    CONVENTION_KEYS,
    LOSS_KEYS,
    NOTATIONS,
    OUTPUT_ITSELF,
    PENALIZED,
    PENALTY_KEYS,
    REDUCTIONS,
    ROUNDING_KEYS,
    ROUNDING_MODES,
    TOP_KEYS,
    UPDATE_KEYS,
)
from symbackprop.spec.layers import read_layers
from symbackprop.spec.model import (
    ConventionSpec,
    Figures,
    LossSpec,
    NetworkSpec,
    PenaltySpec,
    RoundingSpec,
    UpdateSpec,
)
from symbackprop.spec.names import check_names, check_title
from symbackprop.spec.numbers import show
from symbackprop.spec.samples import read_samples, read_target
from symbackprop.spec.table import SpecPlace, SpecTable
from symbackprop.spec.words import HyperparameterWords, LossWords, Tables, UpdateWords, names_of

MAX_STEPS = 1_000_000
MAX_FIGURES = 100
"""How many digits or decimals a page can show."""


def check_spec(values: object, source: str, tables: Tables, folder: Path = Path()) -> NetworkSpec:
    """The spec that the tables ``values`` describe; files that it names are looked for in ``folder``.

    Every problem is a ``SpecError`` of one line.
    """
    top = SpecTable(values, SpecPlace(source), TOP_KEYS)
    arrays = Arrays(folder)
    samples = read_samples(top, "input", arrays)
    input_name = top.text("input_name", "x")
    layers = read_layers(top.value("layer"), top.at("layer"), (input_name, samples.width), arrays, tables.activations)
    loss = _loss(top, tables.losses, layers[-1].outputs)
    target = read_target(top, arrays, samples, layers[-1], loss, tables.losses)
    batch_size = top.whole("batch_size", 1, len(samples.rows)) if top.has("batch_size") else None
    steps, epochs = _steps(top, len(samples.rows), batch_size)
    spec = NetworkSpec(
        titles=_titles(top),
        lang=top.choice("lang", "language", languages(), "en"),
        notation=_notation(top),
        input_name=input_name,
        target_name=top.text("target_name", "y"),
        input=samples.rows,
        target=target,
        batch=samples.batch,
        learning_rate=_not_negative(top, "learning_rate"),
        steps=steps,
        epochs=epochs,
        batch_size=batch_size,
        digits=top.whole("digits", 1, MAX_FIGURES, 5),
        loss=loss,
        penalty=_penalty(top),
        update=_update(top, tables.updates),
        rounding=_rounding(top),
        given=_given(top, arrays),
        layers=layers,
        source=source,
        conventions=_conventions(top),
    )
    check_names(spec)
    return spec


def _titles(top: SpecTable) -> tuple[tuple[str, str], ...]:
    """The title by language; a single text is for every language."""
    if not isinstance(top.values.get("title", ""), Mapping):
        return (("", check_title(top.text("title", ""), top.at("title"))),)
    known = languages()
    table = SpecTable(top.value("title"), top.at("title"), known)
    return tuple((lang, check_title(table.text(lang, ""), table.at(lang))) for lang in known if table.has(lang))


# --- tables and single keys -------------------------------------------------------------------------------------------


def _not_negative(table: SpecTable, key: str) -> Fraction:
    number = table.number(key)
    if number < 0:
        raise table.at(key).error(f"{show(table.value(key))} is negative", "it is 0 or more")
    return number


def _loss(top: SpecTable, losses: Mapping[str, LossWords], outputs: int) -> LossSpec:
    """``[loss]``, or the name of a loss (or an expression) with the stated defaults."""
    value, place = top.value("loss"), top.at("loss")
    if not isinstance(value, Mapping):
        kind = top.operation("loss", "loss", [*losses, OUTPUT_ITSELF], ("o", "y"))
        return LossSpec(kind, of=1 if kind == OUTPUT_ITSELF else None)
    named = value.get("kind")
    parameters = names_of(losses[named].parameters) if isinstance(named, str) and named in losses else ()
    table = SpecTable(value, place, LOSS_KEYS + parameters)
    kind = table.operation("kind", "loss", [*losses, OUTPUT_ITSELF], ("o", "y"))
    if table.has("of") and kind != OUTPUT_ITSELF:
        raise table.at("of").error(f"the loss {show(kind)} takes no 'of'", f"'of' is for {OUTPUT_ITSELF!r}")
    factor = table.number("factor", Fraction(1))
    if factor <= 0:
        raise table.at("factor").error(f"{show(table.value('factor'))} is not positive", "such as 1 or 1/2")
    return LossSpec(
        kind=kind,
        outputs=table.choice("outputs", "word", REDUCTIONS, "sum"),
        batch=table.choice("batch", "word", REDUCTIONS, "mean"),
        factor=factor,
        parameters=tuple((key, table.number(key)) for key in parameters if table.has(key)),
        of=table.whole("of", 1, outputs, 1) if kind == OUTPUT_ITSELF else None,
    )


def _notation(top: SpecTable) -> str:
    """A notation's name, or the file of a profile."""
    name = top.text("notation", NOTATIONS[0])
    return name if name.endswith(".toml") else top.choice("notation", "notation", NOTATIONS, NOTATIONS[0])


def _conventions(top: SpecTable) -> ConventionSpec:
    if not top.has("conventions"):
        return ConventionSpec()
    table = SpecTable(top.value("conventions"), top.at("conventions"), CONVENTION_KEYS)
    at_zero = table.number("relu_at_zero", Fraction(0))
    if at_zero not in (0, Fraction(1, 2), 1):
        problem = f"{show(table.value('relu_at_zero'))} where 0, 1/2 or 1 is due"
        raise table.at("relu_at_zero").error(problem, "the slope that ReLU has at 0 by convention")
    return ConventionSpec(at_zero)


def _penalty(top: SpecTable) -> PenaltySpec | None:
    if not top.has("penalty"):
        return None
    table = SpecTable(top.value("penalty"), top.at("penalty"), PENALTY_KEYS)
    return PenaltySpec(_not_negative(table, "l2"), table.choice("on", "word", PENALIZED, "weights"))


def _update(top: SpecTable, rules: Mapping[str, UpdateWords]) -> UpdateSpec:
    default = next(iter(rules))
    if not top.has("update"):
        return UpdateSpec(default)
    owners = {h.name: name for name, row in rules.items() for h in row.hyperparameters}
    table = SpecTable(top.value("update"), top.at("update"), (*UPDATE_KEYS, *owners))
    rule = table.choice("rule", "update rule", tuple(rules), default)
    own = {h.name: h for h in rules[rule].hyperparameters}
    for key, owner in owners.items():
        if table.has(key) and key not in own:
            raise table.at(key).error(f"the rule {show(rule)} has no {key!r}", f"it belongs to {owner!r}")
    given = tuple((key, _hyperparameter(table, words)) for key, words in own.items() if table.has(key))
    return UpdateSpec(rule, table.flag("bias", True), given)


def _hyperparameter(table: SpecTable, words: HyperparameterWords) -> Fraction:
    key = words.name
    value = _not_negative(table, key)
    if words.is_share and value >= 1:
        raise table.at(key).error(f"{show(table.value(key))} is not below 1", "such as 0.9")
    if not words.is_share and not value:
        raise table.at(key).error(f"{key} is 0", f"it {words.purpose}: such as 1e-8")
    return value


def _steps(top: SpecTable, samples: int, batch_size: int | None) -> tuple[int, int | None]:
    """The number of updates, and the epochs if they are given in its place: each takes every mini-batch once."""
    if not top.has("epochs"):
        return top.whole("steps", 1, MAX_STEPS, 1), None
    if top.has("steps"):
        raise top.at("epochs").error("both 'steps' and 'epochs' are given", "one of them is enough")
    size = batch_size or samples
    if samples % size:
        problem = f"mini-batches of {size} do not divide {samples} samples"
        raise top.at("epochs").error(problem, "take a batch_size that does, or steps")
    epochs = top.whole("epochs", 1, MAX_STEPS, 1)
    if epochs * (samples // size) > MAX_STEPS:
        raise top.at("epochs").error(f"these are more than {MAX_STEPS} updates")
    return epochs * (samples // size), epochs


def _rounding(top: SpecTable) -> RoundingSpec:
    """``final`` takes its digits from the top of the file; ``sequential`` says how many it carries."""
    if not top.has("rounding"):
        return RoundingSpec()
    table = SpecTable(top.value("rounding"), top.at("rounding"), ROUNDING_KEYS)
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


def _given(top: SpecTable, arrays: Arrays) -> tuple[tuple[str, Figures], ...]:
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
