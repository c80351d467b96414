"""``symbackprop new NAME.toml``: a commented spec to start from."""

from __future__ import annotations

from pathlib import Path

import click

from symbackprop._util.errors import SymbackpropError
from symbackprop.cli.shared import language


@click.command()
@click.argument("path", metavar="NAME.toml", type=click.Path(path_type=Path))
@language("comments")
@click.option("--force", is_flag=True, help="Replace a file that exists.")
def new(path: Path, lang: str, force: bool) -> None:
    """Write a commented spec to start from.

    \b
    Example:
      symbackprop new net.toml && symbackprop derive net.toml
    """
    from symbackprop._util.files import write_whole
    from symbackprop.spec import starter_spec

    if path.exists() and not force:
        raise SymbackpropError(str(path), "exists already", "take another name, or --force to replace it")
    write_whole(path, starter_spec(path.stem, lang))
    click.echo(f"wrote {path}; now: symbackprop derive {path}")
