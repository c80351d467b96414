"""What every section of a page is written with: formulas, and sentences with formulas in them."""

from __future__ import annotations

from typing import Literal

from symbackprop.evaluate.exercise import Exercise
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Node
from symbackprop.graph.network import LOSS, RATE, Layer
from symbackprop.page.formulas import Formulas
from symbackprop.page.model import Heading, Inline, MathRun, Paragraph, Remark, Run
from symbackprop.page.options import PageOptions
from symbackprop.page.sentences import Field, Sentences


class PageBuilder(Formulas):
    """The formulas of a page about one exercise, and its sentences."""

    def __init__(self, exercise: Exercise, options: PageOptions) -> None:
        super().__init__(exercise, options)
        self.sentences = Sentences(options.lang, options.templates)
        self.common: dict[str, Field] = {
            "x": self.symbol(self.network.input),
            "y": self.symbol(self.network.target),
            "prediction": self.symbol(self.network.output.out),
            "E": self.symbol(LOSS),
            "lr": self.symbol(RATE),
        }

    def heading(self, level: Literal[1, 2, 3], number: str, key: str, **fields: Field) -> Heading:
        """A heading with a sentence of its own."""
        return Heading(level, self.inline(key, **fields), number)

    def say(self, key: str, **fields: Field) -> Paragraph:
        """A paragraph."""
        return Paragraph(self.inline(key, **fields))

    def slip(self, key: str, **fields: Field) -> Remark:
        """A remark on where people go wrong."""
        return Remark(self.sentences.plain("labels.slip"), self.inline(key, **fields))

    def inline(self, key: str, **fields: Field) -> Inline:
        """A sentence."""
        return self.sentences.inline(self.variant(key), self.common | fields)

    def variant(self, key: str) -> str:
        """The key of a sentence, or of the one that takes its place in this notation: ``…_column``, ``…_threshold``."""
        return next((k for k in (f"{key}_{word}" for word in self.notation.variants) if k in self.sentences), key)

    def about(self, layer: Layer) -> dict[str, Field]:
        """The fields of a sentence about a layer."""
        fields: dict[str, Field] = {
            "name": layer.name,
            "before": self.source_name(layer),
            "source": self.symbol(layer.source),
            "pre": self.symbol(layer.pre),
            "out": self.symbol(layer.out),
            "W": self.symbol(layer.weight),
            "function": layer.activation.title,
            "row": n.Var(layer.row),
            "column": n.Var(layer.column),
        }
        return fields | ({"b": self.symbol(layer.bias)} if layer.bias else {})

    def source_name(self, layer: Layer) -> str:
        """The name of the layer before, or of the input."""
        return (
            self.network.layers[layer.number - 2].name
            if layer.number > 1
            else self.sentences.plain("network.input_layer")
        )


def joined(nodes: list[Node], separator: str) -> Inline:
    """Formulas in a row of running text."""
    runs: list[Run | MathRun] = []
    for node in nodes:
        runs += [Run(separator), MathRun(node)] if runs else [MathRun(node)]
    return tuple(runs)
