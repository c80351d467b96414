"""How a page is to be: a value that is checked when it is made, so that nothing wrong is found out in the middle of a page."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from symbackprop._util.errors import OptionError, TemplateProblem, nearest
from symbackprop._util.resources import check_language
from symbackprop.page.layout import Layout
from symbackprop.page.notation import Profile, load_profile
from symbackprop.spec import NetworkSpec

Detail = Literal["brief", "normal", "full"]
DETAILS: tuple[Detail, ...] = get_args(Detail)
MOST_DIGITS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOptions:
    """How the page of an exercise is to be.

    ``lang`` is one of ``languages()``, ``profile`` the notation. ``digits`` are the significant digits, the spec's where they
    are None. ``detail`` says how much of the way is written out, with ``full`` nothing of large matrices and long sums is left
    out. Without ``figures`` none are drawn. ``templates`` is a directory whose files replace templates and sentences of the
    same name, ``layout`` says how a PDF or a LaTeX page is set. Raises ``OptionError`` for a value that is none of these.
    """

    lang: str
    profile: Profile
    digits: int | None = None
    detail: Detail = "normal"
    full: bool = False
    figures: bool = True
    templates: Path | None = None
    layout: Layout = field(default_factory=Layout)

    def __post_init__(self) -> None:
        if self.templates is not None and not self.templates.is_dir():
            raise TemplateProblem(str(self.templates), "is no directory", "name a directory of templates and sentences")
        check_language(self.lang, self.templates)
        _among("detail", "detail", self.detail, DETAILS)
        _of_type("profile", self.profile, Profile, "a notation's profile")
        _of_type("full", self.full, bool, "True or False")
        _of_type("figures", self.figures, bool, "True or False")
        _of_type("layout", self.layout, Layout, "a Layout")
        if self.digits is not None:
            is_number = isinstance(self.digits, int) and not isinstance(self.digits, bool)
            if not is_number or not 1 <= self.digits <= MOST_DIGITS:
                raise OptionError("digits", f"{self.digits!r} where a whole number from 1 to {MOST_DIGITS} is due")


def page_options(
    spec: NetworkSpec,
    *,
    lang: str | None = None,
    notation: str | os.PathLike[str] | None = None,
    digits: int | None = None,
    detail: Detail = "normal",
    full: bool = False,
    templates: str | os.PathLike[str] | None = None,
    layout: Layout | None = None,
) -> PageOptions:
    """The options of a page about ``spec``, as a person names them; language and notation are the spec's where they are None.

    ``notation`` is one of ``profile_names()`` or a profile's file. Raises ``SymbackpropError`` for what there is not.
    """
    return PageOptions(
        lang=spec.lang if lang is None else lang,
        profile=load_profile(spec.notation, Path(spec.source).parent) if notation is None else _profile(notation),
        digits=digits,
        detail=detail,
        full=full,
        templates=None if templates is None else Path(_path("templates", templates)),
        layout=layout or Layout(),
    )


def _profile(notation: str | os.PathLike[str]) -> Profile:
    return load_profile(_path("notation", notation))


def _path(place: str, value: Any) -> str:
    if not isinstance(value, (str, os.PathLike)):
        raise OptionError(place, f"{value!r} where a name or a path is due")
    return os.fsdecode(value)


def _among(place: str, what: str, value: object, known: tuple[str, ...]) -> None:
    if value not in known:
        raise OptionError(place, f"unknown {what} {value!r}", nearest(str(value), known))


def _of_type(place: str, value: object, wanted: type, words: str) -> None:
    if not isinstance(value, wanted):
        raise OptionError(place, f"{value!r} where {words} is due")
