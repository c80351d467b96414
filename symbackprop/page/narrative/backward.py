"""Backpropagation: from the loss back to the input, layer by layer, with the points (a), (b), (c), (d) of the document."""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.backprop import Kind
from symbackprop.backprop.rule import gradient, slope_address
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Brace, Call, Mul, Node, Partial, Ref, Var
from symbackprop.graph.network import COUNT, LOSS_TERM, Layer
from symbackprop.ops.activations import Activation
from symbackprop.page.builder import PageBuilder
from symbackprop.page.equations import entry_rows, entrywise, law_row, other_entries, whole_array
from symbackprop.page.matrices import counted
from symbackprop.page.model import Block, Equation, Row
from symbackprop.page.narrative.figures import gradient_figures
from symbackprop.page.narrative.forward import activation_key, given_mark, slip
from symbackprop.page.narrative.short_form import short_form
from symbackprop.page.notation.laws import negated
from symbackprop.page.tidy import tidy

POINTS = "abcdefgh"


def backward_section(builder: PageBuilder) -> Iterator[Block]:
    """The section on backpropagation."""
    yield builder.heading(1, "3", "backward.heading")
    yield builder.say("backward.intro")
    for number, layer in enumerate(reversed(builder.network.layers), 1):
        yield from _LayerPages(builder, layer, number).blocks()
    first = builder.network.layers[0]
    about = builder.about(first)
    yield builder.heading(2, f"3.{len(builder.network.layers) + 1}", "backward.input", **about)
    yield builder.say("backward.input_why", **about)
    yield from source_gradient(builder, first)
    yield from gradient_figures(builder)


class _LayerPages:
    """The pages of one layer; ``point`` hands out the letters of its headings."""

    def __init__(self, builder: PageBuilder, layer: Layer, number: int) -> None:
        self.builder, self.layer, self.number = builder, layer, number
        self.about = builder.about(layer)
        self.points = iter(POINTS)
        self.is_output = layer is builder.network.output

    def blocks(self) -> Iterator[Block]:
        """Everything between this layer's activation and its updated parameters."""
        key = "backward.layer_output" if self.is_output else "backward.layer_hidden"
        yield self.builder.heading(2, f"3.{self.number}", key, **self.about)
        if self.is_output:
            yield from self._loss_slope()
            yield from self._activation_slope()
            yield from self._weight_slope()
        else:
            yield from self._activation_slope()
            yield from self._weight_slope()
            yield from self._source_gradient()
        yield from self._delta()
        yield from self._weight_gradient()
        yield from self._update()

    def _point(self, key: str, **fields: object) -> Block:
        return self.builder.heading(3, f"({next(self.points)})", key, **self.about)

    def _loss_slope(self) -> Iterator[Block]:
        builder, address = self.builder, gradient(self.layer.out)
        letter = (builder.network.output.column,)
        sample = "s" if builder.network.spec.batch else None
        yield self._point("backward.loss_slope")
        term, entry = builder.symbol(LOSS_TERM, letter, sample), builder.symbol(self.layer.out, letter, sample)
        loss = builder.network.loss
        key = "loss_slope_why_none" if not loss.has_target else f"loss_slope_why{'_coupled' if loss.coupled else ''}"
        yield builder.say(f"backward.{key}", term=term, entry=entry)
        yield Equation((law_row(builder, address),), address)
        if (own := f"backward.loss_slope_slip_{loss.subject}") in builder.sentences:
            yield builder.slip(own)
        yield builder.say("backward.loss_slope_numbers")
        yield Equation(tuple(entry_rows(builder, address, (1,), tidied=True)), address)
        numbers = builder.each(address, lambda e: tidy(builder.numbers(builder.held(e))))
        rows = [Row(builder.symbol(address), numbers), Row(None, builder.figure(Ref(address)))]
        yield Equation(tuple(rows), address)
        yield from given_mark(builder, address)
        yield builder.say("backward.loss_slope_reading")

    def _activation_slope(self) -> Iterator[Block]:
        builder, layer = self.builder, self.layer
        address = slope_address(layer)
        yield self._point("backward.activation_slope")
        yield builder.say(
            activation_key(builder, layer.activation, "slope"), **self.about, i=Var("i"), j=Var("j"), a=Var("a")
        )
        if layer.activation.coupled:
            yield Equation((law_row(builder, address),), address)
            for index in ((1, 1), (1, 2))[: min(2, layer.outputs)]:
                yield Equation(tuple(entry_rows(builder, address, index)), address)
        else:
            yield Equation((general_slope(layer.activation),), address)
        yield from slip(builder, layer.activation, "slope")
        if layer.activation.coupled and builder.network.spec.batch:
            yield from self._jacobians(address)
        else:
            yield entrywise(builder, address, self._named_slope)
        yield from given_mark(builder, address)

    def _jacobians(self, address: str) -> Iterator[Block]:
        """Of a batch, the Jacobian of each sample."""
        builder = self.builder
        for sample in counted(builder.network.samples):
            figures = builder.figure(Ref(address, (), sample))
            yield Equation((Row(builder.symbol(address, (), sample), figures),), address)

    def _named_slope(self, entry: Node) -> Node:
        """A slope by cases by the derivative's name, ReLU'(z); any other in full."""
        if not isinstance(entry, n.Cases):
            return entry
        of_layer = (part for part in n.walk(entry) if isinstance(part, Ref))
        index, sample = next((part.index, part.sample) for part in of_layer)
        ref = Ref(self.layer.pre, index, sample)
        return Call(f"{self.layer.activation.symbol}'", (ref,))

    def _weight_slope(self) -> Iterator[Block]:
        builder, layer = self.builder, self.layer
        address = f"d{layer.pre}/d{layer.weight}"
        yield self._point("backward.weight_slope")
        law = law_row(builder, layer.pre)
        yield builder.say(
            "backward.weight_slope_why",
            **self.about,
            law=n.Compare(law.left or law.right, "=", law.right),
            entry=builder.symbol(layer.weight, (layer.row, layer.column)),
            source_entry=builder.symbol(layer.source, (layer.row,), "s" if builder.network.spec.batch else None),
        )
        figures = builder.figure(Ref(layer.source))
        yield Equation(
            (
                law_row(builder, address),
                Row(builder.symbol(address), builder.symbols(layer.source)),
                Row(None, figures),
            ),
            address,
        )
        if layer.bias:
            yield builder.say("backward.bias_slope", **self.about)
            yield Equation((law_row(builder, f"d{layer.pre}/d{layer.bias}"),), f"d{layer.pre}/d{layer.bias}")

    def _source_gradient(self) -> Iterator[Block]:
        following = self.builder.network.layers[self.layer.number]
        yield self.builder.heading(
            3, f"({next(self.points)})", "backward.source_gradient", **self.builder.about(following)
        )
        yield self.builder.say("backward.source_gradient_why", **self.builder.about(following))
        yield from source_gradient(self.builder, following)
        yield self.builder.slip("backward.source_gradient_slip", **self.builder.about(following))

    def _delta(self) -> Iterator[Block]:
        builder, layer = self.builder, self.layer
        address = gradient(layer.pre)
        yield self._point("backward.delta")
        yield builder.say(f"backward.delta_{'coupled' if layer.activation.coupled else 'single'}", **self.about)
        rows = [law_row(builder, address), *entry_rows(builder, address, (1,))]
        if layer.activation.coupled:
            rows[2] = Row(None, braced(builder, address))
        yield Equation(tuple(rows), address)
        yield from other_entries(builder, address)
        if not (layer.activation.coupled and builder.network.spec.batch):
            yield builder.say("backward.delta_matrix", **self.about)
            whole = whole_array(builder, address)
            yield Equation((whole.rows[0], *whole.rows[2:]), address)
        else:
            yield Equation((Row(builder.symbol(address), builder.figure(Ref(address))),), address)
        yield from given_mark(builder, address)
        yield from short_form(builder, layer)

    def _weight_gradient(self) -> Iterator[Block]:
        builder, layer = self.builder, self.layer
        address = gradient(layer.weight)
        yield self._point("backward.weight_gradient")
        batch = builder.network.spec.batch
        yield builder.say(f"backward.weight_gradient_{'batch' if batch else 'why'}", **self.about)
        yield Equation((law_row(builder, address), *entry_rows(builder, address, (1, 1))), address)
        yield from other_entries(builder, address)
        whole = whole_array(builder, address)
        products = Row(None, builder.each(address, builder.numbers))
        rows = whole.rows if batch else (*whole.rows[:3], products, *whole.rows[3:])
        yield Equation(rows, address)
        yield from given_mark(builder, address)
        if layer.bias:
            address = gradient(layer.bias)
            kind = "shared" if layer.shared else "batch" if batch else "why"
            yield builder.say(f"backward.bias_gradient_{kind}", **self.about)
            if layer.shared:
                yield from self._shared_gradient(address)
                return
            result = builder.figure(Ref(address))
            yield Equation((law_row(builder, address), Row(builder.symbol(address), result)), address)

    def _shared_gradient(self, address: str) -> Iterator[Block]:
        """The sum over the units, in letters and written out."""
        law = self.builder.notation.law(address)
        assert law is not None
        first, *others = entry_rows(self.builder, address, (), short=True)
        rows = (Row(self.builder.symbol(address), self.builder.typeset(law)), Row(None, first.right), *others)
        yield Equation(rows, address)

    def _update(self) -> Iterator[Block]:
        builder, layer = self.builder, self.layer
        yield builder.heading(3, "", "backward.update", **self.about)
        if builder.network.trains(layer.weight):
            yield from self._rule(layer.weight, (1, 1))
        else:
            yield builder.say("backward.weight_fixed", **self.about)
        if not layer.bias:
            return
        if not builder.network.trains(layer.bias):
            yield builder.say("backward.bias_fixed", **self.about)
            return
        if builder.network.trains(layer.weight):
            yield builder.say("backward.update_bias", **self.about)
            for address in (*self._memories(layer.bias), f"{layer.bias}'"):
                yield from self._moved(address)
        else:
            yield builder.say("backward.update_bias_only", **self.about)
            yield from self._rule(layer.bias, () if layer.shared else (1,))

    def _rule(self, parameter: str, first: tuple[int, ...]) -> Iterator[Block]:
        """The rule of the update, step by step, with its first entry in full."""
        builder = self.builder
        for address in self._memories(parameter):
            own = f"backward.memory_{address.partition('(')[0]}"
            key = own if own in builder.sentences else "backward.memory_other"
            yield builder.say(key, v=builder.symbol(address), **self._of_the_rule())
            yield from self._law_and_entry(address, first)
        own = f"backward.update_why_{builder.network.update.name}"
        key = own if own in builder.sentences else "backward.update_why_other"
        yield builder.say(key, **self.about, **self._of_the_rule())
        address = f"{parameter}'"
        yield from self._law_and_entry(address, first)

    def _law_and_entry(self, address: str, first: tuple[int, ...]) -> Iterator[Block]:
        """The law in letters and its first entry in full, then all entries; a single number has only itself."""
        rows = entry_rows(self.builder, address, first)
        yield Equation((law_row(self.builder, address), *(rows if first else rows[1:])), address)
        if first:
            yield from self._moved(address)

    def _of_the_rule(self) -> dict[str, Node]:
        """The symbols of the hyperparameters by their names, and what a memory is divided by."""
        rule, symbol = self.builder.network.update, self.builder.symbol
        known: dict[str, Node] = {h.name: symbol(h.name) for h in rule.hyperparameters}
        if not rule.is_corrected:
            return known
        factor = n.Add((n.Num("1"), n.Neg(n.Pow(symbol(rule.memories[0].decay), symbol(COUNT)))))
        return known | {"t": symbol(COUNT), "factor": factor}

    def _memories(self, parameter: str) -> list[str]:
        """What the rule makes of the gradient before it moves the parameter, in order."""
        quantities = self.builder.derivation.quantities.values()
        return [q.address for q in quantities if q.by == parameter and q.kind in (Kind.NEW_MEMORY, Kind.CORRECTED)]

    def _moved(self, address: str) -> Iterator[Block]:
        """All entries: the law of whole arrays with numbers and result, or the result where the law has no such form."""
        builder = self.builder
        if builder.notation.law(address) is None:
            yield Equation(
                (Row(builder.symbol(address), builder.figure(Ref(address)), builder.relation(address)),), address
            )
            return
        whole = whole_array(builder, address)
        yield Equation((whole.rows[0], *whole.rows[2:]), address)


def source_gradient(builder: PageBuilder, layer: Layer) -> Iterator[Block]:
    """∂E/∂(source of the layer): element form with the first entry in full, then the matrix form."""
    address = gradient(layer.source)
    yield Equation((law_row(builder, address), *entry_rows(builder, address, (1,))), address)
    yield from other_entries(builder, address)
    yield builder.say("backward.source_gradient_transpose", **builder.about(layer))
    yield whole_array(builder, address)
    yield from given_mark(builder, address)


def general_slope(activation: Activation) -> Row:
    """f'(z) = …, in terms of the activation a where that is shorter."""
    has_name = not activation.is_plain_function or activation.definition
    name = Call(f"{activation.symbol}'", (Var("z"),)) if has_name else Partial(Var("a"), Var("z"))
    return Row(name, activation.slope)


def braced(builder: PageBuilder, address: str) -> Node:
    """The chain rule of the first entry in numbers, the first term's factors named below braces."""
    rule = builder.derivation.rules[address]
    sample = 1 if builder.network.spec.batch else None
    first, *others = rule.contributions((1,), sample)
    named: Node = Mul(
        tuple(Brace(builder.numbers(part), _inline(builder.typeset(part))) for part in (first.upstream, first.local)),
        "·",
    )
    terms = [named, *(Mul((builder.numbers(c.upstream), builder.numbers(c.local)), "·") for c in others)]
    total = n.Add(tuple(terms)) if others else named
    return negated(total) if builder.notation.is_flipped(address) else total


def _inline(node: Node) -> Node:
    return node.replace(inline=True) if isinstance(node, Partial) else node
