"""Printed output, programs, prose and rows of tables → statements."""

from __future__ import annotations

import re
from collections.abc import Iterator

from symbackprop._util.errors import FormulaError
from symbackprop.check.claims.chains import chains_of
from symbackprop.check.claims.documents import Piece
from symbackprop.check.claims.nodes import Name
from symbackprop.check.reading.statements import (
    PrintedCell,
    PrintedFigure,
    Statement,
    figure_of,
    is_name,
    plain_name,
    statements_of,
    tree_of,
)
from symbackprop.check.reading.words import SUBSCRIPTS, words_of
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Node

NUMBER = r"[-−+]?(?:\d+(?:,\d{3})+(?:\.\d*)?|\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
ARRAY = r"(?:(?:np\.)?(?:array|tensor|matrix)\(\s*)?\[(?:[^\[\]]|\[(?:[^\[\]]|\[[^\[\]]*\])*\])*\]"
SIGNS = "*_`$ \t"
RELATION = r"(?:=|:|≈|→|->|－>|是|为|：|＝|\\approx|\\to|\\rightarrow|\\leftarrow|←|:=)"
STATED = re.compile(
    rf"(?P<label>[^\n=:≈→：＝]{{1,120}}?)[ \t]*(?P<relation>{RELATION})[ \t*`$\n\\]*(?:\\boxed\{{|\\mathbf\{{)?"
    rf"(?P<figure>(?:{ARRAY})|{NUMBER})(?![\w.]|[ \t]*[-+*/×·^(]|\\)"
)
PROMPT = re.compile(
    rf"^[ \t]*(?:>>>|Out\[\d+\]:|#>|##)[ \t]*(?P<figure>(?:{ARRAY})|{NUMBER}(?:[ \t,]+{NUMBER})*)[ \t)]*$", re.M
)
VALUE = re.compile(NUMBER)
ASSIGNED = re.compile(r"^[ \t]*(?:\()?(?P<name>[^\W\d]\w*)[ \t]*=(?!=)", re.M)
PRINT = re.compile(r"\s*print\((?P<names>[^\W\d][\w.]*(?:\s*,\s*[^\W\d][\w.]*)*)\)")
LOOSE = re.compile(r"(?<![\w.=^_{\\-])(?P<figure>-?\d+\.\d{3,})(?![\w.]|[ \t]*[-+*/=^])")
IS_ASSIGNED = re.compile(r"\s*(?:\()?[^\W\d]\w*\s*")
UPDATED = re.compile(
    r"\b(?:new|updated?|after|nuev[oa]s?|actualizad[oa]s?|neue?r?|aktualisiert\w*|nov[oa]s?|atualizad[oa]s?|novo|baru)\b|更新|新|갱신|업데이트",
    re.IGNORECASE,
)
GRADIENT = re.compile(r"grad|梯度|∂|기울기|\\partial|slope", re.IGNORECASE)
LOSS = Name("loss:")
MAX_WORDS = 5


def text_statements(piece: Piece) -> Iterator[Statement]:
    """The statements in lines of output, of a program or of prose."""
    text = piece.text
    found: list[tuple[int, Statement]] = []
    for match in STATED.finditer(text):
        figure = _figure(piece, match)
        label = match["label"]
        name = label_name(label)
        if figure is None or name is None or (piece.kind == "code" and not IS_ASSIGNED.fullmatch(label)):
            continue
        at = match.start("label") + len(label) - len(label.lstrip())
        statement = Statement(piece, 0, piece.span(at), " ".join(match[0].split())[:200], [name], [figure])
        statement.is_update = bool(UPDATED.search(label)) or match["relation"] in (
            "→",
            "->",
            "\\to",
            "←",
            ":=",
            "\\leftarrow",
        )
        found.append((match.start(), statement))
    for match, words in _prompts(text):
        figure = _figure(piece, match)
        if figure is None:
            continue
        for name, part in _split(words, figure):
            stated = Statement(piece, 0, part.cells[0].span, match["figure"], [name] if name else [], [part])
            found.append((match.start(), stated))
    if piece.kind == "prose":
        taken = {cell.text for _, statement in found for figure in statement.figures for cell in figure.cells}
        for match in LOOSE.finditer(re.sub(r"\$[^$]*\$|\\\(.*?\\\)", lambda m: " " * len(m[0]), text)):
            if match["figure"] not in taken:
                figure = PrintedFigure(((PrintedCell(match["figure"], piece.span(match.start())),),))
                found.append((match.start(), Statement(piece, 0, figure.cells[0].span, match[0], [], [figure])))
    yield from (statement for _, statement in sorted(found, key=lambda pair: pair[0]))


def _prompts(text: str) -> Iterator[tuple[re.Match[str], list[str]]]:
    """What a program printed, with the names in the lines that printed it."""
    start, waiting = 0, list[list[str]]()
    for match in PROMPT.finditer(text):
        fresh = []
        for line in text[start : match.start()].splitlines():
            printed, assigned = PRINT.match(line), ASSIGNED.match(line)
            if printed:
                fresh.append([word.strip() for word in printed["names"].split(",")])
            elif assigned and not line.startswith((" ", "\t")):
                fresh.append([assigned["name"]])
            elif re.fullmatch(r"[^\W\d]\w*(?:,\s*[^\W\d]\w*)*", line.strip()):
                fresh.append([word.strip() for word in line.split(",")])
        run = len(re.match(r"(?:[ \t]*>>>[^\n]*\n?)*", text[match.start() :])[0].strip().splitlines())  # type: ignore[index]
        waiting = fresh[-run:] if fresh else waiting
        yield match, waiting.pop(0) if waiting else []
        start = match.end()


def _split(words: list[str], figure: PrintedFigure) -> list[tuple[Node | None, PrintedFigure]]:
    """Several names with as many numbers, each by itself."""
    if len(words) == len(figure.cells) > 1:
        return [(identifier(word), PrintedFigure(((cell,),))) for word, cell in zip(words, figure.cells, strict=True)]
    return [(identifier(words[0]) if len(words) == 1 and words[0] else None, figure)]


def _figure(piece: Piece, match: re.Match[str]) -> PrintedFigure | None:
    """The number, or the array, that a match found."""
    text, start = match["figure"], match.start("figure")
    if "[" not in text:
        numbers = list(VALUE.finditer(text))
        if len(numbers) > 1 and match.re is PROMPT:
            return PrintedFigure(
                (tuple(PrintedCell(_plain(m[0]), piece.span(start + m.start())) for m in numbers),), is_array=True
            )
        return PrintedFigure(((PrintedCell(_plain(text), piece.span(start)),),))
    begin = text.index("[")
    body = text[begin:]
    if re.search(r"[^\W\deE]", re.sub(NUMBER, "", body)):
        return None
    inner = list(re.finditer(r"\[([^\[\]]*)\]", body))
    rows = []
    for row in inner:
        cells = [
            PrintedCell(_plain(m[0]), piece.span(start + begin + row.start(1) + m.start()))
            for m in re.finditer(NUMBER.replace(r"\d+(?:,\d{3})+(?:\.\d*)?|", ""), row[1])
        ]
        if cells:
            rows.append(tuple(cells))
    return PrintedFigure(tuple(rows), is_array=True) if rows else None


def _plain(text: str) -> str:
    text = text.replace("−", "-").lstrip("+")
    text = re.sub(r",(?=\d{3})", "", text)
    text = re.sub(r"\.(?=$|[eE])", "", text)
    return re.sub(r"^(-?)\.", r"\g<1>0.", text)


def label_name(label: str) -> Node | None:
    """The name at the end of the words before a figure: an identifier, a formula, or the words themselves."""
    formulas = re.findall(r"\$([^$]+)\$|\\\(([^$]+?)\\\)", label)
    label = label.strip()
    if formulas and re.search(r"(?:\$|\\\))[*_\s]*$", label):
        return _formula_name(formulas[-1][0] or formulas[-1][1])
    plain = label.replace("*", " ").replace("`", " ").replace('"', " ").replace("$", " ").rstrip(" ,:(")
    plain = re.sub(r"\([^()]*\)\s*$", "", plain) if not re.search(r"\w\([^()]*\)$", plain) else plain
    if "\\" in plain:
        return _formula_name(plain.split(",")[-1].split("  ")[-1])
    words = plain.split()
    if not words or not re.search(r"[^\W\d]", plain):
        return None
    last = words[-1].strip("-•(),;.[]>")
    if re.fullmatch(r"[∂d]\S*/[∂d]\S+", last):
        return _slash(last)
    if re.fullmatch(r"\W*\w+(?:'?\(\w+\))?'?|\w+\[\w+(?:,\w+)?\]", last) and (
        re.search(r"[\d_₀-₉]", last) or len(last) <= 2 or len(words) == 1
    ):
        return identifier(last)
    return Name("words:" + " ".join(w.strip("-•(),;.").lower() for w in words[-MAX_WORDS:]).strip())


def _slash(text: str) -> Node | None:
    above, _, below = text.partition("/")
    return n.Partial(_simple(above[1:]), _simple(below[1:]))


def _formula_name(text: str) -> Node | None:
    try:
        sides = next(iter(chains_of(words_of(text + " = 0"))))
        tree = tree_of(sides[-2])
    except (FormulaError, RecursionError, StopIteration, IndexError):
        return None
    return plain_name(tree) if is_name(tree) else None


TABLE = {ord(c): f"{d}" for c, d in SUBSCRIPTS.items()}


def identifier(text: str) -> Node:
    """The name that an identifier of a program is: dJda2 is a derivative."""
    text = re.sub(r"(?<=[^\W\d])([₀-₉]+)", lambda m: "_" + m[0].translate(TABLE), text).strip("\"' ")
    called = re.fullmatch(r"(?:f|sigma|σ|g|sigmoid|tanh|relu)_?\d*(?P<prime>'?)_?\d*\((?P<by>\w+)\)", text)
    if called:
        return n.Call("sigmoid" + called["prime"], (_simple(called["by"]),))
    for pattern in (
        r"[d∂]_?(?P<of>[A-Za-zα-ω]\w*?)_?[d∂]_?(?P<by>[A-Za-zα-ω]\w*)",
        r"(?P<of>)(?:d|grad|gradient|D)_?(?P<by>[A-Za-z]\w*)",
    ):
        made = re.fullmatch(pattern, text)
        if (
            made
            and not re.fullmatch(r"(?:delta|dot|data|dim|depth|decay|digit|days?)\w*|[dD]_?\d+\w?", text)
            and made["by"].lower() not in ("radient", "ient")
        ):
            return n.Partial(_simple(made["of"]) if made["of"] else LOSS, _simple(made["by"]))
    return _simple(text)


def _simple(text: str) -> Name:
    entry = re.fullmatch(r"(\w+)\[(\w+(?:,\w+)?)\]", text)
    if entry:
        return Name(entry[1], sub=entry[2])
    base, _, sub = text.partition("_")
    return Name(base, sub=sub) if base and sub else Name(text.strip("_"))


def row_statements(piece: Piece) -> Iterator[Statement]:
    """The statements of a row of a table."""
    cells, at = [], 0
    for text in piece.text.split("|"):
        cells.append((at, text))
        at += len(text) + 1
    named: Node | None = None
    made: list[Statement] = []
    for k, (offset, text) in enumerate(cells):
        inner = _inner(piece, offset, text)
        if "=" in inner.text:
            made += [s for s in statements_of(inner) if s.names or s.figures]
            continue
        figure, head = _cell_figure(inner), piece.head[k] if k < len(piece.head) else ""
        if figure is None and made and not made[-1].figures:
            made[-1].figures += [
                f
                for s in statements_of(Piece("x=" + inner.text, inner.starts, inner.spans, "formula"))
                for f in s.figures
            ]
            continue
        if figure is None:
            named = named or _cell_name(inner)
        elif made and not made[-1].figures:
            made[-1].figures.append(figure)
        elif named is not None:
            name = n.Partial(LOSS, named) if GRADIENT.search(head) and not isinstance(named, n.Partial) else named
            statement = Statement(piece, 0, figure.cells[0].span, " ".join(inner.text.split()), [name], [figure])
            statement.is_update = bool(UPDATED.search(head))
            made.append(statement)
    yield from made


def _inner(piece: Piece, offset: int, text: str) -> Piece:
    """A cell as a piece of its own, without dollar signs and emphasis."""
    cleared = re.sub(r"\$|\*\*|`|\\approx|≈", lambda m: " " * len(m[0]), text)
    return Piece(cleared, (0,), (piece.span(offset),), "formula", piece.section)


def _cell_figure(inner: Piece) -> PrintedFigure | None:
    try:
        chains = list(chains_of(words_of("x=" + inner.text)))
        tree = tree_of(chains[0][1]) if chains and len(chains[0]) == 2 else None
    except (FormulaError, RecursionError):
        return None
    return figure_of(tree, chains[0][1], Piece(inner.text, (0,), inner.spans, "formula")) if tree is not None else None


def _cell_name(inner: Piece) -> Node | None:
    text = inner.text.strip()
    if not text:
        return None
    return _formula_name(text) if set("\\_^{") & set(text) else label_name(text)
