"""The writers of LaTeX, Markdown and Typst."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from symbackprop.expr.nodes import Matrix, Node
from symbackprop.figures import svg
from symbackprop.page import model as p
from symbackprop.render.escape import latex_text, markdown_text, typst_string, visible
from symbackprop.render.glyphs import latex_lost, typst_lost
from symbackprop.render.printers import LatexPrinter, MarkdownPrinter, TypstPrinter
from symbackprop.render.writer import Writer, texts

FIGURE_SIGNS = "\n\t…→←′∂·−–"


class LatexWriter(Writer):
    """LaTeX."""

    indent = r"\quad{}"

    def __init__(self, lang: str, cjk: bool, figures: str = "") -> None:
        self.cjk = cjk
        super().__init__(lang, _GlyphLatexPrinter(lang, self), figures)
        self.texts = texts("latex", lang)
        self.labels: Counter[str] = Counter()
        """How many equations there are about an address."""

    def equation(self, block: p.Equation) -> dict[str, Any]:
        """The fields of an equation; ``label`` is what a fragment's host refers to it by, its address."""
        return super().equation(block) | {"label": self.label(block.subject) if block.subject else ""}

    def label(self, address: str) -> str:
        """``dE/dW_kl``, and ``dE/dW_kl:2`` for the second equation about it; without what has a meaning in LaTeX."""
        self.labels[address] += 1
        name = "".join(c if c.isalnum() or c in "_/@+-()[]'." else "." for c in address)
        return name if self.labels[address] == 1 else f"{name}:{self.labels[address]}"

    def figure_path(self, block: p.Figure) -> str:
        return f"{self.figures}/figures.pdf"

    def text(self, text: str) -> str:
        return latex_text(self.shown(text, self.lost))

    def lost(self, text: str) -> frozenset[str]:
        """The characters of a text that are not shown."""
        return latex_lost(text, self.cjk)

    def styled(self, text: str, style: str) -> str:
        return rf"\{ {'em': 'emph', 'strong': 'textbf', 'code': 'texttt'}[style] }{{{text}}}"

    def formula(self, node: Node) -> str:
        return f"${self.spelled(node)}$"


class _GlyphLatexPrinter(LatexPrinter):
    """Words in formulas go through the same check of characters as running text."""

    def __init__(self, lang: str, writer: LatexWriter) -> None:
        super().__init__(lang)
        self.writer = writer

    def word(self, text: str) -> str:
        return super().word(self.writer.shown(text, self.writer.lost))


class MarkdownWriter(Writer):
    """Markdown with LaTeX formulas."""

    indent = r"\quad {}"

    def __init__(self, lang: str, figures: str = "", suffix: str = "svg") -> None:
        super().__init__(lang, MarkdownPrinter(lang), figures)
        self.texts, self.skipped = texts("markdown", lang), 0
        self.suffix = suffix

    def figure_path(self, block: p.Figure) -> str:
        name = f"{block.name}.{self.suffix}"
        return self.figures + name if self.figures.endswith(":") else quote(f"{self.figures}/{name}")

    def text(self, text: str) -> str:
        return markdown_text(text)

    def run(self, run: p.Run) -> str:
        """In code nothing is escaped, and a backtick needs longer ones around it."""
        if run.style != "code":
            return super().run(run)
        mark = "``" if "`" in run.text else "`"
        return f"{mark} {visible(run.text)} {mark}" if mark == "``" else f"`{visible(run.text)}`"

    def styled(self, text: str, style: str) -> str:
        mark = {"em": "*", "strong": "**"}[style]
        return f"{mark}{text}{mark}"

    def formula(self, node: Node) -> str:
        return f"${self.on_a_line(node)}$"

    def on_a_line(self, node: Node) -> str:
        r"""A formula in running text: rows end with ``\cr``, as Markdown takes one of two backslashes away."""
        return " ".join(self.spelled(node).split()).replace(r"\\ ", r"\cr ")

    def inline(self, content: p.Inline) -> str:
        """Running text; a formula has a space before its first $ and none of a word's letters behind its last."""
        result = ""
        for run in content:
            piece = self.run(run) if isinstance(run, p.Run) else self.formula(run.node)
            is_formula = not isinstance(run, p.Run)
            if is_formula and result and not result[-1].isspace():
                result += " "
            if not is_formula and result.endswith("$") and piece[:1].isalnum():
                result += " "
            result += piece
        return result


class MystWriter(MarkdownWriter):
    """MyST Markdown: roles and directives, which need no extension."""

    def formula(self, node: Node) -> str:
        return f"{{math}}`{self.on_a_line(node)}`"


class TypstWriter(Writer):
    """Typst. Without a directory of figures the drawings stand in the text itself. With ``flows`` what is on the way to the
    loss, on the way back and learned has a colour each.
    """

    indent = "quad"

    def __init__(self, lang: str, figures: str | None = None, flows: Mapping[str, p.Flow] | None = None) -> None:
        self.formulas = _GlyphTypstPrinter(lang, self)
        super().__init__(lang, self.formulas, figures or "")
        self.within = figures is None
        self.colour = (lambda origin: flows[origin.address]) if flows else None
        self.formulas.colour = self.colour

    def heading(self, block: p.Heading) -> dict[str, Any]:
        self.formulas.colour = None
        try:
            return super().heading(block)
        finally:
            self.formulas.colour = self.colour

    def equation(self, block: p.Equation) -> dict[str, Any]:
        """The fields of an equation; of one that may be broken, the two sides of each line besides."""
        fields = super().equation(block)
        return fields | {"sides": [self.sides(row) for row in block.rows] if fields["breakable"] else []}

    @property
    def shows_figures(self) -> bool:
        return self.within or super().shows_figures

    def figure(self, block: p.Figure) -> dict[str, Any]:
        source = f"bytes({typst_string(self.shown_in_figure(svg(block.drawing)))})"
        if not self.within:
            source = typst_string(self.figure_path(block))
        return super().figure(block) | {"source": source, "alt": typst_string(block.alt)}

    def shown_in_figure(self, svg: str) -> str:
        """The drawing, its characters that no font has as code points."""
        return self.shown(svg, lambda text: typst_lost("".join(sorted(set(text)))).difference(FIGURE_SIGNS))

    def text(self, text: str) -> str:
        return f"#{typst_string(self.shown(text, typst_lost))};" if text else ""

    def styled(self, text: str, style: str) -> str:
        return f"#{ {'em': 'emph', 'strong': 'strong', 'code': 'raw'}[style] }({text[1:-1]});"

    def formula(self, node: Node) -> str:
        text = self.printer.math(node)
        return f"$display({text})$" if isinstance(node, Matrix) else f"${text}$"


class _GlyphTypstPrinter(TypstPrinter):
    def __init__(self, lang: str, writer: TypstWriter) -> None:
        super().__init__(lang)
        self.writer = writer

    def word(self, text: str) -> str:
        return super().word(self.writer.shown(text, typst_lost))
