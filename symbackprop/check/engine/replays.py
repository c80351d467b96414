"""The replays of what is written so far that a verdict asks, one for each policy."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from symbackprop.check.engine.cells import Key, Place
from symbackprop.check.engine.plan import Plan
from symbackprop.check.engine.replay import Memo, Policy, Replay, Taken
from symbackprop.check.engine.written import WrittenCell, WrittenValues

SOUND = Policy(Taken.NOTHING)
USED = Policy(Taken.ALL)
DIGITS = Policy(Taken.COMPUTED, exact=True)
SOUND_DIGITS = Policy(Taken.NOTHING, exact=True)


class Replays:
    """All of them. Nothing in them changes: when more is written, ``with_cells`` gives others.

    ``sound`` recomputes wrong figures, ``used`` takes them as they are written; ``digits`` (without miscopied data) and
    ``sound_digits`` do so from digits alone. ``truth`` are the true values.
    """

    def __init__(self, written: WrittenValues, memos: dict[Policy, Memo] | None = None) -> None:
        self.written, self.plan = written, written.plan
        self.truth = self.plan.truth
        self._memos = {} if memos is None else memos
        self.sound, self.used = self._by(SOUND), self._by(USED)
        self.digits, self.sound_digits = self._by(DIGITS), self._by(SOUND_DIGITS)
        self._without_some: dict[frozenset[Key], Replay] = {}

    @classmethod
    def of(cls, plan: Plan) -> Replays:
        """Those of a derivation of which nothing is written yet."""
        return cls(WrittenValues(plan))

    def with_cells(self, cells: Iterable[tuple[Key, Place, WrittenCell]]) -> Replays:
        """Those when these cells are written, too. They share what is known: it holds as long as the cells behind it do."""
        return Replays(self.written.with_cells(cells), self._memos)

    def faulty(self, of: Collection[Key]) -> Iterator[Replay]:
        """Replays that take wrong figures as written: all of them, all but the data, all but one, the last one first.

        Of these only the ones that differ in the quantities ``of``.
        """
        yield self.used
        faulty = self.written.faulty
        data = frozenset(key for key in faulty if key[0] in self.plan.data)
        base, left_out = self.used, frozenset[Key]()
        if data and len(data) < len(faulty):
            base, left_out = self._without(data, base, data), data
            if self._goes_into(data, of):
                yield base
        for key in reversed(faulty) if len(faulty) > 1 else ():
            changed = (data | {key}) - left_out
            if self._goes_into(changed, of):
                yield self._without(data | {key}, base, changed)

    def has_faults_behind(self, of: Collection[Key]) -> bool:
        """Whether one of the quantities depends on a wrong figure."""
        return self._goes_into(self.written.faulty, of)

    def _goes_into(self, changed: Collection[Key], of: Collection[Key]) -> bool:
        """Whether one of the quantities ``of`` depends on what is changed."""
        return any(self.plan.leads_to(one, key) for one in changed for key in of)

    def _without(self, but: frozenset[Key], parent: Replay, changed: frozenset[Key]) -> Replay:
        """The replay that recomputes the quantities ``but``."""
        if but not in self._without_some:
            policy = Policy(Taken.ALL, but)
            memo = self._memos.setdefault(policy, Memo())
            self._without_some[but] = Replay(self.written, policy, parent=parent, changed=changed, memo=memo)
        return self._without_some[but]

    def _by(self, policy: Policy) -> Replay:
        return Replay(self.written, policy, memo=self._memos.setdefault(policy, Memo()))
