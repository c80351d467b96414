"""The figures: valid SVG that says what the page says, in both languages, at every size, and the files beside a page."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symbackprop import derive
from symbackprop.expr.nodes import Num
from symbackprop.figures import svg
from symbackprop.figures.axes import ticks
from symbackprop.figures.heat import blocks
from symbackprop.figures.label import label_of, label_width
from symbackprop.figures.source import shown_units
from symbackprop.page.model import Figure
from tests.networks import specs
from tests.test_pages import wide

EXAMPLE = "examples/document.toml"
SVG = "{http://www.w3.org/2000/svg}"


def drawn(spec: Any, lang: str = "en") -> dict[str, Figure]:
    return {figure.name: figure for figure in derive(spec, lang=lang).page.figures}


def words(figure: Figure) -> list[str]:
    return [
        "".join(text.itertext()).replace("−", "-") for text in ET.fromstring(svg(figure.drawing)).iter(f"{SVG}text")
    ]


def test_the_example_has_the_figures_of_a_classification() -> None:
    names = ["network", "activations", "backward", "graph", "gradients", "distribution", "descent"]
    assert list(drawn(EXAMPLE)) == names


def test_the_units_show_the_figures_of_the_page() -> None:
    example = derive(EXAMPLE)
    figures = {figure.name: words(figure) for figure in example.page.figures}
    for layer in example.derivation.network.layers:
        for unit in (1, 2, 3):
            for quantity in (layer.pre, layer.out):
                assert example.shown.figure(quantity, (unit,)) in figures["network"]
                assert example.shown.figure(f"dE/d{quantity}", (unit,)) in figures["backward"]
            for target in (1, 2, 3):
                assert example.shown.figure(layer.weight, (unit, target)) in figures["network"]
                gradient = example.shown.figure(f"dE/d{layer.weight}", (unit, target))
                assert gradient in figures["backward"]
                assert gradient in figures["gradients"]
    assert example.shown.figure("O_out", (1,), step=1) in figures["distribution"]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(specs(), st.sampled_from(["zh", "en"]))
def test_every_network_can_be_drawn(spec: dict[str, Any], lang: str) -> None:
    for figure in drawn(spec, lang).values():
        root = ET.fromstring(svg(figure.drawing))
        assert root.find(f"{SVG}title").text == figure.alt
        assert figure.alt
        assert "nan" not in svg(figure.drawing)
        for box in root.iter(f"{SVG}rect"):
            assert float(box.get("width")) >= 0
            assert float(box.get("height")) >= 0
        for text in root.iter(f"{SVG}text"):
            assert -1 <= float(text.get("x")) <= figure.drawing.width + 1, ET.tostring(text)
            assert 0 <= float(text.get("y")) <= figure.drawing.height, ET.tostring(text)
        check_long_texts(figure)


def check_long_texts(figure: Figure) -> None:
    """In a file of its own a long text is as wide as it is meant to be, whatever the font, and stays in the picture."""
    assert "data-" not in svg(figure.drawing) + svg(figure.drawing, fitted=True)
    assert "textLength" not in svg(figure.drawing)
    for text in ET.fromstring(svg(figure.drawing, fitted=True)).iter(f"{SVG}text"):
        length = text.get("textLength")
        assert (length is not None) == (len("".join(text.itertext())) >= 8)
        if length is not None:
            x, width = float(text.get("x", "nan")), float(length)
            left = {"start": x, "middle": x - width / 2, "end": x - width}[text.get("text-anchor", "start")]
            assert left >= -1, ET.tostring(text)
            assert left + width <= figure.drawing.width + 1, ET.tostring(text)


@pytest.mark.parametrize("widths", [[10, 10, 10], [40, 30, 20]])
def test_large_layers_are_cut_short(widths: list[int]) -> None:
    figures = drawn(wide(widths, ["sigmoid", "softmax"]))
    assert "⋮" in words(figures["network"])
    assert all(len(svg(figure.drawing)) < 120_000 for figure in figures.values())


def test_figures_are_the_same_every_time() -> None:
    """As data, and so are their files."""
    first, second = drawn(EXAMPLE), drawn(EXAMPLE)
    assert first == second
    assert first["network"] != first["backward"]
    assert [svg(figure.drawing) for figure in first.values()] == [svg(figure.drawing) for figure in second.values()]


def test_a_drawing_is_data() -> None:
    """It can be kept in a file; an SVG of what comes out of it is the same."""
    for figure in drawn(EXAMPLE).values():
        again = pickle.loads(pickle.dumps(figure))
        assert again == figure
        assert svg(again.drawing, lambda origin: f' id="{origin.address}"') == svg(
            figure.drawing, lambda origin: f' id="{origin.address}"'
        )


def test_the_labels_of_a_layer_stand_at_equal_distances() -> None:
    """Each at 1/(n + 1) of its line: no two weights in the same place."""
    spec = wide([5, 6, 4], ["tanh", "softmax"])
    root = ET.fromstring(svg(drawn(spec)["network"].drawing))
    plates = [r for r in root.iter(f"{SVG}rect") if r.get("fill") == "#FFFFFF" and float(r.get("height")) < 12]
    places = {(r.get("x"), r.get("y")) for r in plates}
    assert len(places) == len(plates)


def test_a_course_of_many_updates_is_drawn() -> None:
    spec = wide([3, 3], ["softmax"]) | {"steps": 30}
    example = derive(spec, lang="en")
    course = next(f for f in example.page.figures if f.name == "course")
    assert example.shown.figure("E", step=30) in words(course)


def test_a_learning_rate_of_zero_has_no_way_to_go() -> None:
    assert "descent" not in drawn(wide([3, 3], ["softmax"]) | {"learning_rate": "0"})


def test_labels_hold_their_numbers() -> None:
    assert "".join(p.text for p in label_of(Num("-1.25e-7"))) == "−1.25·10−7"
    assert label_width(label_of(Num("0.25"))) < label_width(label_of(Num("-0.25")))


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-3, 3), (1e-7, 3e-7), (2.6, 2.7), (0, 12_345)])
def test_ticks_are_few_and_inside(low: float, high: float) -> None:
    found = ticks(low, high)
    assert 2 <= len(found) <= 7
    slack = 1e-6 * (high - low)
    assert all(low - slack <= t <= high + slack for t in found)


@given(st.integers(1, 60))
def test_first_and_last_units_are_drawn(size: int) -> None:
    units = shown_units(size)
    assert units[0] == 1
    assert units[-1] == size
    assert len(units) <= 6


@given(st.integers(1, 90), st.integers(1, 90))
def test_a_block_shows_its_largest_entry(rows: int, columns: int) -> None:
    matrix = [[float((i * 31 + j * 17) % 101 - 50) for j in range(columns)] for i in range(rows)]
    found = blocks(matrix, 40)
    assert max(abs(v) for row in found for v in row) == max(abs(v) for row in matrix for v in row)
    assert len(found) == min(rows, 40)
    assert len(found[0]) == min(columns, 40)


# --- files ------------------------------------------------------------------------------------------------------------


def test_markdown_names_the_files_that_are_written(tmp_path: Path) -> None:
    for kind in ("svg", "png"):
        directory = tmp_path / kind
        options = ["--to", "md,tex", "--figures", kind, "-o", str(directory), "--quiet"]
        subprocess.run([sys.executable, "-m", "symbackprop", "derive", EXAMPLE, *options], check=True)
        page = (directory / "document.md").read_text(encoding="utf-8")
        named = re.findall(r"^!\[[^\]]+\]\((.+)\)$", page, re.MULTILINE)
        assert len(named) == 7
        for name in named:
            content = (directory / name).read_bytes()
            assert content.startswith(b"<svg" if kind == "svg" else b"\x89PNG")
        assert (directory / "document-figures" / "figures.pdf").read_bytes().startswith(b"%PDF")
        assert "document-figures/figures.pdf" in (directory / "document.tex").read_text(encoding="utf-8")


def test_figures_can_be_left_out(tmp_path: Path) -> None:
    options = ["--to", "md,tex", "--figures", "none", "-o", str(tmp_path), "--quiet"]
    subprocess.run([sys.executable, "-m", "symbackprop", "derive", EXAMPLE, *options], check=True)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["document.md", "document.tex"]
    assert "![" not in (tmp_path / "document.md").read_text(encoding="utf-8")
    assert "graphicx" not in (tmp_path / "document.tex").read_text(encoding="utf-8")
