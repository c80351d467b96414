"""Jinja2, for templates of a user's, and to compile ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2
import jinja2.sandbox

from symbackprop._util.errors import TemplateProblem
from symbackprop._util.resources import templates_directory
from symbackprop._util.session import kept

LATEX_MARKS = {
    "block_start_string": "((*",
    "block_end_string": "*))",
    "variable_start_string": "(((",
    "variable_end_string": ")))",
    "comment_start_string": "((=",
    "comment_end_string": "=))",
}


def fill(name: str, overrides: Path | None, values: dict[str, Any]) -> str:
    """The template ``name`` with its values. Raises ``TemplateProblem`` for a template that cannot be used."""
    try:
        return environment(".tex" in name, overrides).get_template(name).render(values)
    except jinja2.TemplateSyntaxError as error:
        raise TemplateProblem(f"{error.filename or error.name}:{error.lineno}", str(error.message)) from None
    except jinja2.TemplateNotFound as error:
        raise TemplateProblem(str(overrides or name), f"there is no template {error.name!r}") from None
    except jinja2.TemplateError as error:
        raise TemplateProblem(name, str(error.message), "a template may only use what ours use") from None
    except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        raise TemplateProblem(name, str(error), "a template may only use what ours use") from None


class _Environment(jinja2.sandbox.SandboxedEnvironment):
    """Ours do not change while the program runs, and a page includes one for each of its blocks: each is looked for once."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.known: dict[str, jinja2.Template] = {}

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> jinja2.Template:
        """The template ``name``."""
        if self.auto_reload:
            return super().get_template(name, parent, globals)
        if name not in self.known:
            self.known[name] = super().get_template(name, parent, globals)
        return self.known[name]

    def getattr(self, obj: Any, attribute: str) -> Any:
        """``block.rows``: what templates place are mappings, which are asked for their keys first."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


@kept(most=16)
def environment(latex: bool, overrides: Path | None) -> jinja2.Environment:
    """The templates of one family. What they place is text already; they escape nothing."""
    directories = [str(d) for d in (overrides, templates_directory()) if d is not None]
    marks: dict[str, Any] = LATEX_MARKS if latex else {}
    return _Environment(
        loader=jinja2.FileSystemLoader(directories),
        undefined=jinja2.StrictUndefined,
        autoescape=False,
        auto_reload=overrides is not None,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        **marks,
    )
