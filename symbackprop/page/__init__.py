"""A derivation with its numbers → the page: what a lecturer says, in the order of the founding document."""

from __future__ import annotations

from pathlib import Path

from symbackprop._util.characters import needs_cjk
from symbackprop.backprop import Kind
from symbackprop.evaluate.evaluation import Evaluation
from symbackprop.expr.nodes import Ref
from symbackprop.page.backward import backward_section
from symbackprop.page.brief import brief_page
from symbackprop.page.builder import Desk, flat
from symbackprop.page.figures import numbered
from symbackprop.page.forward import forward_section
from symbackprop.page.guide import DeskGuide
from symbackprop.page.loss import loss_section
from symbackprop.page.model import Equation, Page, Remark, Row
from symbackprop.page.network import network_section
from symbackprop.page.notation import Profile
from symbackprop.page.options import Detail
from symbackprop.page.questions import questions_section
from symbackprop.page.sentences import Sentences
from symbackprop.page.summary import summary_section
from symbackprop.page.variables import in_words_of

__all__ = ["equation_of", "view"]


def equation_of(evaluation: Evaluation, ref: Ref, lang: str, profile: Profile | None = None) -> Equation:
    """One quantity on its own: its law, then the numbers put in and the result; or one entry of it."""
    desk = Desk(evaluation, Sentences(lang), profile=profile)
    address = ref.address
    rule = desk.derivation.rules.get(address)
    if rule is None:
        return Equation((Row(desk.typeset(ref), desk.figure(ref)),), address)
    if ref.index:
        sample = None if ref.sample is None else int(ref.sample)
        return Equation(tuple(desk.entry_rows(address, tuple(map(int, ref.index)), sample=sample)), address)
    law = desk.law_row(address)
    if rule.matrix() is not None and rule.quantity.kind not in (Kind.ACTIVATION, Kind.LOSS):
        return Equation((law, *desk.whole(address).rows), address)
    if rule.quantity.kind is Kind.LOSS:
        return Equation((law, *desk.entry_rows(address, ())[1:]), address)
    return Equation((law, *desk.entries(address).rows), address)


def view(
    evaluation: Evaluation,
    lang: str | None = None,
    overrides: Path | None = None,
    profile: Profile | None = None,
    *,
    full: bool = False,
    detail: Detail = "normal",
) -> Page:
    """The page of a derivation in ``lang`` (the spec's language unless given).

    ``overrides`` is a directory whose sentence files replace sentences of ours. ``profile`` is the notation (the document's
    unless given). With ``full`` nothing is left out. ``detail`` is brief (laws and results), normal, or full (every entry in
    full). Raises ``TemplateProblem`` if a sentence cannot be used.
    """
    spec = evaluation.network.spec
    lang = lang or spec.lang
    sentences = Sentences(lang, overrides)
    desk = Desk(evaluation, sentences, profile=profile, full=full, every_entry=detail == "full")
    sections = (
        network_section,
        forward_section,
        loss_section,
        backward_section,
        summary_section,
        questions_section,
    )
    blocks = flat(section(desk) for section in ((brief_page,) if detail == "brief" else sections))
    if evaluation.undecided:
        listed = sentences.plain("list_separator").join(sorted(evaluation.undecided))
        blocks.append(Remark(sentences.plain("labels.slip"), desk.inline("summary.undecided", list=listed)))
    title = _title(evaluation, lang) or sentences.plain("title")
    shown = tuple(in_words_of(desk.notation.profile, block) for block in numbered(blocks, sentences))
    return Page(title, "zh" if lang == "zh" else "en", shown, full=full, guide=DeskGuide(desk))


def _title(evaluation: Evaluation, lang: str) -> str:
    """The spec's title. One for every language that only readers of Chinese can read is left to the Chinese page."""
    spec = evaluation.network.spec
    title = spec.title(lang)
    is_foreign = lang != "zh" and spec.lang == "zh" and "" in dict(spec.titles) and needs_cjk(title)
    return "" if is_foreign else title
