"""The pages: committed results, hostile names, overridden templates, and that what is written can be read by others."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from symbackprop import derive
from symbackprop._util.errors import TemplateProblem
from symbackprop.render.escape import visible
from tests import pages
from tests.networks import SPECS, specs

EXAMPLES = SPECS
TYPST = re.compile(rb"Typst [\d.]+|$")
HOSTILE = (
    r"""\input{x} \write18{ls} #read("x") <script>alert(1)</script> {{ 7*7 }} ((( 7*7 ))) $x$ %a &b _c_ ^d ~e "f" *g* @h """
    "`i` [j](k)"
)


def needed(program: str) -> str:
    """A program that the tests use if it is there; in CI it must be."""
    found = shutil.which(program)
    if found is None:
        assert not os.environ.get("SYMBACKPROP_CI"), f"CI must have {program}"
        pytest.skip(f"{program} is not on this machine")
    return found


def test_the_committed_pages_are_what_the_example_gives() -> None:
    for name, content in pages.pages().items():
        path = Path("output") / name
        if isinstance(content, bytes):
            kept = path.read_bytes()
            if TYPST.search(kept)[0] != TYPST.search(content)[0]:
                continue  # made by another version of Typst, which CI's dependencies are not
            assert kept == content, f"{path}: python -m tests.pages makes it anew"
        else:
            assert path.read_text(encoding="utf-8") == content, f"{path}: python -m tests.pages makes it anew"


# --- every example in every format ------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("spec", EXAMPLES)
@pytest.mark.slow
def test_typst_sets_every_example(spec: str, lang: str) -> None:
    assert derive(spec, lang=lang).to_pdf().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("lang", "engine"),
    [("zh", "xelatex"), ("zh", "latexmk"), ("en", "pdflatex"), ("en", "xelatex"), ("en", "lualatex")],
)
@pytest.mark.parametrize("spec", [e for e in EXAMPLES if "odd" not in e])
@pytest.mark.slow
def test_tex_sets_every_example_without_a_warning(spec: str, lang: str, engine: str) -> None:
    """No error, no missing character, no overfull box."""
    needed(engine)
    example = derive(spec, lang=lang)
    assert example.to_pdf(engine).startswith(b"%PDF")
    assert example.warnings == []


def test_english_latex_needs_amsmath_only_and_chinese_ctex() -> None:
    english, chinese = (derive("examples/document.toml", lang=lang).to_latex() for lang in ("en", "zh"))
    assert re.findall(r"\\usepackage(?:\[.*?\])?\{(.*?)\}", english) == ["amsmath"]
    assert "ctex" in chinese.splitlines()[1]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.slow
def test_a_fragment_can_be_put_into_a_document(lang: str, tmp_path: Path) -> None:
    """Two of them, even: their sections go on with the host's numbers, and what the host refers to is found."""
    program = needed("xelatex")
    example = derive("examples/document.toml", lang=lang)
    (tmp_path / "part.tex").write_text(example.to_latex(fragment=True), encoding="utf-8")
    head = r"\documentclass{ctexart}" if lang == "zh" else r"\documentclass{article}"
    main = (
        head
        + r"\usepackage{amsmath,graphicx}\begin{document}\section{Mine}\eqref{eq:dE/dW_kl} \eqref{second:dE/dW_kl:2}"
    )
    main += r"\input{part}\renewcommand{\backpropprefix}{second:}\input{part}\end{document}"
    (tmp_path / "main.tex").write_text(main, encoding="utf-8")
    for _ in range(2):
        result = subprocess.run(
            [program, "-interaction=nonstopmode", "-halt-on-error", "main.tex"],
            cwd=tmp_path,
            check=False,
            capture_output=True,
        )
        assert result.returncode == 0, result.stdout[-2000:]
    log = (tmp_path / "main.log").read_text(encoding="utf-8", errors="replace")
    assert not re.findall("multiply defined|undefined references|Reference .* undefined", log)
    sections = re.findall(
        r"\\contentsline \{section\}\{\\numberline \{(\d+)", (tmp_path / "main.aux").read_text("utf-8")
    )
    assert sections == [str(number) for number in range(1, 14)]


def test_a_fragment_has_a_label_for_every_quantity_with_a_law() -> None:
    example = derive("examples/document.toml", lang="en")
    fragment = example.to_latex(fragment=True)
    assert not re.search(r"section\*|\\quad [A-Z]|section\{\d", fragment)
    labels = re.findall(r"\\label\{\\backpropprefix (.+?)\}", fragment)
    assert len(labels) == len(set(labels))
    assert {"h1_in", "O_out", "E", "dE/dO_in", "dE/dW_kl", "dE/db_j", "W_ij'"} <= set(labels)
    assert r"\label" not in example.to_latex()


# --- what a reader of the PDF sees ------------------------------------------------------------------------------------


@pytest.mark.slow
def test_no_chain_leaves_its_first_line_alone_at_the_foot_of_a_page() -> None:
    needed("pdftotext")
    spec = wide([6, 10, 8, 4], ["gelu", "gelu", "softmax"]) | {"update": {"rule": "adam"}}
    example = derive(spec, lang="en")
    source, title = example.to_typst(), "#align(center"
    for shift in range(0, 100, 10):
        pdf = compiled(source.replace(title, f"#v({shift}mm)\n{title}", 1))
        said = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout
        pages = [
            [line.strip() for line in page.splitlines() if line.strip()][:-1] for page in said.decode().split("\f")
        ]
        for before, after in itertools.pairwise(page for page in pages if page):
            starts = " = " in before[-1] and not before[-1].startswith("=")
            assert not (starts and after[0].startswith("=")), (shift, before[-1], after[0])


def compiled(source: str) -> bytes:
    import typst

    return bytes(typst.compile(source.encode(), format="pdf"))


def test_a_pdf_says_nothing_that_its_readers_take_for_a_mistake(tmp_path: Path) -> None:
    needed("pdfinfo")
    example = derive("examples/document.toml", lang="en")
    for name, content in (("page", example.to_pdf()), ("slides", example.to_slides())):
        (tmp_path / name).write_bytes(content)
        result = subprocess.run(["pdfinfo", tmp_path / name], capture_output=True, text=True, check=True)
        assert result.stderr == ""
        assert "Tagged:          yes" in result.stdout


def test_the_loss_section_is_about_this_loss_and_names_the_others_in_a_sentence() -> None:
    for loss, heads in {"squared_error": "MSE", "cross_entropy": "CE", "binary_cross_entropy": "BCE"}.items():
        page = derive(wide([2, 2], ["softmax"]) | {"loss": loss}, lang="en").to_markdown()
        section = page.split("## 2 ")[1].split("## 3 ")[0]
        displayed = re.findall(r"^\\mathrm\{(\w+)\} &=", section, re.MULTILINE)
        assert displayed == [heads]
        inline = re.findall(r"\$\\mathrm\{(\w+)\} =", section)
        assert {*displayed, *inline} == {"MSE", "CE", "BCE"}


def test_small_matrices_lose_nothing_where_they_can_stand_below_one_another() -> None:
    page = derive(wide([4, 5, 4, 5], ["tanh", "tanh", "softmax"]), lang="en").to_latex()
    product = page.split("h2_{\\mathrm{in}} &=")[1].split("\\end{align")[0]
    assert "cdots" not in product


# --- both languages, every kind of network ----------------------------------------------------------------------------


def test_both_languages_have_the_same_sentences_with_the_same_fields() -> None:
    from symbackprop.page.sentences import Sentences

    english, chinese = Sentences("en").texts, Sentences("zh").texts
    assert set(english) == set(chinese)
    for key, text in english.items():
        assert set(re.findall(r"\{(\w+)\}", text)) == set(re.findall(r"\{(\w+)\}", chinese[key])), key


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(specs(saturated=False), st.sampled_from(["zh", "en"]))
@pytest.mark.slow
def test_every_network_has_its_pages(spec: dict[str, Any], lang: str) -> None:
    example = derive(spec, lang=lang)
    assert_keeps_the_rules_of_markdown(example.to_markdown())
    assert r"\begin{document}" in example.to_latex()
    assert example.to_pdf().startswith(b"%PDF")


@pytest.mark.parametrize("activation", ["relu", "sigmoid", "tanh", "identity", "softmax"])
@pytest.mark.parametrize("loss", ["cross_entropy", "binary_cross_entropy", "squared_error"])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.slow
def test_each_activation_and_loss_has_its_page(activation: str, loss: str, lang: str) -> None:
    last = activation if loss == "squared_error" else "softmax"
    spec = {
        "input": ["0.5", "-1"],
        "target": ["1", "0"],
        "learning_rate": "0.1",
        "loss": loss,
        "layer": [
            {"activation": activation, "W": [["1", "-2"], ["0.5", "1"]], "b": ["0", "0.1"]},
            {"activation": last, "W": [["1", "0.3"], ["0.5", "1"]]},
        ],
    }
    example = derive(spec, lang=lang)
    page = example.to_markdown()
    assert example.shown.figure("E") in page
    assert example.shown.figure("E", step=1) in page
    assert example.to_pdf().startswith(b"%PDF")


# --- Markdown ---------------------------------------------------------------------------------------------------------


def assert_keeps_the_rules_of_markdown(text: str) -> None:
    """What GitHub, pandoc, Jupyter and VS Code all read alike."""
    for display in re.findall(r"^\$\$\n(.*?)^\$\$$", text, re.MULTILINE | re.DOTALL):
        assert display.startswith("\\begin{aligned}\n")
        assert display.endswith("\\end{aligned}\n")
        for line in display.splitlines():
            assert line.strip(), "no blank line"
            assert line[0] not in "+-=", line
            assert "\\\\" not in line.rstrip("\\"), "a newline after every double backslash"
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if line == "$$":
            inside = sum(1 for earlier in lines[:number] if earlier == "$$") % 2 == 1
            neighbour = (
                lines[number + 1] if inside and number + 1 < len(lines) else lines[number - 1] if not inside else ""
            )
            assert neighbour == "", "blank lines around"
    for formula in formulas(text):
        assert not re.search(r"\\[^a-zA-Z\\\s]", formula.replace("\\\\", "")), formula
        assert not re.search(r"(?<![0-9A-Za-z])_", formula), formula
        assert "*" not in formula
        assert "<" not in formula


def formulas(text: str) -> list[str]:
    displays = re.findall(r"^\$\$\n(.*?)^\$\$$", text, re.MULTILINE | re.DOTALL)
    rest = re.sub(r"^\$\$\n.*?^\$\$$", "", text, flags=re.MULTILINE | re.DOTALL)
    return displays + re.findall(r"(?<!\\)\$([^$\n]+)\$", rest)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("spec", EXAMPLES)
def test_markdown_keeps_its_rules(spec: str, lang: str) -> None:
    assert_keeps_the_rules_of_markdown(derive(spec, lang=lang).to_markdown())


# --- hostile text -----------------------------------------------------------------------------------------------------


def small(name: str, title: str) -> dict[str, Any]:
    return {
        "title": title,
        "input": ["0.5"],
        "target": ["1"],
        "learning_rate": "0.1",
        "loss": "squared_error",
        "layer": [{"name": name, "activation": "sigmoid", "weight": "W", "W": [["1"]], "bias": "b", "b": ["0"]}],
    }


def nodes_of(text: str) -> set[str]:
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    kinds = {t.type for t in tokens}
    for token in tokens:
        kinds |= {child.type for child in token.children or ()}
    return kinds


@pytest.mark.slow
def test_hostile_names_are_text_in_every_format(tmp_path: Path) -> None:
    name = r"""\input{x}#%&$_^~<b>"*@"""
    example = derive(small(name, HOSTILE))
    markdown = example.to_markdown()
    assert not nodes_of(markdown) & {"html_inline", "html_block", "link_open", "code_inline", "image"}
    assert "49" not in markdown.splitlines()[0], "no template is run"
    pdftotext = needed("pdftotext")
    path = tmp_path / "page.pdf"
    engines = ["typst"] + [e for e in ("pdflatex", "xelatex") if shutil.which(e)]
    for engine in engines:
        path.write_bytes(example.to_pdf(engine))
        text = subprocess.run([pdftotext, "-raw", path, "-"], capture_output=True, text=True, check=True).stdout
        first = "".join(text.split())[:200]
        for word in (
            r"\input{x}",
            r"\write18{ls}",
            '#read("x")',
            "<script>alert(1)</script>",
            "{{7*7}}",
            "(((7*7)))",
            "%a&b_c_",
        ):
            lost = '"”_' if engine == "pdflatex" else '"”'  # pdflatex draws an underscore as a rule
            seen, wanted = (part.translate(dict.fromkeys(map(ord, lost))) for part in (first, word))
            assert wanted in seen, (engine, word, first)


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
@pytest.mark.slow
def test_any_title_is_text(title: str) -> None:
    from symbackprop._util.errors import SpecError

    try:
        example = derive(small("h", title))
    except SpecError:
        return  # control characters and line ends are refused
    markdown = example.to_markdown()
    heading = MarkdownIt("commonmark").parse(markdown.split("\n\n")[0])
    assert [t.type for t in heading] == ["heading_open", "inline", "heading_close"]
    inline = heading[1].children or []
    assert {t.type for t in inline} <= {"text", "text_special"}
    assert "".join(t.content for t in inline) == visible(title).strip() or not title.strip()
    assert example.to_pdf().startswith(b"%PDF")
    assert r"\begin{document}" in example.to_latex()


def test_a_character_without_a_glyph_is_named_not_boxed() -> None:
    example = derive(small("h", "smile 😀"))
    assert example.to_pdf().startswith(b"%PDF")
    assert "U+1F600" in example.warnings[0]


# --- templates --------------------------------------------------------------------------------------------------------


def test_no_space_stands_between_chinese_characters() -> None:
    """Whatever the names of layers are; between Chinese and Latin letters a space is good style."""
    spec = small("隐藏", "标题") | {"lang": "zh"}
    for text in (derive(spec).to_markdown(), derive("examples/odd-names.toml", lang="zh").to_markdown()):
        assert not re.search(r"[\u4e00-\u9fff] [\u4e00-\u9fff]", text)
    assert "输入层到隐藏" in derive(spec).to_markdown()


def test_a_sentence_and_a_template_can_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "sentences.en.toml").write_text(
        '[forward]\nintro = "First we compute, *quickly*, {prediction}."\n', encoding="utf-8"
    )
    (tmp_path / "blocks").mkdir()
    (tmp_path / "blocks" / "remark.md.j2").write_text("> NB {{ block.text }}\n", encoding="utf-8")
    ours = derive("examples/document.toml", lang="en").to_markdown()
    theirs = derive("examples/document.toml", lang="en", templates=tmp_path).to_markdown()
    assert "First we compute, *quickly*, $O_" in theirs
    assert "> NB " in theirs
    assert "> NB " not in ours
    assert len(theirs.splitlines()) == len(ours.splitlines()), "everything else is as it was"


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("sentences.en.toml", '[forward]\nintr = "x"\n', ["forward.intr", "forward.intro"]),
        ("sentences.en.toml", '[forward]\nintro = "{predicton}"\n', ["predicton", "prediction"]),
        ("sentences.en.toml", "[forward\n", ["sentences.en.toml"]),
        ("page.md.j2", "{% for %}", ["page.md.j2:1"]),
        ("page.md.j2", "\n{{ nothing }}", ["nothing"]),
        ("page.md.j2", "{{ ''.__class__.__mro__ }}", ["page.md.j2"]),
        ("page.md.j2", "{% include 'absent' %}", ["absent"]),
        ("page.md.j2", "{{ 1 / 0 }}", ["page.md.j2"]),
    ],
)
def test_a_mistake_in_a_template_is_one_line(name: str, text: str, words: list[str], tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(TemplateProblem) as caught:
        derive("examples/document.toml", lang="en", templates=tmp_path).to_markdown()
    assert "\n" not in str(caught.value)
    for word in words:
        assert word in str(caught.value)


# --- size -------------------------------------------------------------------------------------------------------------


def wide(widths: list[int], activations: list[str], samples: int = 0) -> dict[str, Any]:
    """A network with made-up two-digit weights."""
    import random

    source = random.Random(len(widths) * 100 + sum(widths))

    def some(count: int) -> list[str]:
        return [f"{source.uniform(-1, 1):.2f}" for _ in range(count)]

    def hot() -> list[str]:
        return ["1"] + ["0"] * (widths[-1] - 1)

    return {
        "input": [some(widths[0]) for _ in range(samples)] if samples else some(widths[0]),
        "target": [hot() for _ in range(samples)] if samples else hot(),
        "learning_rate": "0.1",
        "loss": "cross_entropy",
        "layer": [
            {"activation": a, "W": [some(widths[k + 1]) for _ in range(widths[k])], "b": some(widths[k + 1])}
            for k, a in enumerate(activations)
        ],
    }


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "spec",
    [
        wide([10, 10, 10], ["sigmoid", "softmax"]),
        wide([6, 10, 8, 4], ["gelu", "gelu", "softmax"]) | {"update": {"rule": "adam"}},
        wide([5, 6, 8, 9], ["tanh", "relu", "softmax"]),
        wide([7, 1, 7], ["softmax", "softmax"], samples=3),
        wide([40, 30, 20], ["relu", "softmax"]),
    ],
    ids=["10-10-10", "6-10-8-4 adam", "5-6-8-9", "7-1-7 batch", "40-30-20"],
)
@pytest.mark.slow
def test_no_line_of_a_wide_network_leaves_the_text_width(spec: dict[str, Any], lang: str) -> None:
    needed("xelatex")
    example = derive(spec, lang=lang)
    assert example.to_pdf("xelatex").startswith(b"%PDF")
    assert example.warnings == []
    assert_keeps_the_rules_of_markdown(example.to_markdown())
