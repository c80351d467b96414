"""Notation profiles: how a book writes the quantities, as data. A profile is a TOML file; ``docs/notation.md`` describes it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from symbackprop._util.errors import NotationError, nearest
from symbackprop._util.resources import languages
from symbackprop._util.session import kept
from symbackprop.page.notation.template import Forms, parse_template
from symbackprop.page.sentences import Sentences

DIRECTORY = Path(__file__).resolve().parent / "profiles"
DEFAULT = "document"
ROLES = {"input": "x", "hidden": "h", "output": "o"}
CHOICES: Mapping[str, tuple[str, ...]] = {
    "vectors": ("row", "column"),
    "weights": ("from_to", "to_from"),
    "jacobian": ("numerator", "denominator"),
    "bias": ("added", "subtracted"),
    "delta": ("gradient", "minus_gradient"),
    "gradient": ("fraction", "nabla"),
    "updated": ("prime", "superscript", "arrow"),
    "hadamard": ("⊙", "·"),
    "logarithm": ("ln", "log"),
}
"""What a profile decides, and between which words; the first is taken where it is silent."""
REQUIRED = ("input", "target", "pre", "activation", "weight", "bias", "loss", "loss_term", "learning_rate")
OPTIONAL = (
    "output_pre",
    "output_activation",
    "output_weight",
    "output_bias",
    "delta",
    "output_delta",
    "weight_gradient",
    "bias_gradient",
    "activation_gradient",
    "penalty",
    "prediction",
)
"""Symbols by the kind of quantity; those of the output layer are the general ones unless they are given."""
MARK = "new"
NAMED = {
    "name": ("pre", "activation", "output_pre", "output_activation"),
    "own": ("weight", "bias", "output_weight", "output_bias"),
}
"""Where the spec's names may stand as a base: only where there is one."""
LETTER = re.compile(r"[A-Za-zΑ-Ωα-ω]")
MAX_BYTES = 100_000
MOST_LAYERS = 1_000
TABLES = ("title", "choices", "symbols", "roles", "variables")
PLAIN = {"first_layer": int, "weight_first": bool, "shapes": bool, "shared_bias": bool, "mark": str, "sample": str}


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """A notation.

    ``choices`` has a word for each key of ``CHOICES``, ``symbols`` the templates by kind. ``first_layer`` is the number of the
    first layer after the input. ``weight_first`` writes w x for x w, ``shapes`` shapes below matrices, ``shared_bias``
    one symbol for equal biases that are not trained. ``mark`` is the superscript of updated parameters, ``sample`` that of a
    sample.
    ``roles`` are the letters of units by layer, ``variables`` those of general laws (z and a).
    """

    name: str
    titles: tuple[tuple[str, str], ...]
    choices: Mapping[str, str]
    symbols: Mapping[str, Forms]
    first_layer: int = 1
    weight_first: bool = True
    shapes: bool = True
    shared_bias: bool = False
    mark: str = MARK
    sample: str = "({sample})"
    roles: Mapping[str, str] = field(default_factory=lambda: ROLES)
    variables: Mapping[str, str] = field(default_factory=dict)

    def title(self, lang: str) -> str:
        """What the notation is called, in one language."""
        titles = dict(self.titles)
        if not titles and self.name in profile_names():
            return Sentences(lang, book="notations").plain(self.name)
        return titles.get(lang) or titles.get("") or titles.get("en") or self.name


@kept(most=64)
def profile_names() -> tuple[str, ...]:
    """The notations that come with symbackprop, the default first."""
    names = sorted(path.stem for path in DIRECTORY.glob("*.toml"))
    return (DEFAULT, *(name for name in names if name != DEFAULT))


def load_profile(name: str, base: Path | None = None) -> Profile:
    """The profile of a name, or in a file whose name ends with .toml, sought from the directory ``base``.

    Raises ``NotationError`` with place, problem and hint.
    """
    if not name.endswith(".toml"):
        if name not in profile_names():
            raise NotationError("notation", f"unknown notation {name!r}", nearest(name, profile_names()))
        return _own(name)
    return read_profile((base or Path()) / name)


@kept(most=64)
def _own(name: str) -> Profile:
    return read_profile(DIRECTORY / f"{name}.toml")


def read_profile(path: Path) -> Profile:
    """The profile in a file."""
    try:
        content = path.read_bytes()
        if len(content) > MAX_BYTES:
            raise NotationError(str(path), f"is larger than {MAX_BYTES} bytes", "a profile is a short table")
        values = tomllib.loads(content.decode("utf-8"))
    except OSError as error:
        raise NotationError(str(path), error.strerror or str(error), "a notation is a name or a .toml file") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise NotationError(str(path), str(error), "a profile is TOML in UTF-8") from None
    return check_profile(values, str(path), path.stem)


def check_profile(values: Mapping[str, Any], place: str, name: str) -> Profile:
    """The profile that the tables ``values`` describe."""
    known = (*PLAIN, *TABLES)
    for key in values:
        if key not in known:
            raise NotationError(f"{place}: {key}", "unknown key", nearest(key, known))
    return Profile(
        name,
        _titles(values.get("title", {}), place),
        _choices(_table(values, "choices", place), place),
        _symbols(_table(values, "symbols", place), place),
        roles=ROLES | _words(_table(values, "roles", place), tuple(ROLES), f"{place}: roles"),
        variables=_letters(_words(_table(values, "variables", place), ("z", "a"), f"{place}: variables"), place),
        **{key: _plain(values[key], kind, f"{place}: {key}") for key, kind in PLAIN.items() if key in values},
    )


def _table(values: Mapping[str, Any], key: str, place: str) -> Mapping[str, Any]:
    value = values.get(key, {})
    if not isinstance(value, Mapping):
        raise NotationError(f"{place}: {key}", f"{value!r} where a table is due")
    return value


def _plain(value: Any, kind: type, place: str) -> Any:
    if type(value) is not kind or (isinstance(value, int) and not 0 <= value <= MOST_LAYERS):
        wanted = {int: "a whole number", bool: "true or false", str: "text"}[kind]
        raise NotationError(place, f"{value!r} where {wanted} is due")
    return value


def _titles(value: Any, place: str) -> tuple[tuple[str, str], ...]:
    if isinstance(value, str):
        return (("", value),)
    return tuple(_words(value if isinstance(value, Mapping) else {}, languages(), f"{place}: title").items())


def _words(table: Mapping[str, Any], known: tuple[str, ...], place: str) -> dict[str, str]:
    for key, value in table.items():
        if key not in known:
            raise NotationError(f"{place}.{key}", "unknown key", nearest(key, known))
        if not isinstance(value, str) or not value:
            raise NotationError(f"{place}.{key}", f"{value!r} where text is due")
    return dict(table)


def _letters(table: dict[str, str], place: str) -> dict[str, str]:
    for key, value in table.items():
        if not LETTER.fullmatch(value):
            raise NotationError(f"{place}: variables.{key}", f"{value!r} where a letter is due")
    return table


def _choices(table: Mapping[str, Any], place: str) -> dict[str, str]:
    chosen = {key: words[0] for key, words in CHOICES.items()}
    for key, word in table.items():
        if key not in CHOICES:
            raise NotationError(f"{place}: choices.{key}", "unknown key", nearest(key, CHOICES))
        if word not in CHOICES[key]:
            raise NotationError(f"{place}: choices.{key}", f"unknown word {word!r}", nearest(str(word), CHOICES[key]))
        chosen[key] = word
    return chosen


def _symbols(table: Mapping[str, Any], place: str) -> dict[str, Forms]:
    kinds = (*REQUIRED, *OPTIONAL)
    for kind in table:
        if kind not in kinds:
            raise NotationError(f"{place}: symbols.{kind}", "unknown kind of quantity", nearest(kind, kinds))
    missing = [kind for kind in REQUIRED if kind not in table]
    if missing:
        raise NotationError(f"{place}: symbols", f"no symbol for {missing[0]}", "such as z_{unit}^({layer})")
    found = {kind: _forms(value, f"{place}: symbols.{kind}") for kind, value in table.items()}
    for kind, forms in found.items():
        for template in (forms.whole, forms.entry, forms.batch):
            for name in template.base_fields:
                if name != "address" and (name not in ("name", "own") or kind not in NAMED[name]):
                    raise NotationError(
                        f"{place}: symbols.{kind}", f"the base cannot hold {{{name}}}", "put it into a script"
                    )
    return found


def _forms(value: Any, place: str) -> Forms:
    """One template for all forms, or a table: ``whole``, ``entry``, and ``batch`` for the array of a batch."""
    if isinstance(value, str):
        template = parse_template(value, place)
        return Forms(template, template, template)
    if not isinstance(value, Mapping) or "whole" not in value or "entry" not in value:
        raise NotationError(place, "a symbol is text, or a table with whole and entry")
    texts = _words(value, ("whole", "entry", "batch"), place)
    parsed = {form: parse_template(text, f"{place}.{form}") for form, text in texts.items()}
    return Forms(parsed["whole"], parsed["entry"], parsed.get("batch", parsed["whole"]))
