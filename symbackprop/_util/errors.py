"""Every deliberate exception. Each message is one line: place, problem, hint."""

from __future__ import annotations

from collections.abc import Iterable


class SymbackpropError(Exception):
    """A problem that the person who gave the input can mend.

    ``place`` says where (``spec.toml: layer[2].activation``), ``problem`` what, ``hint`` what to do about it.
    ``exit_code`` is what the command line ends with.
    """

    exit_code = 2

    def __init__(self, place: str, problem: str, hint: str = "") -> None:
        self.place = one_line(place)
        self.problem = one_line(problem)
        self.hint = one_line(hint)
        text = f"{self.place}: {self.problem}" if self.place else self.problem
        super().__init__(f"{text} ({self.hint})" if self.hint else text)


class SpecError(SymbackpropError):
    """The description of a network is wrong: unreadable, unknown words, shapes that do not fit."""


class AddressError(SymbackpropError, KeyError):
    """A name such as ``dE/dW_kl[1,2]`` is no quantity of this network. In Python it is also the error of a missing key."""

    __str__ = Exception.__str__


class FormulaError(SymbackpropError):
    """A formula in text form cannot be read."""


class DomainError(SymbackpropError):
    """A function is taken outside its domain: ln of 0 or of a negative number, a division by 0."""


class NotationError(SymbackpropError):
    """A notation is unknown, or its profile cannot be used."""


class OptionError(SymbackpropError):
    """What is asked of a page is not there: a language, a detail, a number of digits."""


class HandError(SymbackpropError):
    """A hand derivation cannot be read at all: no file, broken TOML, no figures."""


class UndecidedError(SymbackpropError):
    """A digit or a sign stays open at the highest working precision."""


class TemplateProblem(SymbackpropError):
    """A template or a sentence file cannot be used."""


class MissingTool(SymbackpropError):
    """An engine or a program that the wanted output needs is not on this machine, or it failed."""

    exit_code = 3


def one_line(text: str) -> str:
    """``text`` on one line, with control characters made visible."""
    flat = " ".join(text.split())
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in flat)


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint that names the known word nearest to ``word``, or lists them all."""
    words = list(known)
    close = closest(word, words)
    return f"did you mean {close!r}?" if close else "known: " + ", ".join(words)


def closest(word: str, known: Iterable[str]) -> str:
    """The known word that ``word`` is most like; empty if it is like none."""
    import difflib  # only where something is wrong

    return "".join(difflib.get_close_matches(word, known, n=1, cutoff=0.6))
