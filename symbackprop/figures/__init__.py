"""The figures of a page as drawings, from the numbers and in the symbols of the page. What a page says is decided elsewhere."""

from symbackprop.figures.bars import draw_distribution, is_distribution
from symbackprop.figures.drawing import Drawing
from symbackprop.figures.functions import draw_activations, drawn_activations
from symbackprop.figures.graph import draw_graph
from symbackprop.figures.heat import draw_gradients
from symbackprop.figures.losses import draw_course, draw_descent, parameters
from symbackprop.figures.network import draw_network
from symbackprop.figures.source import FigureSource
from symbackprop.figures.svg import svg

__all__ = [
    "Drawing",
    "FigureSource",
    "draw_activations",
    "draw_course",
    "draw_descent",
    "draw_distribution",
    "draw_gradients",
    "draw_graph",
    "draw_network",
    "drawn_activations",
    "is_distribution",
    "parameters",
    "svg",
]
