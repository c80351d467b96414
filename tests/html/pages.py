"""The pages that the tests of HTML look at, and what is in them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from symbackprop import WorkedExample, check_derivation, derive
from symbackprop.render import to_html

EXAMPLE = "examples/document.toml"
ANSWERS = re.compile(r'<script type="application/json" id="answers" data-shown="(\d+)">(.*?)</script>', re.DOTALL)
REFERENCE = re.compile(r"[§¶¤](\d+);")


@dataclass(frozen=True)
class Record:
    """What the page knows about one entry or one whole array."""

    address: str
    whole: int
    flow: str
    symbol: str
    figure: str
    lines: tuple[str, ...]

    @property
    def inputs(self) -> set[int]:
        """The records that the formula names."""
        return {int(number) for line in self.lines for number in REFERENCE.findall(line)}


@cache
def example(spec: str = EXAMPLE, lang: str = "en", notation: str | None = None) -> WorkedExample:
    return derive(spec, lang=lang, notation=notation)


@cache
def page(spec: str = EXAMPLE, lang: str = "en", notation: str | None = None) -> str:
    return example(spec, lang, notation).to_html()


@cache
def report(lang: str = "en") -> str:
    return to_html(check_derivation(EXAMPLE, "examples/published.toml").page(lang)).text


def records(text: str) -> list[Record]:
    """The data of a page, unpacked."""
    found = ANSWERS.search(text)
    assert found
    rows: list[list[Any]] = json.loads(found[2].replace("«", "<"))
    return [Record(unescape(r[0]), r[1], r[2], r[3], r[4], tuple(r[5:])) for r in rows]


def numeral(mathml: str) -> str:
    """The figure that a piece of MathML shows, as our numerals are written: −1.2·10⁻⁵ is -1.2e-5."""
    text = "".join(ET.fromstring(mathml).itertext()).replace("−", "-")
    mantissa, times, power = text.partition("·10")
    return f"{mantissa}e{power}" if times else mantissa


def written(directory: Path, text: str, name: str = "page.html") -> str:
    """The address of a file with this page."""
    path = directory / name
    path.write_text(text, encoding="utf-8")
    return path.as_uri()
