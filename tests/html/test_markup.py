"""The text of an HTML page: right markup, its data, and that every number in it is ours."""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode, b64encode
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import html5lib
import pytest
from fontTools.ttLib import TTFont
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symbackprop import derive
from symbackprop.evaluate.evaluation import Evaluation
from symbackprop.evaluate.nested import entry_at
from tests.html.pages import EXAMPLE, Record, example, numeral, page, records, report
from tests.networks import SPECS, specs

MATHML_CORE = {
    *("math", "semantics", "annotation", "mi", "mn", "mo", "mtext", "mspace", "mrow", "mfrac", "msqrt", "mstyle"),
    *("msub", "msup", "msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd"),
}
"""Of the elements of MathML Core, those that our formulas need."""
WITHOUT_DATA = re.compile(r"data:font[^\"]*|(?<=>)\[\[.*?(?=</script>)")
"""Long parts that are no markup: fonts, answers."""
NOTATIONS = ["document", "nielsen", "goodfellow", "ng", "zhou"]
PALETTE = re.compile(r"--([a-z]+): (#[0-9a-f]{3,6});")


def assert_is_well_formed(text: str) -> None:
    """HTML without a parse error, and XML; every identifier is there once, every link leads somewhere."""
    html5lib.HTMLParser(strict=True).parse(WITHOUT_DATA.sub("", text))
    root = ET.fromstring(text)
    identifiers = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(identifiers) == len(set(identifiers))
    links = {element.get("href", "") for element in root.iter("a")}
    assert links <= {f"#{identifier}" for identifier in identifiers}
    for formula in root.iter("math"):
        assert {element.tag for element in formula.iter()} <= MATHML_CORE
    numbers = {element.get("data-q", "")[1:] for element in root.iter() if element.get("data-q")}
    if numbers:
        assert {int(number) for number in numbers} <= set(range(len(records(text))))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("spec", SPECS)
@pytest.mark.slow
def test_the_page_of_every_example_is_html_and_xml(spec: str, lang: str) -> None:
    assert_is_well_formed(page(spec, lang))


@pytest.mark.parametrize("notation", NOTATIONS)
def test_the_page_is_html_and_xml_in_every_notation(notation: str) -> None:
    assert_is_well_formed(page(notation=notation))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_report_is_html_and_xml(lang: str) -> None:
    assert_is_well_formed(report(lang))


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(specs(saturated=False), st.sampled_from(["zh", "en"]), st.sampled_from(NOTATIONS))
def test_every_network_has_its_page(spec: dict[str, Any], lang: str, notation: str) -> None:
    """With rows of data for what is on it, whose formulas name only what there is."""
    text = derive(spec, lang=lang, notation=notation).to_html()
    ET.fromstring(text)
    found = records(text)
    for record in found:
        assert record.inputs <= set(range(len(found)))


def test_nothing_of_the_spec_becomes_markup() -> None:
    """Names with tags, entities and the signs that our own data uses are shown as they are."""
    name = "<b>&amp;«§1;¤2;¶3;</script>"
    spec = {
        "title": name,
        "input": ["1", "2"],
        "input_name": name,
        "target": ["1"],
        "learning_rate": "0.1",
        "loss": "squared_error",
        "layer": [{"name": "a", "weight": f"W{name}", "activation": "tanh", "W": [["0.5"], ["0.25"]]}],
    }
    text = derive(spec).to_html()
    assert_is_well_formed(text)
    assert len(re.findall("<script", text)) == 2
    assert ET.fromstring(text).findtext("head/title") == name
    assert name in {record.address for record in records(text)}


# --- numbers ----------------------------------------------------------------------------------------------------------


def true_figure(evaluation: Evaluation, address: str) -> str:
    """The figure of an entry by its address."""
    name, index = address, ()
    if address not in evaluation.derivation.quantities:
        name, _, inside = address.removesuffix("]").rpartition("[")
        index = tuple(map(int, inside.split(",")))
    is_alone = evaluation.derivation.quantities[name].per_sample and not evaluation.network.spec.batch
    return str(entry_at(evaluation.texts(name), (1, *index) if is_alone else index))


@pytest.mark.parametrize("spec", [s for s in SPECS if "odd" not in s])
def test_every_figure_is_that_of_the_json(spec: str) -> None:
    """In the data and wherever it is printed."""
    evaluation = example(spec).shown
    found = records(page(spec))
    entries = [record for record in found if record.figure and "@" not in record.address]
    assert len(entries) > 20
    for record in entries:
        assert numeral(record.figure) == true_figure(evaluation, record.address), record.address
    for element in ET.fromstring(page(spec)).iter():
        number = element.get("data-q")
        is_numeral = element.tag in ("mn", "mrow") and "∂" not in "".join(element.itertext())
        if number and is_numeral and (figure := found[int(number[1:])].figure):
            assert numeral(ET.tostring(element, encoding="unicode")) == numeral(figure)


@pytest.mark.parametrize("spec", [EXAMPLE, "examples/mazur.toml"])
def test_every_figure_with_decimals_says_what_it_is(spec: str) -> None:
    """Outside the questions, which ask about numbers of their own."""
    root = ET.fromstring(page(spec))
    parents = {child: parent for parent in root.iter() for child in parent}
    questions = root.findall(".//section")[-1]
    asked = set(questions.iter())
    for numeral_element in root.iter("mn"):
        if "." in (numeral_element.text or "") and numeral_element not in asked:
            around = [numeral_element, parents[numeral_element]]
            assert any(element.get("data-q") for element in around), numeral_element.text


def test_a_formula_is_made_of_the_inputs_of_its_quantity() -> None:
    """What a click leads to is what the derivation says: the same as the way of the derivatives."""
    found = records(page())
    quantities = example().derivation.quantities
    of = [found[record.whole].address for record in found]
    for number, record in enumerate(found):
        if record.lines and "@" not in of[number]:
            used = {of[i] for i in record.inputs} - {of[number]}
            assert used <= {*quantities[of[number]].inputs, "lr"}, record.address


def test_every_entry_of_the_example_can_be_asked() -> None:
    """All entries of all quantities on the page have a record, with a formula unless they are given."""
    found = {record.address: record for record in records(page())}
    given = {"x", "y", "lr", *(f"{kind}_{letters}" for kind, letters in [("W", "ij"), ("W", "jk"), ("W", "kl")])}
    for address, quantity in example().derivation.quantities.items():
        if address not in found or address in given:
            continue
        for index in product(*(range(1, size + 1) for size in quantity.shape)):
            name = f"{address}[{','.join(map(str, index))}]" if index else address
            if name in found and quantity.inputs:
                assert found[name].lines, name


# --- what the page needs ----------------------------------------------------------------------------------------------


def test_the_policy_of_content_allows_this_style_and_this_script_and_nothing_else() -> None:
    text = page()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
    assert policy
    for kind, tag in (("style", "style"), ("script", "script")):
        content = re.search(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert content
        digest = b64encode(hashlib.sha256(content[1].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy[1]
    assert "default-src 'none'" in policy[1]
    assert not re.search(r"(?:src|href)=\"(?!#)", text)
    assert not re.search(r"\son\w+=", text.partition("<script")[0])
    assert not re.search(r"\sstyle=", text.partition("<script")[0])


def test_a_page_is_of_moderate_size() -> None:
    assert len(page().encode()) < 1_000_000


def test_the_fonts_have_every_sign_of_the_printer() -> None:
    """No sign of a formula depends on the reader's machine."""
    fonts = [TTFont(BytesIO(b64decode(data))) for data in re.findall(r"data:font/woff2;base64,([^\"]+)", page())]
    covered = {chr(code) for font in fonts for code in font.getBestCmap()}
    assert any("MATH" in font for font in fonts)
    for notation in NOTATIONS:
        root = ET.fromstring(page(notation=notation))
        signs = [e.text or "" for formula in root.iter("math") for e in formula.iter() if e.tag in ("mi", "mn", "mo")]
        assert set("".join(signs)) <= covered


def luminance(colour: str) -> float:
    """The relative luminance of WCAG 2."""
    digits = colour.lstrip("#")
    digits = "".join(2 * c for c in digits) if len(digits) == 3 else digits
    channels = [value / 255 for value in bytes.fromhex(digits)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_every_colour_of_text_can_be_read_on_every_ground(theme: str) -> None:
    """At least 4.5 : 1, as WCAG asks; also of a number that is lit up. In grey print the colours are dark enough."""
    style = Path("templates/page.css").read_text(encoding="utf-8")
    light, dark = (dict(PALETTE.findall(block)) for block in re.findall(r":root \{(.*?)\}", style, re.DOTALL)[:2])
    colours = light | (dark if theme == "dark" else {})
    grounds = ["paper"] if theme == "print" else ["paper", "shade", "same", "from", "to"]
    for name, ground in product(("ink", "forward", "backward", "parameter"), grounds):
        assert contrast(colours[name], colours[ground]) >= 4.5, (name, ground)
    for name in ("soft", "accent"):
        assert contrast(colours[name], colours["paper"]) >= 4.5
        assert contrast(colours[name], colours["shade"]) >= 4.5


def test_a_style_sheet_and_a_script_can_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "page.css").write_text("p { color: {{ red }}; }", encoding="utf-8")
    text = derive("examples/mazur.toml", templates=tmp_path).to_html()
    assert "p { color: {{ red }}; }" in text
    assert_is_well_formed(text)


def test_a_record_keeps_its_parts() -> None:
    """One of each kind: given, computed, a whole array."""
    found: dict[str, Record] = {record.address: record for record in records(page())}
    assert not found["x[1]"].lines
    assert found["x[1]"].flow == "f"
    assert found["W_kl[1,1]"].flow == "p"
    assert found["dE/dW_kl[1,1]"].flow == "b"
    assert found["dE/dW_kl"].figure == ""
    assert len(found["dE/dW_kl"].lines) == 2
