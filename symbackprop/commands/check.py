"""``symbackprop check SPEC HAND``: the verdict on a hand derivation."""

from __future__ import annotations

import click


@click.command()
@click.argument("spec", metavar="SPEC", type=click.Path())
@click.argument("hand", metavar="HAND", type=click.Path())
@click.option(
    "--to", "form", type=click.Choice(("text", "json")), default="text", show_default=True, help="How to print."
)
@click.option("--all", "everything", is_flag=True, help="Show the right lines too.")
def check(spec: str, hand: str, form: str, everything: bool) -> None:
    """Check the hand derivation HAND (a figure file, TOML or JSON) of the network SPEC, line by line.

    The exit code is 0 if all lines are right (rounding is no mistake), 1 if there are mistakes, 2 for bad input.

    \b
    Examples:
      symbackprop check examples/document.toml examples/published.toml
      symbackprop check examples/document.toml examples/published.toml --to json > report.json
    """
    from symbackprop.check import check as run_check
    from symbackprop.check.text import as_text

    report = run_check(spec, hand)
    click.echo(report.to_json() if form == "json" else as_text(report, everything=everything), nl=form == "json")
    if report.has_mistakes:
        raise SystemExit(1)
