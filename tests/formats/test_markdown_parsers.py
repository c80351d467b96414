"""Every parser that a page is written for reads the same formulas: GitHub's, markdown-it, pandoc, MyST; and KaTeX sets them."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from typing import Any

import pytest
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from symbackprop import derive
from symbackprop.api import WorkedExample
from symbackprop.page.notation import profile_names
from tests.test_pages import formulas, needed, wide

TEN = wide([10, 10, 10], ["relu", "softmax"])
PAGES = {
    **{f"example {lang}": ("examples/document.toml", lang, "document") for lang in ("zh", "en")},
    **{f"example in {name}": ("examples/document.toml", "en", name) for name in profile_names() if name != "document"},
    "10-10-10": (TEN, "en", "document"),
    "odd names": ("examples/odd-names.toml", "zh", "document"),
}
KATEX = """
const katex = require("katex"), failed = [];
for (const [text, displayMode] of JSON.parse(require("fs").readFileSync(0, "utf8"))) {
  try { katex.renderToString(text, {displayMode, throwOnError: true, strict: "ignore", trust: false}); }
  catch (error) { failed.push(`${text}: ${error.message}`); }
}
console.log(JSON.stringify(failed));
"""


@lru_cache
def example(name: str) -> WorkedExample:
    spec, lang, notation = PAGES[name]
    return derive(spec, lang=lang, notation=notation)


@lru_cache
def written(name: str) -> tuple[str, list[str]]:
    """The page, and the formulas that we put there."""
    text = example(name).to_markdown(figures="figures")
    found = sorted(map(plain, formulas(text)))
    assert len(found) > 50
    return text, found


def plain(formula: str) -> str:
    return "".join(formula.split())


# --- each parser ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_github_reads_the_formulas_as_they_are_written(name: str) -> None:
    """cmark-gfm leaves every formula as it is: no emphasis, no lost backslash, but for the doubled one at a line's end."""
    text, _ = written(name)
    command = [needed("cmark-gfm"), "-e", "table"]
    html = subprocess.run(command, input=text, capture_output=True, text=True, check=True, encoding="utf-8").stdout
    squeezed = plain(unescape(re.sub(r"<[^>]+>", "", html)))
    for formula in formulas(text):
        assert plain(formula.replace("\\\\\n", "\\\n")) in squeezed or plain(formula) in squeezed, formula


@pytest.mark.parametrize("name", PAGES)
def test_markdown_it_reads_the_formulas(name: str) -> None:
    text, expected = written(name)
    tokens = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin).parse(text)
    inner = [child for token in tokens for child in (token, *(token.children or ()))]
    assert sorted(plain(t.content) for t in inner if t.type in ("math_inline", "math_block")) == expected


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.slow
def test_pandoc_reads_the_formulas(name: str) -> None:
    text, expected = written(name)
    command = [needed("pandoc"), "-f", "markdown+tex_math_dollars-raw_tex-fancy_lists", "-t", "json"]
    tree = json.loads(subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout)
    assert sorted(plain(part["c"][1]) for part in parts(tree) if part.get("t") == "Math") == expected


def parts(tree: Any) -> Iterator[dict[str, Any]]:
    """All elements of pandoc's tree."""
    if isinstance(tree, dict):
        yield tree
    for inner in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from parts(inner)


@pytest.mark.parametrize("name", PAGES)
def test_myst_reads_the_same_formulas(name: str) -> None:
    from docutils import nodes
    from docutils.core import publish_doctree
    from myst_parser.docutils_ import Parser

    _, expected = written(name)
    text = example(name).to_markdown(figures="figures", flavor="myst")
    tree = publish_doctree(text, parser=Parser(), settings_overrides={"report_level": 2, "halt_level": 2})
    found = [n.astext() for kind in (nodes.math, nodes.math_block) for n in tree.findall(kind)]
    assert sorted(map(plain, found)) == expected
    page = example(name).page
    figures = list(tree.findall(nodes.figure))
    assert [f.next_node(nodes.image)["uri"] for f in figures] == [f"figures/{f.name}.svg" for f in page.figures]
    assert len(list(tree.findall(nodes.admonition))) == text.count("{admonition}")
    assert len(list(tree.findall(nodes.table))) == written(name)[0].count("\n|:") + written(name)[0].count("\n|-")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.slow
def test_katex_sets_every_formula(name: str) -> None:
    """As VS Code, Jupyter and many sites do."""
    text, _ = written(name)
    every = [(formula, "aligned" in formula) for formula in formulas(text)]
    environment = os.environ | {"NODE_PATH": "/usr/share/nodejs"}
    needed("katex")
    command = [needed("node"), "-e", KATEX]
    done = subprocess.run(
        command, input=json.dumps(every), capture_output=True, text=True, check=True, env=environment, encoding="utf-8"
    )
    assert json.loads(done.stdout) == []
