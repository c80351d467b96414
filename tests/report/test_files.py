"""What the command writes: pages in both languages, several files at once, marks, an annotated copy."""

from __future__ import annotations

import csv
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from symbackprop import check_derivation
from symbackprop._util.errors import HandError, SymbackpropError
from symbackprop.check import Verdict, entry
from symbackprop.check.claims import Span
from symbackprop.check.model import LineResult, Report
from symbackprop.check.report.annotate import annotated, annotated_name
from symbackprop.check.report.checked import CheckedDerivation, read_points
from symbackprop.check.report.formats import MAKERS, ReportOptions, file_name
from symbackprop.cli.check import check as command
from symbackprop.page.model import Heading
from symbackprop.page.sentences import Sentences
from symbackprop.spec import NetworkSpec

SPEC, HAND = "examples/document.toml", "examples/published.toml"
RIGHT = '[[figure]]\nof = "h1_in"\nprinted = ["1.35", "1.27", "1.8"]\n'
WRONG = '[[figure]]\nof = "h1_in"\nprinted = ["0.35", "0.27", "0.8"]\n'


def run(*arguments: object) -> Result:
    return CliRunner().invoke(command, [SPEC, *map(str, arguments)])


@pytest.fixture(scope="module")
def report() -> CheckedDerivation:
    return check_derivation(SPEC, HAND)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_says_what_was_written_the_verdict_the_mistake_and_the_right_line(
    report: CheckedDerivation, lang: str
) -> None:
    text = report.to_markdown(lang)
    for said in ("0.2698", "0.198447", "| **mistake** |" if lang == "en" else "| **错误** |"):
        assert said in text
    for mistake in report.mistakes:
        assert f"`{mistake.of}`" in text
    assert r"\frac{\partial E}{\partial W_{k1l1}} &= \frac{\partial E}{\partial O_{\mathrm{in}, 1}} \cdot h2_{" in text
    assert ("18 mistakes in 72 lines, propagated to 41 lines." if lang == "en" else "18 处错误") in text


@pytest.mark.parametrize("form", MAKERS)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_format_in_every_language(report: CheckedDerivation, form: str, lang: str) -> None:
    content, warnings = MAKERS[form](report, ReportOptions(lang))
    assert warnings == ()
    assert content[:4] == b"%PDF" if form == "pdf" else "0.2698" in str(content)


def test_both_languages_have_the_same_sentences_with_the_same_fields() -> None:
    english, chinese = (Sentences(lang, book="report").texts for lang in ("en", "zh"))
    assert english.keys() == chinese.keys()
    assert all(("{" in english[key]) == ("{" in chinese[key]) for key in english)


def test_worst_first(report: CheckedDerivation) -> None:
    pages = [report.page(order=order) for order in ("worst", "page")]
    first = [next(b for b in page.blocks if isinstance(b, Heading) and b.level == 2) for page in pages]
    assert "O_out" in str(first[0])
    assert "W_ij" in str(first[1])


def test_a_directory_and_a_pattern_give_a_report_each_and_a_summary(tmp_path: Path) -> None:
    for name, text in (("anna.toml", RIGHT), ("ben.toml", WRONG), ("bad.toml", "x = 1\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    result = run(tmp_path, "--to", "md,json", "-o", out)
    assert result.exit_code == 2
    assert "has no figures" in result.output
    assert sorted(p.name for p in out.iterdir()) == sorted(
        ["anna.check.md", "anna.check.json", "ben.check.md", "ben.check.json", "summary.csv"]
    )
    rows = list(csv.DictReader((out / "summary.csv").read_text(encoding="utf-8").splitlines()))
    assert [Path(row["file"]).name for row in rows] == ["anna.toml", "bad.toml", "ben.toml"]
    assert (rows[0]["score"], rows[0]["mistake"], rows[2]["worst mistake"]) == ("1.0000", "0", "bias.left-out")
    assert "has no figures" in rows[1]["error"]
    result = run(tmp_path / "[ab]*n*.toml")
    assert result.exit_code == 1
    assert result.output.count("score") == 2
    assert run(tmp_path / "none*.toml").exit_code != 0


def test_nothing_about_one_page_stops_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong with it, and where: a line of its own on standard error and in the summary, exit code 2."""
    for name in ("anna", "ben", "cleo"):
        (tmp_path / f"{name}.toml").write_text(RIGHT, encoding="utf-8")
    read, make = entry.read_hand, MAKERS["md"]

    def reading(spec: NetworkSpec, hand: Any, names: Any) -> Any:
        return 1 / 0 if str(hand).endswith("ben.toml") else read(spec, hand, names)

    def making(report: CheckedDerivation, options: ReportOptions) -> Any:
        return {}["cleo"] if "cleo" in report.source else make(report, options)

    monkeypatch.setattr(entry, "read_hand", reading)
    monkeypatch.setitem(MAKERS, "md", making)
    out = tmp_path / "out"
    result = run(tmp_path, "--to", "md", "-o", out)
    assert (result.exit_code, result.exception.__class__) == (2, SystemExit)
    lines = [line for line in result.output.splitlines() if line.startswith("symbackprop: ")]
    assert ["ben.toml: cannot be judged: ZeroDivisionError" in lines[0], "cleo.toml" in lines[1]] == [True, True]
    assert sorted(p.name for p in out.iterdir()) == ["anna.check.md", "summary.csv"]
    rows = list(csv.DictReader((out / "summary.csv").read_text(encoding="utf-8").splitlines()))
    assert [bool(row["error"]) for row in rows] == [False, True, True]
    alone = run(tmp_path / "ben.toml")
    assert (alone.exit_code, alone.output.count("\n")) == (2, 1)


def test_quiet_writes_the_files_and_says_nothing(tmp_path: Path) -> None:
    for name, text in (("anna", RIGHT), ("ben", WRONG)):
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    assert (run(tmp_path / "anna.toml", "-q").exit_code, run(tmp_path / "anna.toml", "-q").output) == (0, "")
    assert (run(tmp_path / "ben.toml", "--to", "json", "--show-reading", "--quiet").output) == ""
    result = run(tmp_path, "-q", "--to", "md", "--annotate", "-o", tmp_path / "out")
    assert (result.exit_code, result.output) == (1, "")
    assert len(list((tmp_path / "out").iterdir())) == 5
    assert "no.toml" in run(tmp_path / "no.toml", "-q").output, "errors are still said"


def test_files_of_one_name_do_not_write_over_each_other(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "hand.toml").write_text(RIGHT, encoding="utf-8")
    assert run(*(tmp_path / name / "hand.toml" for name in "abc"), "--to", "json", "-o", tmp_path / "o").exit_code == 0
    assert len(list((tmp_path / "o").glob("*.json"))) == 3


def test_marks() -> None:
    hand = {
        "figure": [
            {"of": "h1_in", "printed": ["1.35", "1.27", "9.9"]},
            {"of": "h1_out", "printed": ["1.35", "1.27", "9.9"]},
        ]
    }
    report = check_derivation(SPEC, hand)
    assert [line.verdict for line in report.lines][-1] is Verdict.FOLLOWS, "a line that follows earns its points"
    assert report.score == pytest.approx((2 / 3 + 1) / 2)
    weighted = check_derivation(SPEC, hand, points=read_points("h1_in=3,h1_out=1,E=4"))
    assert weighted.score == pytest.approx((3 * 2 / 3 + 1) / 8), "what was not written earns nothing"
    assert [(m.of, m.points) for m in weighted.marks] == [("h1_in", 3), ("h1_out", 1), ("E", 4)]
    assert json.loads(weighted.to_json())["marks"][0] == {"of": "h1_in", "points": 3.0, "earned": 2.0}


@pytest.mark.parametrize("text", ["h1_in", "h1_in=", "=2", "h1_in=-1", "h1_in=nan", "h1_in=two"])
def test_points_that_make_no_sense(text: str) -> None:
    with pytest.raises(HandError, match="cannot read"):
        read_points(text)


def test_points_of_an_entry_and_of_nothing() -> None:
    assert read_points("dE/dW_kl[1,2]=0.5,E=1") == {"dE/dW_kl[1,2]": 0.5, "E": 1.0}
    with pytest.raises(SymbackpropError):
        check_derivation(SPEC, HAND, points={"O_uot": 1})


def test_an_annotated_figure_file_says_the_same_to_a_program(report: CheckedDerivation, tmp_path: Path) -> None:
    assert run(HAND, "--annotate", "-o", tmp_path, "--to", "json").exit_code == 1
    text = (tmp_path / annotated_name(Path(HAND))).read_text(encoding="utf-8")
    original = Path(HAND).read_text(encoding="utf-8")
    assert tomllib.loads(text) == tomllib.loads(original)
    lines = text.splitlines()
    at = lines.index('printed = ["0.2698", "0.3223", "0.4078"]')
    assert lines[at + 1].startswith("# O_out[1] = 0.2698: softmax.no-exp, right: 0.198447")
    assert "divide the pre-activations" in lines[at + 2]
    assert [line for line in lines if line in original.splitlines()] == original.splitlines()


def test_a_comment_never_falls_into_a_text_of_several_lines(tmp_path: Path) -> None:
    hand = tmp_path / "odd.toml"
    hand.write_text('[[figure]]\nof = "h1_in"\nprinted = ["""0.35""", """0.2\n7""", "0.8"]\n', encoding="utf-8")
    text = annotated(check_derivation(SPEC, str(hand)), hand)
    assert tomllib.loads(text) == tomllib.loads(hand.read_text(encoding="utf-8"))
    assert "# " in text


def marked(*lines: int) -> Report:
    """A report with a mistake on each of these lines of a file."""
    found = [
        LineResult(
            k, "h1_in", (1,), "printed", "0.35", Verdict.MISTAKE, "1.35", diagnosis=("slip",), span=Span(line, 1)
        )
        for k, line in enumerate(lines, 1)
    ]
    return Report("x", tuple(found), ())


@pytest.mark.parametrize("name", ["a.md", "a.tex", "a.ipynb"])
def test_remarks_go_beside_the_lines_and_change_nothing_else(name: str, tmp_path: Path) -> None:
    page = "# Forward\n\nHere is\n\n$$\na = 1\n\nb = 2\n$$\n\nand *so* on\nto the end.\n"
    path = tmp_path / name
    if name.endswith("ipynb"):
        cells = [
            {"cell_type": "markdown", "metadata": {}, "source": part.splitlines(keepends=True)} for part in (page, page)
        ]
        text = json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}, indent=1)
        path.write_text(text, encoding="utf-8")
        lines = [k for k, line in enumerate(text.split("\n"), 1) if "a = 1" in line]
        result = json.loads(annotated(marked(*lines), path))
        assert [cell["source"] == cells[0]["source"] for cell in result["cells"]] == [True, False, True, False]
        assert result["nbformat"] == 4
        return
    path.write_text(page, encoding="utf-8")
    lines = annotated(marked(6, 11), path).split("\n")
    said = [k for k, line in enumerate(lines) if "0.35" in line]
    if name.endswith("tex"):
        assert said == [6, 12]
        assert all(lines[k].startswith("% ") for k in said)
    else:
        assert lines[said[0] - 2] == "$$", "never inside a formula"
        assert lines[said[1] - 2] == "to the end."
        assert all(lines[k].startswith("> ") for k in said)
    rest = [line for line in lines if not line.startswith(("% ", "> "))]
    assert [line for line in rest if line] == [line for line in page.split("\n") if line]


def test_a_file_that_takes_no_remarks_is_said(tmp_path: Path) -> None:
    hand = tmp_path / "h.json"
    hand.write_text(json.dumps({"figure": [{"of": "h1_in", "printed": ["0.35"]}]}), encoding="utf-8")
    result = run(hand, "--annotate", "-o", tmp_path)
    assert "takes no remarks" in result.output
    assert file_name("h", "text") == "h.check.txt"
    assert (tmp_path / "h.check.txt").exists()


def test_colours_only_where_they_are_wanted(report: CheckedDerivation) -> None:
    from symbackprop.check.report.terminal import as_text

    assert "\x1b[31m" in as_text(report, colour=True)
    assert "\x1b" not in as_text(report)
    assert "\x1b" not in run(HAND).output
