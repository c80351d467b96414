"""Templates are what Jinja2 reads; compiled beforehand they give the same texts, and a changed one is never passed over."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jinja2 import nodes

from symbackprop import derive
from symbackprop._util import resources
from symbackprop._util.resources import templates_directory
from symbackprop._util.session import current
from symbackprop.render import compiling, jinja, templates

EXAMPLE = "examples/document.toml"


def slides(example: Any) -> str:
    from symbackprop.render.slides import to_slides

    return to_slides(example.page).text


FORMATS: dict[str, Callable[[Any], str]] = {
    "md": lambda e: e.to_markdown(figures="f"),
    "myst": lambda e: e.to_markdown(figures="f", flavor="myst"),
    "tex": lambda e: e.to_latex(figures="f"),
    "fragment": lambda e: e.to_latex(fragment=True),
    "typ": lambda e: e.to_typst(),
    "html": lambda e: e.to_html(),
    "beamer": lambda e: e.to_beamer(figures="f"),
    "ipynb": lambda e: e.to_notebook(),
    "slides": slides,
}


def by_jinja(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on every template is taken for another than was compiled."""
    monkeypatch.setattr(templates, "text_hash", lambda name: "another")
    current().forget()


@pytest.fixture(autouse=True)
def _fresh() -> Any:
    current().forget()
    yield
    current().forget()


def test_the_compiled_templates_are_ours() -> None:
    """After a change of a template: `python -m symbackprop.render.compiling`."""
    assert compiling.compiled() == compiling.FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("spec", [EXAMPLE, "examples/odd-names.toml"])
def test_both_ways_give_the_same_text(spec: str, form: str, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    example = derive(spec, lang=lang)
    compiled = FORMATS[form](example)
    by_jinja(monkeypatch)
    assert FORMATS[form](example) == compiled


@pytest.mark.parametrize("options", [{"font": "Libertinus Serif"}, {"toc": True, "paper": "letter"}])
def test_options_of_the_layout_both_ways(options: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from symbackprop.page.layout import Layout
    from symbackprop.render.document import to_latex, to_typst

    page = replace(derive(EXAMPLE).page, layout=Layout(**options))
    compiled = [to_latex(page).text, to_typst(page).text]
    by_jinja(monkeypatch)
    assert [to_latex(page).text, to_typst(page).text] == compiled


def test_a_changed_template_of_ours_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever works on a template sees at once what it does, also when it is one that another includes."""
    shutil.copytree(templates_directory(), tmp_path / "templates")
    for module in (templates, resources, jinja):
        for name, value in (
            ("template_path", lambda name: tmp_path / "templates" / name),
            ("templates_directory", lambda: tmp_path / "templates"),
        ):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, value)
    current().forget()
    before = derive(EXAMPLE).to_markdown()
    assert "Changed" not in before
    current().forget()
    block = tmp_path / "templates" / "blocks" / "remark.md.j2"
    block.write_text("Changed {{ block.text }}\n", encoding="utf-8")
    assert "Changed" in derive(EXAMPLE).to_markdown()
    new = tmp_path / "templates" / "blocks" / "heading.myst.j2"
    new.write_text("New {{ block.text }}\n", encoding="utf-8")
    current().forget()
    assert "New" in derive(EXAMPLE).to_markdown(flavor="myst")


def test_a_users_sentences_need_no_jinja_and_templates_do(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from symbackprop import derive\n"
        f"example = derive({EXAMPLE!r}, lang='en', templates={str(tmp_path)!r})\n"
        "text = example.to_markdown() + example.to_latex() + example.to_html() + str(example.to_pdf())\n"
        "print('jinja2' in sys.modules, 'FIRST' in text, 'MINE' in text)\n"
    )

    def run() -> list[str]:
        return subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        ).stdout.split()

    (tmp_path / "sentences.en.toml").write_text('[forward]\nintro = "FIRST"\n', encoding="utf-8")
    assert run() == ["False", "True", "False"]
    (tmp_path / "blocks").mkdir()
    (tmp_path / "blocks" / "heading.md.j2").write_text("MINE\n", encoding="utf-8")
    assert run() == ["True", "True", "True"]


@pytest.mark.parametrize(
    "text",
    [
        "{% macro m() %}{% endmacro %}",
        "{{ x | upper }}",
        "{{ f(x) }}",
        "{% for x in y if x %}{% endfor %}",
        "{% for x in y %}{% else %}z{% endfor %}",
        "{{ x[1:2] }}",
        "{% set a.b = x %}",
    ],
)
def test_what_cannot_be_translated_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A template that could come out otherwise does not come out at all."""
    parsed: nodes.Template = jinja.environment(False, None).parse(text)
    monkeypatch.setattr(compiling, "_parsed", lambda name: parsed)
    with pytest.raises(ValueError, match=r"x.md.j2:1: .* is not translated"):
        compiling._Translation("x.md.j2").function("f")


@pytest.mark.parametrize(
    "text",
    [
        "{% for x in items %}{{ loop.index }}{{ loop.index0 }}{{ loop.first }}{{ x }},{% endfor %}",
        "{% for x in items %}{{ loop.last }}{{ loop.revindex }}{% endfor %}",
        "{% for x in items %}{% for y in items %}{{ loop.index }}{% endfor %}{{ loop.index }}{% endfor %}",
        "{% for x, y in pairs %}{{ loop.index }}{{ y }}{{ x }}{% endfor %}{% set a, b = pairs[0] %}{{ b }}{{ a }}",
        "{{ items | join('; ') }} {{ items | length }} {{ name | tojson }}",
        "{{ 'a' if name else 'b' }}{{ 'a' if not name }}{{ name ~ 1 ~ '.' }}{{ '%d' % 3 }}{{ 2 * 'x' }}",
        "{% set list = name or 'z' %}{{ list }}{% if 1 < 2 <= 2 and name != 'z' %}A{% elif name %}B{% else %}C{% endif %}",
        "{% if not name %}{% set name = 'z' %}{% endif %}{{ name }}",
        "{{ {'a': 1}['a'] }}{{ [1, 2][1] }}{{ table.items }}{{ table['k'] }}{{ 3 in [1, 2] }}{{ 1 not in [1] }}",
    ],
)
def test_what_is_translated_says_what_jinja_says(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    values = {"items": ["a", "b", "c"], "name": "n<'&>", "table": {"items": "own", "k": 7}, "pairs": [(1, 2), (3, 4)]}
    for name in ("n<'&>", ""):
        values["name"] = name
        environment = jinja.environment(False, None)
        parsed: nodes.Template = environment.parse(text)
        monkeypatch.setattr(compiling, "_parsed", lambda name, parsed=parsed: parsed)
        scope: dict[str, Any] = {}
        exec(compiling.HEAD + compiling._Translation("x.j2").function("f"), scope)
        assert "".join(scope["f"](values, None)) == environment.from_string(text).render(values)
