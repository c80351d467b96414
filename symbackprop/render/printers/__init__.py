"""Formula → text: one printer a language, all with the same decisions."""

from symbackprop.render.printers.latex import LatexPrinter
from symbackprop.render.printers.markdown import MarkdownPrinter
from symbackprop.render.printers.mathml import MathmlPrinter
from symbackprop.render.printers.typst import TypstPrinter

__all__ = ["LatexPrinter", "MarkdownPrinter", "MathmlPrinter", "TypstPrinter"]
