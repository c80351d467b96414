"""Paper, font, table of contents, and how much is written out."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symbackprop import derive
from symbackprop._util.errors import MissingTool
from symbackprop.page.formulas import Formulas
from symbackprop.page.layout import Layout, font_family
from symbackprop.page.model import Equation, Heading, Run
from tests.networks import specs
from tests.test_pages import needed

EXAMPLE = "examples/document.toml"


def told(pdf: bytes, tmp_path: Path, program: str = "pdfinfo", *options: str) -> str:
    path = tmp_path / "page.pdf"
    path.write_bytes(pdf)
    words = [needed(program), *options, str(path), *(["-"] if program == "pdftotext" else [])]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_example_in_brief_is_two_pages(lang: str, tmp_path: Path) -> None:
    pdf = derive(EXAMPLE, lang=lang, detail="brief").to_pdf()
    assert re.search(r"Pages:\s+2\n", told(pdf, tmp_path))


def test_every_detail_gives_the_same_results() -> None:
    pages = {detail: derive(EXAMPLE, lang="en", detail=detail) for detail in ("brief", "normal", "full")}
    texts = {detail: example.to_markdown() for detail, example in pages.items()}
    assert len(texts["brief"]) < len(texts["normal"]) < len(texts["full"])
    example = pages["normal"]
    for layer in example.derivation.network.layers:
        for i in (1, 2, 3):
            for j in (1, 2, 3):
                figure = example.shown.figure(f"dE/d{layer.weight}", (i, j)).lstrip("-")
                assert all(figure in text for text in texts.values())
    formulas = Formulas(example.exercise, example.options)
    rows = [row.left for b in pages["full"].page.blocks if isinstance(b, Equation) for row in b.rows if row.left]
    for layer in example.derivation.network.layers:
        for i in (1, 2, 3):
            for j in (1, 2, 3):
                assert formulas.symbol(f"dE/d{layer.weight}", (i, j)) in rows


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(specs(saturated=False), st.sampled_from(["zh", "en"]), st.sampled_from(["brief", "full"]))
def test_every_network_has_its_page_in_every_detail(spec: dict[str, Any], lang: str, detail: Any) -> None:
    example = derive(spec, lang=lang, detail=detail)
    assert example.to_pdf().startswith(b"%PDF")
    mantissa, _, _ = example.shown.figure("E").partition("e")
    assert mantissa in example.to_markdown()


@pytest.mark.parametrize(("paper", "size"), [("a4", "A4"), ("letter", "letter")])
@pytest.mark.parametrize("engine", ["typst", "pdflatex"])
def test_paper(paper: Any, size: str, engine: str, tmp_path: Path) -> None:
    if engine != "typst":
        needed(engine)
    example = derive(EXAMPLE, lang="en", detail="brief", layout=Layout(paper=paper))
    assert size in told(example.to_pdf(engine), tmp_path)
    assert example.warnings == []


@pytest.mark.parametrize("engine", ["typst", "pdflatex"])
@pytest.mark.slow
def test_a_table_of_contents_names_the_sections(engine: str, tmp_path: Path) -> None:
    if engine != "typst":
        needed(engine)
    example = derive(EXAMPLE, lang="en", layout=Layout(toc=True))
    first = " ".join(told(example.to_pdf(engine), tmp_path, "pdftotext", "-l", "1").split())
    for word in ("Contents", "Forward propagation", "Loss function", "Back to the input", "Check yourself"):
        assert word in first


def test_the_pdf_is_tagged_and_its_fonts_are_embedded(tmp_path: Path) -> None:
    pdf = derive(EXAMPLE, lang="zh").to_pdf()
    assert re.search(r"Tagged:\s+yes", told(pdf, tmp_path))
    fonts = told(pdf, tmp_path, "pdffonts").splitlines()[2:]
    assert fonts
    assert all(line.split()[-5] == "yes" for line in fonts)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("slides", [False, True])
def test_the_bookmarks_are_the_headings_and_the_language_is_the_pages(lang: str, slides: bool, tmp_path: Path) -> None:
    example = derive(EXAMPLE, lang=lang)
    pdf = example.to_slides() if slides else example.to_pdf()
    outline = re.findall(r'<item page="\d+">(.*?)</item>', told(pdf, tmp_path, "pdftohtml", "-xml", "-i", "-stdout"))
    headings = [b for b in example.page.blocks if isinstance(b, Heading) and b.level <= (2 if slides else 3)]
    assert len(outline) == len(headings)
    for bookmark, heading in zip(outline, headings, strict=True):
        assert bookmark.startswith(f"{heading.number} " if heading.number else "")
        assert all(run.text.strip() in bookmark for run in heading.content if isinstance(run, Run))
    assert f"/Lang({ {'zh': 'zh-CN', 'en': 'en'}[lang] })".encode() in pdf.replace(b"/Lang (", b"/Lang(")


def test_a_font_file_is_taken_and_an_unknown_font_is_one_line(tmp_path: Path) -> None:
    from pylopdf_fonts_zh_cn import sans_path

    assert font_family(str(sans_path())).startswith("Noto Sans")
    example = derive(EXAMPLE, lang="en", detail="brief", layout=Layout(font=str(sans_path())))
    assert "NotoSans" in told(example.to_pdf(), tmp_path, "pdffonts")
    with pytest.raises(MissingTool) as caught:
        derive(EXAMPLE, layout=Layout(font="No Such Font At All")).to_pdf()
    assert "\n" not in str(caught.value)
    with pytest.raises(MissingTool):
        derive(EXAMPLE, lang="en", layout=Layout(font=str(sans_path()))).to_pdf("pdflatex")


def test_the_command_takes_them(tmp_path: Path) -> None:
    options = ["--to", "pdf,tex", "--paper", "letter", "--toc", "--detail", "brief", "--lang", "en"]
    subprocess.run(
        [sys.executable, "-m", "symbackprop", "derive", EXAMPLE, *options, "-o", tmp_path, "--quiet"], check=True
    )
    source = (tmp_path / "document.tex").read_text(encoding="utf-8")
    assert "letterpaper" in source
    assert r"\tableofcontents" in source
    assert r"\addcontentsline{toc}{section}" in source
