"""Templates: ours, each of which a file of the same name in another directory can replace.

Ours are compiled beforehand (``compiling.py``). Where one of them is not the one that was compiled, or where a user has
templates, Jinja2 reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from symbackprop._util.errors import TemplateProblem
from symbackprop._util.resources import template_path
from symbackprop._util.session import kept

Compiled = Callable[[Mapping[str, Any], "Callable[..., Compiled]"], Iterator[str]]
"""The pieces of a template's text, of its values and of what gives the compiled form of the templates that it includes."""


def fill(name: str, overrides: Path | None, **values: Any) -> str:
    """The template ``name`` with its values. Raises ``TemplateProblem`` for a template that cannot be used."""
    if overrides is not None and not overrides.is_dir():
        raise TemplateProblem(
            str(overrides), "is no directory", "--templates names a directory of templates and sentences"
        )
    if overrides is None or not any(overrides.rglob("*.j2")):
        try:
            return "".join(_compiled(name)(values, _compiled))
        except _ChangedError:
            pass  # one of ours was changed after it was compiled
    from symbackprop.render.jinja import fill as fill_by_jinja  # 23 ms that most pages need not wait for

    return fill_by_jinja(name, overrides, values)


def plain(name: str, overrides: Path | None) -> str:
    """The text of a file that is no template: a style sheet, a script. It can be replaced like one."""
    path = template_path(name)
    if overrides is not None and (overrides / name).is_file():
        path = overrides / name
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateProblem(str(path), str(error), "a text in UTF-8 is due") from None


def text_hash(name: str) -> str:
    """What a compiled template is known by."""
    return sha256(template_path(name).read_bytes()).hexdigest()


class _ChangedError(Exception):
    """A template is not the one that was compiled."""


@kept(most=64)
def _compiled(*names: str) -> Compiled:
    """The compiled form of the first template of ours that there is."""
    from symbackprop.render.compiled import TEMPLATES  # what compiles the templates does without

    name = next((name for name in names if name in TEMPLATES or template_path(name).is_file()), "")
    known, function = TEMPLATES.get(name, ("", None))
    try:
        if function is not None and text_hash(name) == known:
            return function
    except OSError:
        pass  # Jinja2 says that it is not there
    raise _ChangedError
