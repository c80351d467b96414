"""``symbackprop check SPEC HAND…``: the verdict on hand derivations."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from symbackprop._util.errors import HandError, SymbackpropError
from symbackprop.cli.derive import ENGINES
from symbackprop.cli.shared import LANGUAGES, format_list

if TYPE_CHECKING:
    from symbackprop.check.report.api import CheckedDerivation
    from symbackprop.check.report.formats import Options
    from symbackprop.spec import NetworkSpec

FORMATS = ("text", "json", "md", "tex", "pdf", "html")
SPOKEN = frozenset({"text", "json"})
"""What goes to the terminal unless a directory is named."""


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
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language of the report.")
@click.option(
    "--order",
    type=click.Choice(("worst", "page")),
    default="worst",
    show_default=True,
    help="The mistakes that spoil most first, or the order of the page.",
)
@click.option("--all", "everything", is_flag=True, help="Show the right lines on the terminal too.")
@click.option("--points", metavar="OF=N,...", help="What quantities are worth [default: 1 each].")
@click.option("--annotate", is_flag=True, help="Write a copy of each HAND with remarks beside its lines.")
@click.option("--notation", metavar="NAME", help="Notation of the pages [default: the spec's].")
@click.option("--bind", "bindings", metavar="NAME=ADDRESS", multiple=True, help="What a name on a page stands for.")
@click.option("--show-reading", "reading", is_flag=True, help="Say line by line how each page is read.")
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
    from symbackprop.check.report.api import check_derivation, read_points
    from symbackprop.check.report.formats import Options
    from symbackprop.check.report.summary import Checked, hand_files, stems, summary_csv
    from symbackprop.graph.load import load_spec

    network, worth = load_spec(spec), read_points(points) if points else {}
    paths = hand_files(hands)
    options = Options(lang, order, everything, _has_colours(directory), engine, templates)
    bound = dict(_binding(text) for text in bindings)
    results: list[Checked] = []
    for path, stem in zip(paths, stems(paths), strict=True):
        try:
            if reading:
                _show_reading(network, path, notation, bound, to_error="json" in formats)
            report = check_derivation(network, str(path), points=worth, notation=notation, bind=bound)
        except SymbackpropError as error:
            if len(paths) == 1:
                raise
            click.echo(f"symbackprop: {error}", err=True)
            results.append(Checked(str(path), error=str(error)))
            continue
        results.append(Checked(str(path), report))
        _deliver(report, stem, formats, directory, options)
        if annotate:
            _annotate(report, path, directory, options)
    if len(paths) > 1:
        _summarise(results, directory, summary_csv(results))
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


def _show_reading(
    network: NetworkSpec, path: Path, notation: str | None, bound: dict[str, str], *, to_error: bool
) -> None:
    """Says what was read on which line; on standard error where the report is for a program."""
    from symbackprop.check import Names, read_hand
    from symbackprop.check.report.reading import reading_lines

    claims, assumptions = read_hand(network, str(path), Names(notation, bound))
    for text in (*(f"assumed: {a}" for a in assumptions), *reading_lines(claims)):
        click.echo(text, err=to_error)


def _has_colours(directory: Path | None) -> bool:
    """Whether the terminal shows colours: no pipe, and nobody asked for none (https://no-color.org)."""
    return directory is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def _deliver(
    report: CheckedDerivation, stem: str, formats: tuple[str, ...], directory: Path | None, options: Options
) -> None:
    """Prints or writes a report in every format wanted."""
    from symbackprop._util.files import write_whole
    from symbackprop.check.report.formats import MAKERS, file_name

    for form in formats:
        content, warnings = MAKERS[form](report, options)
        if directory is None and form in SPOKEN:
            click.echo(content, nl=False, color=options.colour)
            continue
        path = (directory or Path("output")) / file_name(stem, form)
        write_whole(path, content)
        click.echo(f"wrote {path}")
        for warning in warnings:
            click.echo(f"symbackprop: {warning}", err=True)


def _annotate(report: CheckedDerivation, hand: Path, directory: Path | None, options: Options) -> None:
    """Writes the person's own file with remarks beside its lines."""
    from symbackprop._util.files import write_whole
    from symbackprop.check.report.annotate import annotated, annotated_name

    path = (directory or Path("output")) / annotated_name(hand)
    try:
        content = annotated(report, hand, options.lang)
    except HandError as error:
        click.echo(f"symbackprop: {error}", err=True)
        return
    write_whole(path, content)
    click.echo(f"wrote {path}")


def _summarise(results: list[Any], directory: Path | None, table: str) -> None:
    from symbackprop._util.files import write_whole

    if directory is not None:
        write_whole(directory / "summary.csv", table)
        click.echo(f"wrote {directory / 'summary.csv'}")
        return
    click.echo()
    for one in results:
        click.echo(one.report.one_line if one.report is not None else f"{one.name}: {one.error}")
