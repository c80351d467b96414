"""Backpropagation: from the loss back to the input, layer by layer, with the points (a), (b), (c), (d) of the document."""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.backprop import Kind
from symbackprop.backprop.rule import gradient, slope_address
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Brace, Call, Mul, Node, Partial, Ref, Var
from symbackprop.graph.network import COUNT, LOSS_TERM, Layer
from symbackprop.ops.activations import Activation
from symbackprop.page.builder import Desk, counted
from symbackprop.page.figures import gradient_figures
from symbackprop.page.forward import activation_key, given_mark, slip
from symbackprop.page.model import Block, Equation, Row
from symbackprop.page.notation.laws import negated
from symbackprop.page.short_form import short_form
from symbackprop.page.tidy import tidy

POINTS = "abcdefgh"


def backward_section(desk: Desk) -> Iterator[Block]:
    """The section on backpropagation."""
    yield desk.heading(1, "3", "backward.heading")
    yield desk.say("backward.intro")
    for number, layer in enumerate(reversed(desk.network.layers), 1):
        yield from _LayerPages(desk, layer, number).blocks()
    first = desk.network.layers[0]
    about = desk.about(first)
    yield desk.heading(2, f"3.{len(desk.network.layers) + 1}", "backward.input", **about)
    yield desk.say("backward.input_why", **about)
    yield from source_gradient(desk, first)
    yield from gradient_figures(desk)


class _LayerPages:
    """The pages of one layer; ``point`` hands out the letters of its headings."""

    def __init__(self, desk: Desk, layer: Layer, number: int) -> None:
        self.desk, self.layer, self.number = desk, layer, number
        self.about = desk.about(layer)
        self.points = iter(POINTS)
        self.is_output = layer is desk.network.output

    def blocks(self) -> Iterator[Block]:
        """Everything between this layer's activation and its updated parameters."""
        key = "backward.layer_output" if self.is_output else "backward.layer_hidden"
        yield self.desk.heading(2, f"3.{self.number}", key, **self.about)
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
        return self.desk.heading(3, f"({next(self.points)})", key, **self.about)

    def _loss_slope(self) -> Iterator[Block]:
        desk, address = self.desk, gradient(self.layer.out)
        letter = (desk.network.output.column,)
        sample = "s" if desk.network.spec.batch else None
        yield self._point("backward.loss_slope")
        term, entry = desk.symbol(LOSS_TERM, letter, sample), desk.symbol(self.layer.out, letter, sample)
        loss = desk.network.loss
        key = "loss_slope_why_none" if not loss.has_target else f"loss_slope_why{'_coupled' if loss.coupled else ''}"
        yield desk.say(f"backward.{key}", term=term, entry=entry)
        yield Equation((desk.law_row(address),), address)
        if (own := f"backward.loss_slope_slip_{loss.subject}") in desk.sentences:
            yield desk.slip(own)
        yield desk.say("backward.loss_slope_numbers")
        yield Equation(tuple(desk.entry_rows(address, (1,), tidied=True)), address)
        numbers = desk.each(address, lambda e: tidy(desk.numbers(desk.held(e))))
        rows = [Row(desk.symbol(address), numbers), Row(None, desk.figure(Ref(address)))]
        yield Equation(tuple(rows), address)
        yield from given_mark(desk, address)
        yield desk.say("backward.loss_slope_reading")

    def _activation_slope(self) -> Iterator[Block]:
        desk, layer = self.desk, self.layer
        address = slope_address(layer)
        yield self._point("backward.activation_slope")
        yield desk.say(
            activation_key(desk, layer.activation, "slope"), **self.about, i=Var("i"), j=Var("j"), a=Var("a")
        )
        if layer.activation.coupled:
            yield Equation((desk.law_row(address),), address)
            for index in ((1, 1), (1, 2))[: min(2, layer.outputs)]:
                yield Equation(tuple(desk.entry_rows(address, index)), address)
        else:
            yield Equation((general_slope(layer.activation),), address)
        yield from slip(desk, layer.activation, "slope")
        if layer.activation.coupled and desk.network.spec.batch:
            yield from self._jacobians(address)
        else:
            yield desk.entries(address, self._named_slope)
        yield from given_mark(desk, address)

    def _jacobians(self, address: str) -> Iterator[Block]:
        """Of a batch, the Jacobian of each sample."""
        desk = self.desk
        for sample in counted(desk.network.samples):
            figures = desk.figure(Ref(address, (), sample))
            yield Equation((Row(desk.symbol(address, (), sample), figures),), address)

    def _named_slope(self, entry: Node) -> Node:
        """A slope by cases by the derivative's name, ReLU'(z); any other in full."""
        if not isinstance(entry, n.Cases):
            return entry
        of_layer = (part for part in n.walk(entry) if isinstance(part, Ref))
        index, sample = next((part.index, part.sample) for part in of_layer)
        ref = Ref(self.layer.pre, index, sample)
        return Call(f"{self.layer.activation.symbol}'", (ref,))

    def _weight_slope(self) -> Iterator[Block]:
        desk, layer = self.desk, self.layer
        address = f"d{layer.pre}/d{layer.weight}"
        yield self._point("backward.weight_slope")
        law = desk.law_row(layer.pre)
        yield desk.say(
            "backward.weight_slope_why",
            **self.about,
            law=n.Compare(law.left or law.right, "=", law.right),
            entry=desk.symbol(layer.weight, (layer.row, layer.column)),
            source_entry=desk.symbol(layer.source, (layer.row,), "s" if desk.network.spec.batch else None),
        )
        figures = desk.figure(Ref(layer.source))
        yield Equation(
            (desk.law_row(address), Row(desk.symbol(address), desk.symbols(layer.source)), Row(None, figures)), address
        )
        if layer.bias:
            yield desk.say("backward.bias_slope", **self.about)
            yield Equation((desk.law_row(f"d{layer.pre}/d{layer.bias}"),), f"d{layer.pre}/d{layer.bias}")

    def _source_gradient(self) -> Iterator[Block]:
        following = self.desk.network.layers[self.layer.number]
        yield self.desk.heading(3, f"({next(self.points)})", "backward.source_gradient", **self.desk.about(following))
        yield self.desk.say("backward.source_gradient_why", **self.desk.about(following))
        yield from source_gradient(self.desk, following)
        yield self.desk.slip("backward.source_gradient_slip", **self.desk.about(following))

    def _delta(self) -> Iterator[Block]:
        desk, layer = self.desk, self.layer
        address = gradient(layer.pre)
        yield self._point("backward.delta")
        yield desk.say(f"backward.delta_{'coupled' if layer.activation.coupled else 'single'}", **self.about)
        rows = [desk.law_row(address), *desk.entry_rows(address, (1,))]
        if layer.activation.coupled:
            rows[2] = Row(None, braced(desk, address))
        yield Equation(tuple(rows), address)
        yield from desk.other_entries(address)
        if not (layer.activation.coupled and desk.network.spec.batch):
            yield desk.say("backward.delta_matrix", **self.about)
            whole = desk.whole(address)
            yield Equation((whole.rows[0], *whole.rows[2:]), address)
        else:
            yield Equation((Row(desk.symbol(address), desk.figure(Ref(address))),), address)
        yield from given_mark(desk, address)
        yield from short_form(desk, layer)

    def _weight_gradient(self) -> Iterator[Block]:
        desk, layer = self.desk, self.layer
        address = gradient(layer.weight)
        yield self._point("backward.weight_gradient")
        batch = desk.network.spec.batch
        yield desk.say(f"backward.weight_gradient_{'batch' if batch else 'why'}", **self.about)
        yield Equation((desk.law_row(address), *desk.entry_rows(address, (1, 1))), address)
        yield from desk.other_entries(address)
        whole = desk.whole(address)
        products = Row(None, desk.each(address, desk.numbers))
        rows = whole.rows if batch else (*whole.rows[:3], products, *whole.rows[3:])
        yield Equation(rows, address)
        yield from given_mark(desk, address)
        if layer.bias:
            address = gradient(layer.bias)
            kind = "shared" if layer.shared else "batch" if batch else "why"
            yield desk.say(f"backward.bias_gradient_{kind}", **self.about)
            if layer.shared:
                yield from self._shared_gradient(address)
                return
            result = desk.figure(Ref(address))
            yield Equation((desk.law_row(address), Row(desk.symbol(address), result)), address)

    def _shared_gradient(self, address: str) -> Iterator[Block]:
        """The sum over the units, in letters and written out."""
        law = self.desk.notation.law(address)
        assert law is not None
        first, *others = self.desk.entry_rows(address, (), short=True)
        rows = (Row(self.desk.symbol(address), self.desk.typeset(law)), Row(None, first.right), *others)
        yield Equation(rows, address)

    def _update(self) -> Iterator[Block]:
        desk, layer = self.desk, self.layer
        yield desk.heading(3, "", "backward.update", **self.about)
        if desk.network.trains(layer.weight):
            yield from self._rule(layer.weight, (1, 1))
        else:
            yield desk.say("backward.weight_fixed", **self.about)
        if not layer.bias:
            return
        if not desk.network.trains(layer.bias):
            yield desk.say("backward.bias_fixed", **self.about)
            return
        if desk.network.trains(layer.weight):
            yield desk.say("backward.update_bias", **self.about)
            for address in (*self._memories(layer.bias), f"{layer.bias}'"):
                yield from self._moved(address)
        else:
            yield desk.say("backward.update_bias_only", **self.about)
            yield from self._rule(layer.bias, () if layer.shared else (1,))

    def _rule(self, parameter: str, first: tuple[int, ...]) -> Iterator[Block]:
        """The rule of the update, step by step, with its first entry in full."""
        desk = self.desk
        for address in self._memories(parameter):
            yield desk.say(
                f"backward.memory_{address.partition('(')[0]}", v=desk.symbol(address), **self._of_the_rule()
            )
            yield from self._law_and_entry(address, first)
        yield desk.say(f"backward.update_why_{desk.network.spec.update.rule}", **self.about, **self._of_the_rule())
        address = f"{parameter}'"
        yield from self._law_and_entry(address, first)

    def _law_and_entry(self, address: str, first: tuple[int, ...]) -> Iterator[Block]:
        """The law in letters and its first entry in full, then all entries; a single number has only itself."""
        rows = self.desk.entry_rows(address, first)
        yield Equation((self.desk.law_row(address), *(rows if first else rows[1:])), address)
        if first:
            yield from self._moved(address)

    def _of_the_rule(self) -> dict[str, Node]:
        """The symbols of the hyperparameters, by their names in sentences."""
        rule = self.desk.network.spec.update.rule
        if rule == "momentum":
            return {"mu": self.desk.symbol("momentum")}
        if rule != "adam":
            return {}
        beta1, count = self.desk.symbol("beta1"), self.desk.symbol(COUNT)
        factor = n.Add((n.Num("1"), n.Neg(n.Pow(beta1, count))))
        return {"beta1": beta1, "epsilon": self.desk.symbol("epsilon"), "t": count, "factor": factor}

    def _memories(self, parameter: str) -> list[str]:
        """What the rule makes of the gradient before it moves the parameter, in order."""
        quantities = self.desk.derivation.quantities.values()
        return [q.address for q in quantities if q.by == parameter and q.kind in (Kind.NEW_MEMORY, Kind.CORRECTED)]

    def _moved(self, address: str) -> Iterator[Block]:
        """All entries: the law of whole arrays with numbers and result, or the result where the law has no such form."""
        desk = self.desk
        if desk.notation.law(address) is None:
            yield Equation((Row(desk.symbol(address), desk.figure(Ref(address)), desk.relation(address)),), address)
            return
        whole = desk.whole(address)
        yield Equation((whole.rows[0], *whole.rows[2:]), address)


def source_gradient(desk: Desk, layer: Layer) -> Iterator[Block]:
    """∂E/∂(source of the layer): element form with the first entry in full, then the matrix form."""
    address = gradient(layer.source)
    yield Equation((desk.law_row(address), *desk.entry_rows(address, (1,))), address)
    yield from desk.other_entries(address)
    yield desk.say("backward.source_gradient_transpose", **desk.about(layer))
    yield desk.whole(address)
    yield from given_mark(desk, address)


def general_slope(activation: Activation) -> Row:
    """f'(z) = …, in terms of the activation a where that is shorter."""
    has_name = not activation.is_plain_function or activation.definition
    name = Call(f"{activation.symbol}'", (Var("z"),)) if has_name else Partial(Var("a"), Var("z"))
    return Row(name, activation.slope)


def braced(desk: Desk, address: str) -> Node:
    """The chain rule of the first entry in numbers, the first term's factors named below braces."""
    rule = desk.derivation.rules[address]
    sample = 1 if desk.network.spec.batch else None
    first, *others = rule.contributions((1,), sample)
    named: Node = Mul(
        tuple(Brace(desk.numbers(part), _inline(desk.typeset(part))) for part in (first.upstream, first.local)), "·"
    )
    terms = [named, *(Mul((desk.numbers(c.upstream), desk.numbers(c.local)), "·") for c in others)]
    total = n.Add(tuple(terms)) if others else named
    return negated(total) if desk.notation.is_flipped(address) else total


def _inline(node: Node) -> Node:
    return node.replace(inline=True) if isinstance(node, Partial) else node
