"""``symbackprop check SPEC HAND…``: the verdict on hand derivations."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from symbackprop._util import progress
from symbackprop._util.errors import HandError, MissingTool, SymbackpropError, TemplateProblem, one_line
from symbackprop._util.resources import check_language
from symbackprop.cli.derive import ENGINES
from symbackprop.cli.shared import format_list

if TYPE_CHECKING:
    from symbackprop.check.report.formats import ReportOptions
    from symbackprop.check.report.summary import Checked
    from symbackprop.spec import NetworkSpec

FORMATS = ("text", "json", "md", "tex", "pdf", "html")
SPOKEN = frozenset({"text", "json"})
"""What goes to the terminal unless a directory is named."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a check is to do with each hand derivation, apart from where its report goes."""

    network: NetworkSpec
    points: dict[str, float]
    notation: str | None
    bound: dict[str, str]
    formats: tuple[str, ...]
    options: ReportOptions
    reading: bool
    annotate: bool


@dataclass(slots=True)
class Outcome:
    """One hand derivation, checked: how it was read, what to print, what to write by file name, what to warn of."""

    checked: Checked
    read: list[str] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)
    files: list[tuple[str, str | bytes]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@click.command()
@click.argument("spec", metavar="SPEC", type=click.Path())
@click.argument("hands", metavar="HAND...", nargs=-1, required=True)
@click.option(
    "--to",
    "formats",
    callback=format_list(FORMATS),
    metavar="FORMATS",
    default="text",
    show_default=True,
    help=f"What to make: {', '.join(FORMATS)}.",
)
@click.option(
    "-o",
    "--output",
    "directory",
    type=click.Path(path_type=Path),
    help="Directory to write to [default: text and json to the terminal, pages to output].",
)
@click.option("--lang", metavar="LANG", default="en", show_default=True, help="Language of the report.")
@click.option(
    "--order",
    type=click.Choice(("worst", "page")),
    default="worst",
    show_default=True,
    help="The mistakes that are propagated farthest first, or the order of the page.",
)
@click.option("--all", "everything", is_flag=True, help="Show the right lines on the terminal too.")
@click.option("--points", metavar="OF=N,...", help="What quantities are worth [default: 1 each].")
@click.option("--annotate", is_flag=True, help="Write a copy of each HAND with remarks beside its lines.")
@click.option("--notation", metavar="NAME", help="Notation of the pages [default: the spec's].")
@click.option("--bind", "bindings", metavar="NAME=ADDRESS", multiple=True, help="What a name on a page stands for.")
@click.option("--show-reading", "reading", is_flag=True, help="Say line by line how each page is read.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors: files are written, the exit code tells.")
@click.option("--engine", type=click.Choice(ENGINES), default="typst", show_default=True, help="What makes the PDF.")
@click.option(
    "--templates", type=click.Path(path_type=Path), help="Directory whose files replace templates and sentences."
)
def check(
    spec: str,
    hands: tuple[str, ...],
    formats: tuple[str, ...],
    directory: Path | None,
    lang: str,
    order: str,
    everything: bool,
    points: str | None,
    annotate: bool,
    notation: str | None,
    bindings: tuple[str, ...],
    reading: bool,
    quiet: bool,
    engine: str,
    templates: Path | None,
) -> None:
    """Check each hand derivation HAND of the network SPEC, line by line.

    HAND is a page (Markdown, LaTeX, a Jupyter notebook), a figure file (TOML or JSON), a directory of such files, or a pattern
    in quotes. Several give a report each, and with -o a summary.csv. The exit code is 0 if all lines are right (rounding is
    no mistake), 1 if there are mistakes, 2 for bad input.

    \b
    Examples:
      symbackprop check examples/document.toml examples/published.toml
      symbackprop check examples/document.toml page.md --show-reading
      symbackprop check net.toml page.tex --notation ng --bind "a^{[1]}=h1_out"
      symbackprop check examples/document.toml examples/published.toml --to md,pdf --lang zh -o report
      symbackprop check examples/document.toml examples/published.toml --annotate -o report
      symbackprop check exercise.toml students/ --to pdf -o reports --points "O_out=2,dE/dW_kl=3"
    """
    from symbackprop.check.report.checked import check_points, read_points
    from symbackprop.check.report.formats import ReportOptions
    from symbackprop.check.report.summary import hand_files, stems
    from symbackprop.graph.load import load_spec

    check_language(lang, templates)
    network, worth = load_spec(spec), read_points(points) if points else {}
    check_points(network, worth)
    bound = dict(_binding(text) for text in bindings)
    options = ReportOptions(lang, order, everything, _has_colours(directory), engine, templates)
    asked = Asked(network, worth, notation, bound, formats, options, reading, annotate)
    paths, results = hand_files(hands), []
    for path, stem in zip(paths, stems(paths), strict=True):
        with progress.shown(quiet=quiet):
            progress.stage(f"checking {path}")
            outcome = _checked(path, stem, asked, to_files=directory is not None)
        results.append(outcome.checked)
        _deliver(outcome, directory or Path("output"), asked, quiet=quiet)
    if len(paths) > 1:
        _summarise(results, directory, quiet=quiet)
    if any(one.report is None for one in results):
        raise SystemExit(2)
    if any(one.report is not None and one.report.has_mistakes for one in results):
        raise SystemExit(1)


def _binding(text: str) -> tuple[str, str]:
    """``a^{[1]}=h1_out``"""
    name, equals, address = text.rpartition("=")
    if not (equals and name.strip() and address.strip()):
        raise HandError(f"--bind {text}", "is no binding", "write a=h1_out")
    return name.strip(), address.strip()


def _has_colours(directory: Path | None) -> bool:
    """Whether the terminal shows colours: no pipe, and nobody asked for none (https://no-color.org)."""
    return directory is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def _checked(path: Path, stem: str, asked: Asked, *, to_files: bool) -> Outcome:
    """The outcome of one hand derivation. Nothing about it stops the others: what cannot be judged is an error of its own.

    Raises ``MissingTool`` and ``TemplateProblem``, which would stop every other one just as well.
    """
    from symbackprop.check.report.summary import Checked

    outcome = Outcome(Checked(str(path)))
    try:
        _work_out(outcome, path, stem, asked, to_files=to_files)
    except (MissingTool, TemplateProblem):
        raise
    except SymbackpropError as error:
        outcome.checked = Checked(str(path), error=str(error))
    except Exception as error:
        problem = one_line(f"{path}: cannot be judged: {type(error).__name__}: {error}")
        outcome.checked = Checked(str(path), error=f"{problem} (a fault of symbackprop; please report it)")
    return outcome


def _work_out(outcome: Outcome, path: Path, stem: str, asked: Asked, *, to_files: bool) -> None:
    """Checks a hand derivation, and makes its report in every format wanted."""
    from symbackprop.api import check_derivation
    from symbackprop.check.report.formats import MAKERS, file_name
    from symbackprop.check.report.summary import Checked

    if asked.reading:
        outcome.read += _reading(path, asked)
    report = check_derivation(asked.network, str(path), points=asked.points, notation=asked.notation, bind=asked.bound)
    for form in asked.formats:
        content, warnings = MAKERS[form](report, asked.options)
        outcome.warnings += warnings
        if form in SPOKEN and isinstance(content, str) and not to_files:
            outcome.printed.append(content)
        else:
            outcome.files.append((file_name(stem, form), content))
    if asked.annotate:
        from symbackprop.check.report.annotate import annotated, annotated_name  # nobody else needs it

        try:
            outcome.files.append((annotated_name(path), annotated(report, path, asked.options.lang)))
        except HandError as error:
            outcome.warnings.append(str(error))
    outcome.checked = Checked(str(path), report)


def _reading(path: Path, asked: Asked) -> Iterator[str]:
    """What is read on which line."""
    from symbackprop.check import Names, read_hand
    from symbackprop.check.report.reading import reading_lines

    claims, assumptions = read_hand(asked.network, str(path), Names(asked.notation, asked.bound))
    yield from (f"assumed: {assumption}" for assumption in assumptions)
    yield from reading_lines(claims)


def _deliver(outcome: Outcome, directory: Path, asked: Asked, *, quiet: bool) -> None:
    """Prints and writes what was made of a hand derivation. Where a program reads the report, people read standard error."""
    from symbackprop._util.files import write_whole

    for line in outcome.read if not quiet else ():
        click.echo(line, err="json" in asked.formats)
    if outcome.checked.report is None:
        click.echo(f"symbackprop: {outcome.checked.error}", err=True)
        return
    for text in outcome.printed if not quiet else ():
        click.echo(text, nl=False, color=asked.options.colour)
    for name, content in outcome.files:
        write_whole(directory / name, content)
        if not quiet:
            click.echo(f"wrote {directory / name}")
    for warning in outcome.warnings:
        click.echo(f"symbackprop: {warning}", err=True)


def _summarise(results: list[Checked], directory: Path | None, *, quiet: bool) -> None:
    """Writes the summary of several hand derivations, or prints a line for each."""
    from symbackprop._util.files import write_whole
    from symbackprop.check.report.summary import summary_csv

    if directory is not None:
        write_whole(directory / "summary.csv", summary_csv(results))
    if quiet:
        return
    if directory is not None:
        click.echo(f"wrote {directory / 'summary.csv'}")
        return
    click.echo()
    for one in results:
        click.echo(one.report.one_line if one.report is not None else f"{one.name}: {one.error}")
