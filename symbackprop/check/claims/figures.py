"""Figure files, TOML or JSON → claims.

    [[figure]]
    of = "dE/dW_kl"
    printed = [["-0.5531", "-0.0576"], ["-0.554347", "-0.0577"]]
    factors = [["-3.7064 * 0.1591 * 0.938", …], …]

``of`` is an address and ``printed`` what the person wrote for it; ``factors``, ``terms`` and ``formula`` are optional, any
other key is ignored.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from symbackprop._util.errors import HandError, SpecError
from symbackprop.check.claims.claim import Claim, Role, Span
from symbackprop.check.claims.positions import Positions, json_positions, toml_positions
from symbackprop.spec.syntax import parse_json, parse_toml

MAX_BYTES = 20_000_000
MAX_FIGURES = 20_000
MAX_CELLS = 2_000_000
MAX_DEPTH = 4
MAX_TEXT = 2_000


def read_figures(source: str | os.PathLike[str] | Mapping[str, Any]) -> tuple[Claim, ...]:
    """Every claim of a figure file, in its order. Raises ``HandError`` where the file is no figure file."""
    if isinstance(source, Mapping):
        return _claims(source, "<dict>", {})
    name = os.fsdecode(source)
    text = read_text(name)
    is_json = name.lower().endswith(".json")
    try:
        values = (parse_json if is_json else parse_toml)(text, name)
    except SpecError as error:
        raise HandError(error.place, error.problem, "a figure file has [[figure]] tables") from None
    return _claims(values, name, (json_positions if is_json else toml_positions)(text))


def read_text(name: str) -> str:
    """The text of a file of moderate size in UTF-8. Raises ``HandError`` for any other."""
    try:
        with Path(name).open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise HandError(name, f"is larger than {MAX_BYTES // 1_000_000} MB", "is it a figure file?")
        return content.decode("utf-8-sig")
    except FileNotFoundError:
        raise HandError(name, "no such file") from None
    except UnicodeDecodeError as error:
        raise HandError(name, f"is not UTF-8: byte {error.start + 1}", "save it as UTF-8") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise HandError(name, f"cannot be read: {reason}") from None


def _claims(values: Mapping[str, Any], name: str, positions: Positions) -> tuple[Claim, ...]:
    figures = values.get("figure")
    if not isinstance(figures, (list, tuple)) or not figures:
        raise HandError(name, "has no figures", 'write [[figure]] with of = "h1_in" and printed = ["1.35", …]')
    if len(figures) > MAX_FIGURES:
        raise HandError(name, f"{len(figures)} figures", f"at most {MAX_FIGURES}")
    claims: list[Claim] = []
    for number, figure in enumerate(figures, 1):
        claims += _of_figure(figure, number, f"{name}: figure[{number}]", positions)
        if len(claims) > MAX_CELLS:
            raise HandError(f"{name}: figure[{number}]", "too many cells", f"at most {MAX_CELLS} in a file")
    return tuple(claims)


def _of_figure(figure: Any, number: int, place: str, positions: Positions) -> Iterator[Claim]:
    if not isinstance(figure, Mapping):
        raise HandError(place, "is no table")
    subject = figure.get("of")
    if not isinstance(subject, str) or not subject.strip() or len(subject) > MAX_TEXT:
        raise HandError(place, "names no quantity", 'of = "dE/dW_kl"')
    if "printed" not in figure:
        raise HandError(place, "has nothing printed", 'printed = ["0.1", "0.2"]')
    section = figure.get("section", "")
    for role in (Role.FORMULA, Role.FACTORS, Role.TERMS, Role.PRINTED):
        if role.value not in figure:
            continue
        cells = list(_cells(figure[role.value], (), f"{place}.{role.value}"))
        spans = positions.get((number, role.value), [])
        known = spans if len(spans) == len(cells) else [spans[0] if spans else Span()] * len(cells)
        for (index, text), span in zip(cells, known, strict=True):
            yield Claim(subject.strip(), index, role, text, number, str(section)[:MAX_TEXT], span)


def _cells(value: Any, index: tuple[int, ...], place: str) -> Iterator[tuple[tuple[int, ...], str]]:
    """Index and text of every cell of nested lists."""
    if isinstance(value, (list, tuple)):
        if len(index) >= MAX_DEPTH:
            raise HandError(place, "lists are nested too deeply", f"at most {MAX_DEPTH} levels")
        for i, part in enumerate(value, 1):
            yield from _cells(part, (*index, i), place)
        return
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise HandError(place, "holds something that is neither text nor a number")
    text = str(value)
    yield index, text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + "…"
