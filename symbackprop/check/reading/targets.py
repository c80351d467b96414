"""Names and derivatives of a page → addresses, under a dictionary; figures → entries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from symbackprop.check.claims.nodes import Name
from symbackprop.check.reading.keys import Written, written
from symbackprop.check.reading.meanings import Index, Places, Target
from symbackprop.check.reading.statements import PrintedCell, PrintedFigure, bare
from symbackprop.check.reading.values import Values
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Node
from symbackprop.graph.network import LOSS, LOSS_TERM, RATE

PARAMETERS = ("W", "b")
Resolve = Callable[[Written], Target | None]


@dataclass(frozen=True, slots=True)
class TargetSubject:
    """What a side names: an address, the index that the name has, whether it is marked as updated."""

    address: str
    index: Index = ()
    kind: str = ""
    layer: int = 0
    turned: bool = False
    sign: int = 1
    is_new: bool = False
    is_old: bool = False


def keys_in(node: Node) -> list[Written]:
    """The names in a side that names a quantity."""
    node = bare(node)
    if isinstance(node, Name):
        return [written(node if node.accent != "delta" else node.replace(accent=""))]
    if isinstance(node, n.Partial):
        return keys_in(node.of) + keys_in(node.by)
    if isinstance(node, n.Div):
        return [part for name in _derivative(node) for part in keys_in(name)]
    if isinstance(node, (n.Neg, n.Transpose)):
        return keys_in(node.operand)
    if isinstance(node, n.Call):
        return keys_in(node.arguments[0])
    return []


def _derivative(node: n.Div) -> tuple[Name, Name]:
    above, below = bare(node.numerator), bare(node.denominator)
    assert isinstance(above, Name) and isinstance(below, Name)
    return above.replace(base=above.base[1:]), below.replace(base=below.base[1:])


def subjects_of(node: Node, resolve: Resolve, places: Places) -> list[TargetSubject]:
    """What a side may stand for, under a dictionary."""
    node = bare(node)
    if isinstance(node, n.Neg):
        return [replace(one, sign=-one.sign) for one in subjects_of(node.operand, resolve, places)]
    if isinstance(node, n.Transpose):
        return [replace(one, turned=not one.turned) for one in subjects_of(node.operand, resolve, places)]
    if isinstance(node, Name):
        if node.accent == "delta":
            return _changes(node, resolve)
        name = written(node)
        target = _known(name, resolve)
        return [_subject(target, name)] if target else []
    if isinstance(node, n.Call):
        return _called(node, resolve, places)
    if isinstance(node, n.Div):
        node = n.Partial(*_derivative(node))
    if isinstance(node, n.Partial):
        return _partial(node, resolve, places)
    return []


def _known(name: Written, resolve: Resolve) -> Target | None:
    return Target(LOSS, (), "E") if name.key.base == "loss:" else resolve(name)


def _subject(target: Target, name: Written) -> TargetSubject:
    return TargetSubject(
        target.address, target.index, target.kind, target.layer, target.turned, target.sign, name.is_new, name.is_old
    )


def _changes(node: Name, resolve: Resolve) -> list[TargetSubject]:
    """ΔW: a gradient, or what is taken off or added by an update."""
    target = resolve(written(node.replace(accent="")))
    if target is None or target.kind not in PARAMETERS:
        return []
    gradient = TargetSubject(f"d{LOSS}/d{target.address}", target.index, "g" + target.kind, target.layer, target.turned)
    scaled = [replace(gradient, address=f"{sign}{RATE}*{gradient.address}", kind="step") for sign in ("", "-")]
    return [gradient, *scaled]


def _called(node: n.Call, resolve: Resolve, places: Places) -> list[TargetSubject]:
    """σ(z) is the activation, σ'(z) its derivative."""
    inner = bare(node.arguments[0])
    target = resolve(written(inner)) if isinstance(inner, Name) else None
    if target is None or target.kind != "in":
        return []
    kind = "slope" if node.function.endswith("'") else "out"
    address = places.address(kind, target.layer)
    return [TargetSubject(address, target.index, kind, target.layer)] if address else []


def _partial(node: n.Partial, resolve: Resolve, places: Places) -> list[TargetSubject]:
    of_node, by_node = bare(node.of), bare(node.by)
    if not (isinstance(of_node, Name) and isinstance(by_node, Name)):
        return []
    of_name, by_name = written(of_node), written(by_node)
    of, by = _known(of_name, resolve), _known(by_name, resolve)
    if of is None or by is None or by.kind not in ("in", "out", "W", "b"):
        return []
    turned, is_new = by.turned, False
    blank = TargetSubject("", (), "", by.layer, turned, 1, is_new)
    if of.kind == "E" or (of.kind == "E_l" and not of.index):
        kind = {"in": "delta", "out": "gout", "W": "gW", "b": "gb"}[by.kind]
        return [replace(blank, address=f"d{LOSS}/d{by.address}", index=by.index, kind=kind)]
    if of.kind == "E_l":
        shown = ",".join(map(str, of.index))
        return [replace(blank, address=f"d{LOSS_TERM}[{shown}]/d{by.address}", index=by.index, kind="part")]
    if of.kind not in ("in", "out") or of.layer < by.layer:
        return []
    return [replace(blank, kind="local", **found) for found in _local(of, by, places)]  # type: ignore[arg-type]


def _local(of: Target, by: Target, places: Places) -> list[dict[str, object]]:
    """The addresses of a derivative of one quantity of the network by another, the likelier first."""
    if by.kind in ("in", "out") and of.layer == by.layer:
        if of.kind == "out" and by.kind == "in":
            diagonal = f"diag(d{of.address}/d{by.address})"
            if of.index and by.index and of.index != by.index:
                return [{"address": f"d{of.address}/d{by.address}", "index": of.index + by.index}]
            return [
                {"address": diagonal, "index": of.index or by.index},
                {"address": f"d{of.address}/d{by.address}", "index": ()},
            ]
        return []
    index = of.index
    if by.kind in ("W", "b") and of.kind == "in" and of.layer == by.layer and not of.index:
        unit = by.index[-1:]
        if not unit:
            return [{"address": f"d{of.address}/d{by.address}", "index": ()}]
        index = unit
    if not index and places.sizes[of.layer] == 1:
        index = (1,)
    if not index:
        return [{"address": f"d{of.address}/d{by.address}", "index": by.index}] if not by.index else []
    shown = ",".join(map(str, index))
    return [{"address": f"d{of.address}[{shown}]/d{by.address}", "index": by.index}]


def cells_of(
    subject: TargetSubject, address: str, figure: PrintedFigure, values: Values
) -> list[tuple[PrintedCell, Index]] | None:
    """Which entry each figure is; None where the shapes differ."""
    shape, index = values.shape(address), subject.index
    if values.at(address) is None:
        return None
    cells = figure.cells
    if values.batch and len(index) == len(shape) - 1 and len(index) == 1 and len(cells) == shape[0]:
        return [(cell, (s, *index)) for s, cell in enumerate(cells, 1)]
    rest = shape[len(index) :]
    free = [k for k, size in enumerate(rest) if size != 1]

    def full(found: tuple[int, ...]) -> Index:
        inner = [1] * len(rest)
        for k, i in zip(free, found, strict=True):
            inner[k] = i
        return (*index, *inner)

    if not free:
        return [(cells[0], full(()))] if len(cells) == 1 else None
    if len(free) == 1:
        if len(cells) == rest[free[0]]:
            return [(cell, full((k,))) for k, cell in enumerate(cells, 1)]
        return (
            [(cells[0], full((1,)))] if len(cells) == 1 and subject.kind == "b" and _is_level(values, address) else None
        )
    if len(free) != 2 or len({len(row) for row in figure.rows}) != 1:
        return None
    height, width, rows, columns = len(figure.rows), len(figure.rows[0]), rest[free[0]], rest[free[1]]
    turned = subject.turned if rows == columns else (height, width) == (columns, rows)
    if (height, width) != ((columns, rows) if turned else (rows, columns)):
        return None
    return [
        (cell, full((j, i) if turned else (i, j)))
        for i, row in enumerate(figure.rows, 1)
        for j, cell in enumerate(row, 1)
    ]


def _is_level(values: Values, address: str) -> bool:
    value = values.at(address)
    return isinstance(value, (list, tuple)) and len(set(map(str, value))) == 1
