"""Terms of a sum in another order than the law's: a sum does not depend on it, so nobody is accused because of it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from symbackprop.check.claims import Role
from symbackprop.check.engine.judge import judge
from symbackprop.check.engine.lines import overlaps, term_item, terms_of
from symbackprop.check.engine.parts import Part
from symbackprop.check.engine.replays import Replays
from symbackprop.check.model import SOUND, Verdict

MOST = 12
"""Sums of more terms are taken in the law's order."""


def reorder_terms(parts: Iterable[Part], replays: Replays) -> None:
    """Gives written terms that are no terms at their places the places of others that they are, where all find one."""
    written = [part for part in parts if part.claim.role is Role.TERMS and part.item is not None]
    for _, group in groupby(written, key=lambda part: part.index):
        wrong = [part for part in group if part.verdict is Verdict.MISTAKE]
        if 1 < len(wrong) <= MOST:
            _reorder(wrong, replays)


def _reorder(wrong: list[Part], replays: Replays) -> None:
    terms = terms_of(wrong[0].topic, wrong[0].index, replays.plan)
    free = [part.term for part in wrong]
    found = []
    for part in wrong:
        assert part.interval is not None
        matches = overlaps(part.interval)
        for k in free:
            item = term_item(part.topic, terms[k - 1], part.claim.text, matches, replays.plan)
            judged = judge(item, replays)
            if judged.verdict in SOUND:
                found.append((part, item, judged))
                free.remove(k)
                break
        else:
            return
    for part, item, judged in found:
        part.item, part.judged, part.verdict = item, judged, judged.verdict
