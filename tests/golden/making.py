"""A page of the golden net as text, in every format: ``python tests/golden/making.py KEY FORMAT`` prints one.

Of the program it uses the public names only, and of the tests nothing, so that it also runs with the code of another commit.
"""

from __future__ import annotations

import base64
import io
import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from symbackprop import SymbackpropError, WorkedExample, derive

NETWORKS = Path(__file__).resolve().with_name("networks.json")
FIGURES = "figures"
FULL_EVERY = 7
"""Of the random networks, every so many-th is written with all its entries."""
DIGITS = 8
PICTURE = re.compile(r'(?<="image/png": ")[A-Za-z0-9+/=]+')


def drawings(example: WorkedExample, kind: Literal["svg", "pdf"]) -> str:
    """The files of the figures, one after the other."""
    return "\n".join(f"== {name}\n{_text(content)}" for name, content in example.figure_files(kind).items())


def arrays(example: WorkedExample) -> str:
    """Name, type, shape and every double of an ``.npz``, whatever its compression and its dates are."""
    import numpy

    with numpy.load(io.BytesIO(example.to_npz())) as archive:
        return "\n".join(f"{name} {a.dtype.str} {a.shape} {a.tolist()}" for name, a in archive.items())


def notebook(example: WorkedExample) -> str:
    """The notebook, with what its pictures are made of in their place."""
    return PICTURE.sub(lambda found: base64.b64decode(found[0]).decode(), example.to_notebook())


MAKERS: dict[str, Callable[[WorkedExample], str | bytes]] = {
    "md": lambda e: e.to_markdown(figures=FIGURES),
    "plain": lambda e: e.to_markdown(),
    "myst": lambda e: e.to_markdown(figures=FIGURES, suffix="png", flavor="myst"),
    "tex": lambda e: e.to_latex(figures=FIGURES),
    "fragment": lambda e: e.to_latex(fragment=True),
    "typ": lambda e: e.to_typst(figures=FIGURES),
    "pdf": lambda e: e.to_pdf(),
    "html": lambda e: e.to_html(),
    "slides": lambda e: e.to_slides(),
    "beamer": lambda e: e.to_beamer(figures=FIGURES),
    "ipynb": notebook,
    "numpy": lambda e: e.to_numpy(),
    "torch": lambda e: e.to_torch(),
    "json": lambda e: e.to_json(),
    "npz": arrays,
    "svg": lambda e: drawings(e, "svg"),
    "sheets": lambda e: drawings(e, "pdf"),
}
"""Every format, and ``plain`` (Markdown without figures), ``fragment`` (of LaTeX), ``svg`` and ``sheets`` (the figures)."""


@cache
def networks() -> dict[str, dict[str, Any]]:
    """The random networks by name."""
    return json.loads(NETWORKS.read_text(encoding="utf-8"))


def example_of(key: str) -> WorkedExample:
    """What ``NAME/NOTATION/LANGUAGE/DETAIL`` stands for: a spec of ``examples/`` or a random network."""
    name, notation, lang, detail = key.split("/")
    source = networks().get(name) or f"examples/{name}.toml"
    full = name in networks() and list(networks()).index(name) % FULL_EVERY == 0
    return derive(source, notation=notation, lang=lang, detail=detail, full=full)  # type: ignore[arg-type]


def text_of(example: WorkedExample, form: str) -> str:
    """The text that is hashed; the message, if the format refuses the network."""
    try:
        with typst_gives_its_source():
            return _text(MAKERS[form](example))
    except SymbackpropError as error:
        return f"refused: {error}"


def page(key: str, form: str) -> str:
    """The text of one page in one format."""
    try:
        return text_of(example_of(key), form)
    except SymbackpropError as error:
        return f"refused: {error}"


def hashes(key: str) -> dict[str, str]:
    """Format → short hash of a page, or ``!`` and the class of an error that nobody should see."""
    try:
        example = example_of(key)
    except SymbackpropError as error:
        return dict.fromkeys(MAKERS, _hash(f"refused: {error}"))
    except Exception as error:
        return dict.fromkeys(MAKERS, f"!{type(error).__name__}")
    found = {}
    for form in MAKERS:
        try:
            found[form] = _hash(text_of(example, form))
        except Exception as error:
            found[form] = f"!{type(error).__name__}"
    return found


@contextmanager
def typst_gives_its_source() -> Iterator[None]:
    """Typst sets nothing, but gives back what it was to set: what PDF, slides and pictures come down to."""
    import typst

    real = typst.compile
    typst.compile = _source
    try:
        yield
    finally:
        typst.compile = real


def _source(document: bytes, *, format: str, **options: Any) -> bytes | list[bytes]:
    """The document with its options; as pictures, one for each page."""
    kept = {k: v for k, v in sorted(options.items()) if k not in ("root", "font_paths")}
    kept["fonts"] = len(options.get("font_paths", ()))
    head = f"// typst to {format}, {kept}\n".encode()
    pages = [line for line in document.splitlines() if line.startswith(b"#page(")]
    return [head + page for page in pages] if format == "png" and len(pages) > 1 else head + document


def _text(content: str | bytes) -> str:
    return content if isinstance(content, str) else content.decode()


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:DIGITS]


if __name__ == "__main__":
    sys.stdout.buffer.write(page(*sys.argv[1:]).encode())
