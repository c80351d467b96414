"""``symbackprop derive SPEC``: the pages of a network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from symbackprop._util import progress
from symbackprop.cli.shared import format_list, load
from symbackprop.export.formats import FORMATS, FormatOptions, Made, make_files

if TYPE_CHECKING:
    from symbackprop.api import WorkedExample

DEFAULT_FORMATS = "md,tex,pdf"
ENGINES = ("typst", "latexmk", "xelatex", "lualatex", "pdflatex")


@click.command()
@click.argument("spec", metavar="SPEC", type=click.Path(allow_dash=True))
@click.option(
    "--to",
    "formats",
    callback=format_list(FORMATS),
    metavar="FORMATS",
    default=DEFAULT_FORMATS,
    show_default=True,
    help=f"What to write: {', '.join(FORMATS)}.",
)
@click.option(
    "-o",
    "--output",
    "directory",
    type=click.Path(path_type=Path),
    default=Path("output"),
    show_default=True,
    help="Directory to write to, - for the terminal.",
)
@click.option("--lang", metavar="LANG", help="Language of the page [default: the spec's].")
@click.option(
    "--notation",
    metavar="NAME",
    help="How quantities are written: document, ng, nielsen, goodfellow, bishop, d2l, mazur, zhou, nndl, or a profile "
    "NAME.toml [default: the spec's].",
)
@click.option(
    "--digits", type=click.IntRange(1, 100), help="Significant digits [default: the spec's, or 5; 17 in JSON]."
)
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default="typst",
    show_default=True,
    help="What makes the PDF: the built-in Typst, or a TeX of this machine.",
)
@click.option(
    "--figures",
    type=click.Choice(("svg", "png", "none")),
    default="svg",
    show_default=True,
    help="Files of the figures that Markdown shows, in NAME-figures/; none leaves them out of Markdown and LaTeX.",
)
@click.option(
    "--flavor",
    type=click.Choice(("github", "myst")),
    default="github",
    show_default=True,
    help="The Markdown: of GitHub, pandoc, VS Code and Jupyter, or MyST.",
)
@click.option(
    "--paper", type=click.Choice(("a4", "letter")), default="a4", show_default=True, help="Size of the paper."
)
@click.option("--font", default="", help="Font of the text: its name, or a font file [default: the built-in one].")
@click.option("--toc/--no-toc", default=False, help="A table of contents in the PDF and in LaTeX.")
@click.option(
    "--detail",
    type=click.Choice(("brief", "normal", "full")),
    default="normal",
    show_default=True,
    help="How much is written out: laws and results; the first entry of each quantity too; every entry.",
)
@click.option("--fragment", is_flag=True, help="Write the .tex as a fragment for \\input.")
@click.option(
    "--templates",
    type=click.Path(path_type=Path),
    help="Directory whose files replace templates and sentences of the same name.",
)
@click.option("--full", is_flag=True, help="Leave out nothing of large matrices; pages get as wide as they need.")
@click.option("--prove", is_flag=True, help="Prove all derivatives again with SymPy, whatever was proved before.")
@click.option("--progress", "asked", is_flag=True, help="Say what is being done after two seconds, also on a pipe.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
def derive(
    spec: str,
    formats: tuple[str, ...],
    directory: Path,
    lang: str | None,
    notation: str | None,
    digits: int | None,
    engine: str,
    figures: str,
    flavor: Literal["github", "myst"],
    paper: Literal["a4", "letter"],
    font: str,
    toc: bool,
    detail: str,
    fragment: bool,
    templates: Path | None,
    full: bool,
    prove: bool,
    asked: bool,
    quiet: bool,
) -> None:
    """Derive the network of SPEC (a TOML or JSON file, - for standard input) and write its pages.

    \b
    Examples:
      symbackprop derive examples/document.toml
      symbackprop derive examples/document.toml --notation nielsen --lang en
      symbackprop derive examples/document.toml --to json --digits 30 -o numbers
      symbackprop derive - --to md < examples/document.toml
    """
    to_terminal = str(directory) == "-"
    if to_terminal and len(formats) > 1:
        raise click.UsageError("-o - takes one format: --to md")
    say = (lambda text: None) if quiet or to_terminal else click.echo
    stem = "derivation" if spec == "-" else Path(spec).stem
    choices = FormatOptions(
        engine,
        fragment,
        "" if figures == "none" or to_terminal else f"{stem}-figures",
        "png" if figures == "png" else "svg",
        flavor,
        "" if to_terminal else f"{stem}_arrays.npz",
    )
    with progress.shown(quiet=quiet, asked=asked):
        from symbackprop.page.layout import Layout

        layout = Layout(paper, font, toc)
        example = load(spec, digits, lang, templates, notation, full=full, detail=detail, layout=layout, prove=prove)
        files = make_files(example, formats, choices, stem)
        course = _course(example)
    if to_terminal:
        click.echo(files[0].content, nl=False)
    else:
        _write(files, directory, say)
    for warning in example.warnings:
        click.echo(f"symbackprop: {warning}", err=True)
    say(course)


def _write(files: Sequence[Made], directory: Path, say: Callable[[str], object]) -> None:
    """Writes each file, and what stands beside it."""
    from symbackprop._util.files import write_whole

    for made in files:
        write_whole(directory / made.name, made.content)
        for name, content in made.beside.items():
            write_whole(directory / name, content)
        say(f"wrote {directory / made.name}")


def _course(example: WorkedExample) -> str:
    """The loss before and after all updates."""
    steps = example.derivation.network.spec.steps
    after = "after it" if steps == 1 else f"after {steps} of them"
    return f"loss: {example.shown.figure('E')} before the update, {example.shown.figure('E', step=steps)} {after}"
