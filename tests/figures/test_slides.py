"""Slides: everything of the page, a step at a time, and nothing that leaves its slide."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from symbackprop import derive
from symbackprop.page.model import Bullets, Equation, Figure, Heading, Paragraph, Remark
from symbackprop.render.slides import slides_of, steps_of
from tests.test_pages import needed, wide

EXAMPLE = "examples/document.toml"
SPECS = [EXAMPLE, wide([10, 10, 10], ["sigmoid", "softmax"])]


def page_count(pdf: bytes, tmp_path: Path) -> int:
    program = needed("pdfinfo")
    path = tmp_path / "slides.pdf"
    path.write_bytes(pdf)
    said = subprocess.run([program, path], capture_output=True, text=True, check=True).stdout
    return int(re.search(r"Pages:\s+(\d+)", said)[1])


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("spec", SPECS, ids=["example", "10-10-10"])
def test_every_step_is_one_page(spec: Any, lang: str, tmp_path: Path) -> None:
    """A slide that is too high would go on over a second page."""
    example = derive(spec, lang=lang)
    steps = [max(1, len(list(steps_of(slide)))) for slide in slides_of(example.page)]
    assert page_count(example.to_slides(), tmp_path) == 1 + sum(steps)


def test_slides_say_what_the_page_says() -> None:
    page = derive(EXAMPLE, lang="en").page
    slides = slides_of(page)
    for kind in (Paragraph, Remark, Figure, Bullets):
        on_page = [block for block in page.blocks if isinstance(block, kind)]
        assert [block for slide in slides for block in slide.blocks if isinstance(block, kind)] == on_page
    rows = [row for block in page.blocks if isinstance(block, Equation) for row in block.rows]
    shown = [row for slide in slides for block in slide.blocks if isinstance(block, Equation) for row in block.rows]
    assert shown == rows
    sections = [block for block in page.blocks if isinstance(block, Heading) and block.level == 1]
    assert [slide.section for slide in slides if not slide.blocks] == sections


def test_the_last_step_of_a_slide_shows_all_of_it() -> None:
    for slide in slides_of(derive(EXAMPLE, lang="en").page):
        if slide.blocks:
            steps = list(steps_of(slide))
            assert steps[-1] == slide.blocks
            assert len({repr(step) for step in steps}) == len(steps)


@pytest.mark.slow
def test_beamer_compiles(tmp_path: Path) -> None:
    program = needed("pdflatex")
    example = derive(EXAMPLE, lang="en")
    (tmp_path / "talk.tex").write_text(example.to_beamer(figures="talk-figures"), encoding="utf-8")
    (tmp_path / "talk-figures").mkdir()
    for name, content in example.figure_files("pdf").items():
        (tmp_path / "talk-figures" / name).write_bytes(content)
    options = ["-interaction=nonstopmode", "-halt-on-error", "talk.tex"]
    done = subprocess.run([program, *options], cwd=tmp_path, capture_output=True, check=False)
    said = done.stdout.decode(errors="replace")
    assert done.returncode == 0, said[-2000:]
    assert not re.search(r"Overfull|Missing character", said), re.findall(r"Overfull.*|Missing char.*", said)


@pytest.mark.slow
def test_chinese_beamer_compiles(tmp_path: Path) -> None:
    """XeLaTeX needs a font for its links, which not every TeX has."""
    program, finder = needed("xelatex"), shutil.which("kpsewhich")
    if not finder or not subprocess.run([finder, "pzdr.tfm"], capture_output=True, check=False).stdout:
        assert not os.environ.get("SYMBACKPROP_CI"), "CI must have texlive-fonts-recommended"
        pytest.skip("this TeX has no pzdr (texlive-fonts-recommended)")
    text = derive(EXAMPLE, lang="zh").to_beamer()
    (tmp_path / "talk.tex").write_text(text, encoding="utf-8")
    options = ["-interaction=nonstopmode", "-halt-on-error", "talk.tex"]
    done = subprocess.run([program, *options], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode(errors="replace")[-2000:]
