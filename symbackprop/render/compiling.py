"""Writes ``compiled.py``, our templates as Python: ``python -m symbackprop.render.compiling``.

Loading Jinja2, and having it compile the templates of a page, takes longer than all the rest of writing one. So Jinja2 reads
ours beforehand, and each becomes a function that yields the pieces of its text. What ours do not use is not translated.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from textwrap import indent

from jinja2 import nodes

from symbackprop._util.files import write_whole
from symbackprop._util.resources import templates_directory
from symbackprop.render.jinja import environment
from symbackprop.render.templates import text_hash

FILE = Path(__file__).with_name("compiled.py")
HEAD = '''"""Our templates as Python. Made by ``python -m symbackprop.render.compiling``; not to be changed by hand."""

# ruff: noqa
# mypy: ignore-errors

from symbackprop.render.running import as_json, get, looped
'''
TAKEN = ("values", "use", "get", "looped", "as_json")
"""Names that the functions have already."""
BINARY: dict[type[nodes.Expr], str] = {
    nodes.And: "and",
    nodes.Or: "or",
    nodes.Add: "+",
    nodes.Sub: "-",
    nodes.Mul: "*",
    nodes.Mod: "%",
}
COMPARED = {"eq": "==", "ne": "!=", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">=", "in": "in", "notin": "not in"}
FILTERS = {"length": "len({0})", "tojson": "as_json({0})", "join": "{1}.join(map(str, {0}))"}


def compiled() -> str:
    """The content of the file."""
    root = templates_directory()
    names = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.j2"))
    functions = {name: "_" + re.sub("[^a-z]", "_", name.removesuffix(".j2")) for name in names}
    parts = [HEAD, *(_Translation(name).function(function) for name, function in functions.items())]
    rows = "".join(f'    "{name}": ("{text_hash(name)}", {function}),\n' for name, function in functions.items())
    return "\n\n".join(
        [*parts, f'TEMPLATES = {{\n{rows}}}\n"""Of each template the hash of its text, and its function."""\n']
    )


def _parsed(name: str) -> nodes.Template:
    jinja = environment(".tex" in name, None)
    assert jinja.loader is not None
    return jinja.parse(jinja.loader.get_source(jinja, name)[0], name)


class _Translation:
    """A template on its way to Python. ``own`` are the variables that it has set so far."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.own: list[str] = []
        self.loops = 0

    def function(self, function: str) -> str:
        """A function of the values, and of ``use``, which gives the function of another template."""
        body = self._lines(_parsed(self.name).body) or ["yield from ()"]
        return f"def {function}(values, use):\n" + indent("\n".join(body), "    ") + "\n"

    def _lines(self, body: Iterable[nodes.Node]) -> list[str]:
        return [line for node in body for line in self._statement(node)]

    def _statement(self, node: nodes.Node) -> Iterator[str]:
        match node:
            case nodes.Output():
                for part in node.nodes:
                    yield (
                        f"yield {part.data!r}" if isinstance(part, nodes.TemplateData) else f"yield {self._text(part)}"
                    )
            case nodes.If():
                yield from self._choice(node)
            case nodes.For(target=nodes.Name() | nodes.Tuple(), else_=[], test=None):
                yield from self._loop(node)
            case nodes.Assign(target=nodes.Name() | nodes.Tuple()):
                yield f"{self._set(node.target)} = {self._value(node.node)}"
            case nodes.Include():
                one_of = (
                    node.template.items if isinstance(node.template, (nodes.Tuple, nodes.List)) else [node.template]
                )
                names = ", ".join(map(self._value, one_of))
                seen = "".join(f", {name!r}: {self._variable(name)}" for name in self.own if name != "loop")
                yield f"yield from use({names})({{**values{seen}}}, use)"
            case nodes.FromImport(template=nodes.Const()):
                yield from self._imported(node)
            case _:
                raise self._unknown(node)

    def _choice(self, node: nodes.If) -> Iterator[str]:
        """A choice; what only a branch sets is, in another, what the values say, as in Jinja2."""
        outside = set(self.own)
        lines = list(self._branches(node))
        for name in self.own:
            if name not in outside:
                yield f"{self._variable(name)} = values.get({name!r})"
        yield from lines

    def _branches(self, node: nodes.If) -> Iterator[str]:
        yield f"if {self._value(node.test)}:"
        yield from _inside(self._lines(node.body))
        for other in node.elif_:
            yield f"elif {self._value(other.test)}:"
            yield from _inside(self._lines(other.body))
        if node.else_:
            yield "else:"
            yield from _inside(self._lines(node.else_))

    def _loop(self, node: nodes.For) -> Iterator[str]:
        items, outside = self._value(node.iter), list(self.own)
        target = self._set(node.target)
        if any(name.name == "loop" for part in node.body for name in part.find_all(nodes.Name)):
            self.own.append("loop")
            self.loops += 1
            yield f"for {self._variable('loop')}, {target} in looped({items}):"
        else:
            yield f"for {target} in {items}:"
        yield from _inside(self._lines(node.body))
        self.loops -= self.own.count("loop") - outside.count("loop")
        self.own = outside

    def _imported(self, node: nodes.FromImport) -> Iterator[str]:
        """What another template sets to be imported is set here."""
        assert isinstance(node.template, nodes.Const)
        there = _parsed(str(node.template.value)).find_all(nodes.Assign)
        found = {part.target.name: part.node for part in there if isinstance(part.target, nodes.Name)}
        for name in node.names:
            if not isinstance(name, str) or name not in found:
                raise self._unknown(node)
            self.own.append(name)
            yield f"{self._variable(name)} = {self._value(found[name])}"

    def _set(self, target: nodes.Node) -> str:
        if isinstance(target, nodes.Tuple):
            return f"({', '.join(map(self._set, target.items))})"
        assert isinstance(target, nodes.Name)
        if target.name not in self.own:
            self.own.append(target.name)
        return self._variable(target.name)

    def _variable(self, name: str) -> str:
        """A variable of the template as one of Python's; ``loop`` is that of the innermost loop."""
        if name == "loop":
            return f"loop{self.loops}"
        return f"{name}_" if keyword.iskeyword(name) or hasattr(builtins, name) or name in TAKEN else name

    def _text(self, node: nodes.Node) -> str:
        value = self._value(node)
        is_text = isinstance(node, nodes.Concat) or (isinstance(node, nodes.Const) and isinstance(node.value, str))
        return value if is_text else f"str({value})"

    def _value(self, node: nodes.Node) -> str:
        match node:
            case nodes.Const():
                return repr(node.value)
            case nodes.Name():
                return self._variable(node.name) if node.name in self.own else f"values[{node.name!r}]"
            case nodes.Getattr():
                return f"get({self._value(node.node)}, {node.attr!r})"
            case nodes.Getitem():
                return f"{self._value(node.node)}[{self._value(node.arg)}]"
            case nodes.Not():
                return f"(not {self._value(node.node)})"
            case nodes.Compare():
                rest = "".join(f" {COMPARED[part.op]} {self._value(part.expr)}" for part in node.ops)
                return f"({self._value(node.expr)}{rest})"
            case nodes.CondExpr():
                other = "''" if node.expr2 is None else self._value(node.expr2)
                return f"({self._value(node.expr1)} if {self._value(node.test)} else {other})"
            case nodes.Concat():
                return "(" + " + ".join(map(self._text, node.nodes)) + ")"
            case nodes.Filter(name="length" | "tojson" | "join", node=nodes.Expr()):
                assert node.node is not None
                return FILTERS[node.name].format(self._value(node.node), *map(self._value, node.args))
            case nodes.Tuple() | nodes.List():
                return "[" + ", ".join(map(self._value, node.items)) + "]"
            case nodes.Dict():
                return "{" + ", ".join(f"{self._value(i.key)}: {self._value(i.value)}" for i in node.items) + "}"
            case nodes.BinExpr() if type(node) in BINARY:
                return f"({self._value(node.left)} {BINARY[type(node)]} {self._value(node.right)})"
        raise self._unknown(node)

    def _unknown(self, node: nodes.Node) -> ValueError:
        return ValueError(f"{self.name}:{node.lineno}: {type(node).__name__} is not translated")


def _inside(lines: list[str]) -> Iterator[str]:
    return (f"    {line}" for line in lines or ["pass"])


if __name__ == "__main__":
    write_whole(FILE, compiled())
