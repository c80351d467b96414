"""The page of an exercise: what a lecturer says, in the order of the founding document."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from symbackprop._util.characters import needs_cjk
from symbackprop._util.progress import stage
from symbackprop.evaluate.exercise import Exercise
from symbackprop.expr.nodes import Ref
from symbackprop.page.builder import PageBuilder
from symbackprop.page.equations import alone
from symbackprop.page.formulas import Formulas
from symbackprop.page.guide import flows
from symbackprop.page.model import Block, Equation, Page, Remark
from symbackprop.page.narrative.backward import backward_section
from symbackprop.page.narrative.brief import brief_page
from symbackprop.page.narrative.figures import numbered
from symbackprop.page.narrative.forward import forward_section
from symbackprop.page.narrative.loss import loss_section
from symbackprop.page.narrative.network import network_section
from symbackprop.page.narrative.questions import questions_section
from symbackprop.page.narrative.summary import summary_section
from symbackprop.page.options import PageOptions
from symbackprop.page.sentences import is_in_han
from symbackprop.page.variables import in_words_of

Section = Callable[[PageBuilder], Iterator[Block]]
SECTIONS: tuple[Section, ...] = (
    network_section,
    forward_section,
    loss_section,
    backward_section,
    summary_section,
    questions_section,
)
IN_BRIEF: tuple[Section, ...] = (brief_page,)

MOST_LISTED = 20
"""Of what is not decided so much is named."""


def page(exercise: Exercise, options: PageOptions) -> Page:
    """The page of an exercise: the same for the same exercise and options, whatever was made before.

    Raises:
        SymbackpropError: A sentence cannot be used, or a figure of the page cannot be computed.
    """
    stage("writing the page")
    builder = PageBuilder(exercise, options)
    sections = IN_BRIEF if options.detail == "brief" else SECTIONS
    blocks = [block for section in sections for block in section(builder)]
    blocks += _undecided(builder)
    shown = tuple(in_words_of(options.profile, block) for block in numbered(blocks, builder.sentences))
    title = _title(builder) or builder.sentences.plain("title")
    return Page(title, options.lang, shown, options.full, options.layout, flows(exercise))


def equation(exercise: Exercise, options: PageOptions, ref: Ref) -> Equation:
    """A quantity on its own, or an entry of one: its law, the numbers put in, the result."""
    return alone(Formulas(exercise, options), ref)


def _undecided(builder: PageBuilder) -> Iterator[Remark]:
    """What no precision could decide, if anything."""
    found = builder.evaluation.undecided
    if found:
        names = sorted(found)
        names = names if len(names) <= MOST_LISTED else [*names[:MOST_LISTED], "…"]
        listed = builder.sentences.plain("list_separator").join(names)
        yield builder.slip("summary.undecided", list=listed)


def _title(builder: PageBuilder) -> str:
    """The spec's title. One for every language in characters that readers of this one cannot read is left out."""
    spec, lang = builder.network.spec, builder.options.lang
    title = spec.title(lang)
    is_foreign = is_in_han(spec.lang) and not is_in_han(lang) and "" in dict(spec.titles) and needs_cjk(title)
    return "" if is_foreign else title
