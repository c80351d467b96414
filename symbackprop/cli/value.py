"""``symbackprop value SPEC ADDRESS…``: single numbers."""

from __future__ import annotations

import re
from typing import Any

import click

from symbackprop._util import progress
from symbackprop.cli.shared import load

UNDECIDED = "not decided: it rests on a number that no precision tells from 0, or from the middle of two figures"
NEGATIVE = re.compile(r"-[^-h]|-h.")


class WithNegatives(click.Command):
    """A command whose arguments may begin with a minus sign: ``-dE/dO_in`` is an address, not a row of options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Puts a space before what begins with a single ``-`` and is more than ``-h``; an address may have one."""
        end = args.index("--") if "--" in args else len(args)
        shielded = [f" {word}" if NEGATIVE.match(word) else word for word in args[:end]]
        return super().parse_args(ctx, [*shielded, *args[end:]])


@click.command(cls=WithNegatives)
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
      symbackprop value examples/document.toml -dE/dO_in "O_out - y" "lr*dE/dW_kl" E@100
    """
    import json

    from symbackprop.evaluate.lookup import is_undecided

    with progress.shown():
        example = load(spec, digits or (17 if form == "json" else 10), None, None)
        figures = {address.strip(): example[address.strip()].text for address in addresses}
        undecided = [address for address in figures if is_undecided(example.precise, address)]
    for address in undecided:
        click.echo(f"symbackprop: {address}: {UNDECIDED}", err=True)
    if form == "json":
        click.echo(json.dumps(figures, ensure_ascii=False, indent=1))
        return
    for address, figure in figures.items():
        click.echo(f"{address} = {_as_text(figure)}")


def _as_text(figure: Any) -> str:
    return figure if isinstance(figure, str) else "[" + ", ".join(map(_as_text, figure)) + "]"
