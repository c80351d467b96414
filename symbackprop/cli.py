"""The command line: arguments, progress and exit codes; nothing else. Nothing heavy is imported before it is needed."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from symbackprop._version import __version__
from symbackprop.commands.check import check
from symbackprop.commands.importing import import_model
from symbackprop.errors import SymbackpropError

if TYPE_CHECKING:
    from symbackprop.api import WorkedExample

FORMATS = ("md", "tex", "pdf", "json", "npz")
DEFAULT_FORMATS = "md,tex,pdf"
ENGINES = ("typst", "latexmk", "xelatex", "lualatex", "pdflatex")
LANGUAGES = ("zh", "en")
INTERRUPTED = 130


class FormatList(click.ParamType[tuple[str, ...]]):
    """``md,tex``: formats in a row, each known, each once."""

    name = "FORMATS"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """The formats in the order given."""
        if isinstance(value, tuple):
            return value
        words = [word.strip() for word in str(value).split(",") if word.strip()]
        for word in words:
            if word not in FORMATS:
                self.fail(f"unknown format {word!r} (known: {', '.join(FORMATS)})", param, ctx)
        return tuple(dict.fromkeys(words)) or self.fail("no format given", param, ctx)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, "--version", prog_name="symbackprop")
def main() -> None:
    """Derive forward propagation and backpropagation of a dense network, step by step.

    \b
    Examples:
      symbackprop derive examples/document.toml                the derivation as Markdown, LaTeX and PDF in output/
      symbackprop derive net.toml --to pdf --lang en -o notes  only the PDF, in English
      symbackprop value net.toml "dE/dW_kl[1,2]" E E@10        single numbers, also after 10 updates
      symbackprop new net.toml                                 a commented file to start from

    Shell completion: run  _SYMBACKPROP_COMPLETE=bash_source symbackprop  and put what it prints into ~/.bashrc
    (zsh_source and fish_source likewise).
    """


@main.command()
@click.argument("spec", metavar="SPEC", type=click.Path(allow_dash=True))
@click.option(
    "--to",
    "formats",
    type=FormatList(),
    default=DEFAULT_FORMATS,
    show_default=True,
    help="What to write: md, tex, pdf, json, npz.",
)
@click.option(
    "-o",
    "--output",
    "directory",
    type=click.Path(path_type=Path),
    default=Path("output"),
    show_default=True,
    help="Directory to write to.",
)
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of the page [default: the spec's].")
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
@click.option("--fragment", is_flag=True, help="Write the .tex as a fragment for \\input.")
@click.option(
    "--templates",
    type=click.Path(path_type=Path),
    help="Directory whose files replace templates and sentences of the same name.",
)
@click.option("--full", is_flag=True, help="Leave out nothing of large matrices; pages get as wide as they need.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
def derive(
    spec: str,
    formats: tuple[str, ...],
    directory: Path,
    lang: str | None,
    digits: int | None,
    engine: str,
    fragment: bool,
    templates: Path | None,
    full: bool,
    quiet: bool,
) -> None:
    """Derive the network of SPEC (a TOML or JSON file, - for standard input) and write its pages.

    \b
    Examples:
      symbackprop derive examples/document.toml
      symbackprop derive examples/document.toml --to json --digits 30 -o numbers
      symbackprop derive - --to md < examples/document.toml
    """
    from symbackprop.files import write_whole

    example = _load(spec, digits, lang, templates, full=full)
    say = (lambda text: None) if quiet else click.echo
    stem = "derivation" if spec == "-" else Path(spec).stem
    makers: dict[str, Callable[[], str | bytes]] = {
        "md": example.to_markdown,
        "tex": lambda: example.to_latex(fragment=fragment),
        "pdf": lambda: example.to_pdf(engine),
        "json": example.to_json,
        "npz": example.to_npz,
    }
    contents = [(kind, makers[kind]()) for kind in formats]
    for kind, content in contents:
        path = directory / f"{stem}.{kind}"
        write_whole(path, content)
        say(f"wrote {path}")
    for warning in example.warnings:
        click.echo(f"symbackprop: {warning}", err=True)
    steps = example.derivation.network.spec.steps
    after = "after it" if steps == 1 else f"after {steps} of them"
    say(f"loss: {example.shown.figure('E')} before the update, {example.shown.figure('E', step=steps)} {after}")


@main.command()
@click.argument("spec", metavar="SPEC", type=click.Path(allow_dash=True))
@click.argument("addresses", metavar="ADDRESS...", nargs=-1, required=True)
@click.option("--digits", type=click.IntRange(1, 100), help="Significant digits [default: 10; 17 as JSON].")
@click.option(
    "--to", "form", type=click.Choice(("text", "json")), default="text", show_default=True, help="How to print."
)
def value(spec: str, addresses: tuple[str, ...], digits: int | None, form: str) -> None:
    """Print the value of each ADDRESS: a quantity, an entry, a derivative, or an expression of them.

    \b
    Examples:
      symbackprop value examples/document.toml E "dE/dW_kl[1,2]" "W_kl'"
      symbackprop value examples/document.toml "diag(dh2_out/dh2_in)" "dO_in[1]/dW_kl[2,1]"
      symbackprop value examples/document.toml -- "-dE/dO_in" "O_out - y" "lr*dE/dW_kl" E@100
    """
    from symbackprop.lookup import look_up

    example = _load(spec, digits or (17 if form == "json" else 10), None, None)
    figures = {address: look_up(example.precise, address) for address in addresses}
    if form == "json":
        import json

        click.echo(json.dumps(figures, ensure_ascii=False, indent=1))
        return
    for address, figure in figures.items():
        click.echo(f"{address} = {_as_text(figure)}")


@main.command()
@click.argument("path", metavar="NAME.toml", type=click.Path(path_type=Path))
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language of the comments.")
@click.option("--force", is_flag=True, help="Replace a file that exists.")
def new(path: Path, lang: str, force: bool) -> None:
    """Write a commented spec to start from.

    \b
    Example:
      symbackprop new net.toml && symbackprop derive net.toml
    """
    from symbackprop.files import write_whole
    from symbackprop.spec import starter_spec

    if path.exists() and not force:
        raise SymbackpropError(str(path), "exists already", "take another name, or --force to replace it")
    write_whole(path, starter_spec(path.stem, lang))
    click.echo(f"wrote {path}; now: symbackprop derive {path}")


main.add_command(check)
main.add_command(import_model)


def run() -> None:
    """The entry point: runs the command line and turns every deliberate error into one line and an exit code."""
    gc.disable()  # start-up makes no garbage worth collecting, and looking for it costs a fifth of the time
    try:
        main(standalone_mode=False)
    except SymbackpropError as error:
        _stop(str(error), error.exit_code)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "symbackprop"
        _stop(f"{error.format_message()} (see {command} --help)", 2)
    except click.ClickException as error:
        _stop(error.format_message(), 2)
    except (click.Abort, KeyboardInterrupt):
        _stop("interrupted; no file was left half-written", INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)


def _stop(message: str, code: int) -> None:
    click.echo(f"symbackprop: {message}", err=True)
    sys.exit(code)


def _load(
    spec: str, digits: int | None, lang: str | None, templates: Path | None, *, full: bool = False
) -> WorkedExample:
    from symbackprop import api

    example = api.derive(spec, digits=digits, lang=lang, templates=templates, full=full)
    gc.freeze()
    return example


def _as_text(figure: Any) -> str:
    return figure if isinstance(figure, str) else "[" + ", ".join(map(_as_text, figure)) + "]"


if __name__ == "__main__":
    run()
