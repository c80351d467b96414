"""``symbackprop mistakes``: all mistakes that ``check`` recognises."""

from __future__ import annotations

import click

from symbackprop.cli.shared import language


@click.command()
@language("sentences")
@click.option(
    "--to", "form", type=click.Choice(("text", "md", "json")), default="text", show_default=True, help="How to print."
)
def mistakes(lang: str, form: str) -> None:
    """List the mistakes that check recognises, each with a sentence and an example.

    \b
    Examples:
      symbackprop mistakes --lang zh
      symbackprop mistakes --to md > docs/mistakes.md
    """
    from symbackprop.check.report import rules

    text = rules.as_json() if form == "json" else rules.as_markdown(lang) if form == "md" else rules.as_text(lang)
    click.echo(text, nl=False)
