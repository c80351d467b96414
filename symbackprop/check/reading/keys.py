"""Names as written → keys: what all names of one manner have in common, and the numbers in them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from symbackprop._util.session import kept
from symbackprop.check.claims.forms import spelled
from symbackprop.check.claims.nodes import Name

NEW = re.compile(
    r"(?:^|(?<=[^a-z]))(?:new|neu|nuev[oa]|nov[oa]|novo|updated?|next|t\+1|n\+1|k\+1)(?=$|[^a-z])|\+|\*|\bast\b|'|更新|新|(?<=\d)n$",
    re.IGNORECASE,
)
OLD = re.compile(
    r"(?:^|(?<=[^a-z]))(?:old|alt|viejo|prev(?:ious)?|initial|init|velho|antigo|current)(?=$|[^a-z])|旧", re.IGNORECASE
)
DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Key:
    """Base, accent and scripts, with # for numbers."""

    base: str
    accent: str = ""
    sub: str = ""
    sup: str = ""

    @property
    def slots(self) -> int:
        """How many numbers the name has."""
        return (self.base + self.sub + self.sup).count("#")

    def __str__(self) -> str:
        text = self.base.removeprefix("words:")
        text = {"hat": text + "^", "delta": "Δ" + text}.get(self.accent, text)
        return text + (f"_{self.sub}" if self.sub else "") + (f"^{self.sup}" if self.sup else "")

    def shown(self, slots: tuple[str, ...]) -> str:
        """The name with its numbers."""
        text = str(self)
        for number in slots:
            text = text.replace("#", number, 1)
        return text


@dataclass(frozen=True, slots=True)
class Written:
    """A name on the page: its key, its numbers, and whether it is marked as new or as old."""

    key: Key
    slots: tuple[str, ...]
    is_new: bool = False
    is_old: bool = False


@kept(most=20_000)
def written(name: Name) -> Written:
    """The key of a name."""
    base, sub, sup = spelled(name.base), spelled(name.sub), spelled(name.sup)
    is_new = name.primes > 0
    is_old = False
    if name.base.startswith("words:"):
        base = name.base
    else:
        texts = []
        for text in (sub, sup):
            is_new = is_new or bool(NEW.search(text))
            is_old = is_old or bool(OLD.search(text))
            texts.append(OLD.sub("", NEW.sub("", text)))
        sub, sup = texts
        found = NEW.search(base) if re.search(r"\d", base) else None
        if found:
            base, is_new = NEW.sub("", base), True
    slots = tuple(DIGITS.findall(base) + DIGITS.findall(sub) + DIGITS.findall(sup))
    key = Key(*(DIGITS.sub("#", text) for text in (base, name.accent, _tidy(sub), _tidy(sup))))
    return Written(key, slots, is_new, is_old)


def _tidy(text: str) -> str:
    """Without brackets that hold nothing, and commas at the ends."""
    return re.sub(r"[\[({][\])}]", "", text).strip(",_ ")
