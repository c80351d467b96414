"""``symbackprop verify SPEC``: every gradient by three routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from symbackprop._util import progress
from symbackprop._util.terminal import table

if TYPE_CHECKING:
    from symbackprop.verify import Comparison, Verification

LIBRARIES = {"torch": "PyTorch", "jax": "JAX", "none": ""}


@click.command()
@click.argument("spec", metavar="SPEC", type=click.Path(allow_dash=True))
@click.option(
    "--entries",
    type=click.IntRange(1),
    default=200,
    show_default=True,
    help="Entries of one gradient that central differences are taken of, at most.",
)
@click.option("--autograd", type=click.Choice(tuple(LIBRARIES)), help="The library [default: what is installed].")
@click.option("--progress", "asked", is_flag=True, help="Say what is being done after two seconds, also on a pipe.")
def verify(spec: str, entries: int, autograd: str | None, asked: bool) -> None:
    """Compute every gradient of SPEC by three routes and compare.

    The routes are the derivation, central differences at 50 digits, and automatic differentiation by PyTorch or JAX, if one of
    them is installed. The table has the largest disagreement, relative to the largest entry of each gradient. The exit code
    is 0 if all agree, 1 if not, 2 for bad input.

    \b
    Example:
      symbackprop verify examples/document.toml
    """
    from symbackprop._util.errors import MissingTool
    from symbackprop.graph.load import load_spec
    from symbackprop.verify import verify as compare
    from symbackprop.verify.autograd import is_installed

    library = None if autograd is None else LIBRARIES[autograd]
    if library and not is_installed(library):
        raise MissingTool(library, "is not installed", f"pip install {autograd}, or --autograd none")
    with progress.shown(asked=asked):
        result = compare(load_spec(spec), most=entries, library=library)
    click.echo("\n".join(_table(result)))
    if not result.agrees:
        raise SystemExit(1)


def _table(result: Verification) -> list[str]:
    """The lines to print."""
    header = ("gradient", "entries", "central differences", *([result.library] if result.library else []), "")
    lines = table([header, *(_row(c, result.library) for c in result.comparisons)])
    corners = sum(c.corners for c in result.comparisons)
    if corners:
        lines.append(f"left out: {corners} at a corner of the loss, where the derivative is a convention")
    if not result.library:
        lines.append("no automatic differentiation (pip install torch, or jax): two routes only")
    failed = [c for c in result.comparisons if not c.agrees]
    count = len(result.comparisons)
    return [*lines, f"{len(failed)} of {count} gradients disagree" if failed else f"all {count} gradients agree"]


def _row(c: Comparison, library: str) -> tuple[str, ...]:
    entries = str(c.entries) if c.compared == c.entries else f"{c.compared} of {c.entries}"
    automatic = () if not library else ("-" if c.automatic is None else f"{c.automatic:.1e}",)
    return (c.address, entries, f"{c.central:.1e}", *automatic, "" if c.agrees else f"DISAGREES, worst at {c.worst}")
