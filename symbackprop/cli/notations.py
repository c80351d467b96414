"""``symbackprop notations``: the notations that pages can be written in."""

from __future__ import annotations

import click

from symbackprop.cli.shared import language


@click.command()
@language("titles")
def notations(lang: str) -> None:
    """List the notations that come with symbackprop; a profile of your own is a .toml file.

    \b
    Example:
      symbackprop notations
    """
    from symbackprop.page.notation.profile import load_profile, profile_names

    for name in profile_names():
        click.echo(f"{name:<12}{load_profile(name).title(lang)}")
