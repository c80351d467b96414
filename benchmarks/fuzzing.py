"""The reader of pages against inputs that nobody would write: ``python -m benchmarks.fuzzing --count 1000000``.

Pieces of real pages are cut, doubled, put together and spoiled by strange signs, and read in every notation; now and then the
whole check is made. Nothing may crash, take two seconds, or need half a gigabyte. Prints what it met, and ends with 1 if
something did.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from pathlib import Path

from symbackprop import derive, load_spec
from symbackprop._util.errors import SymbackpropError
from symbackprop.check.claims import read_page
from symbackprop.check.engine.conventions import check_with_conventions
from symbackprop.check.engine.plan import true_values
from symbackprop.page.notation import Notation, load_profile, profile_names

MOST_SECONDS, MOST_MEGABYTES = 2.0, 512
CHECKED = 50
"""One input in so many is judged too, not only read."""
STRANGE = (
    r"\frac{ } { }{ ^ _ ( ) [ ] = & \\ $ $$ \[ \] ``` | \left[ \right] \partial \sum_{i} \cdot \text{ - + * / ' "
    r"\begin{bmatrix} \end{bmatrix} \begin{align} \end{align} e^{ 1e-5 1e999999 0{,}5 9999 中 ∂"
)
SIGNS = [*STRANGE.split(" "), "\n", "\x00", "\ud7ff", "\u202e"]


def seeds() -> list[str]:
    """Lines and formulas of real pages."""
    texts = [Path(f"examples/published.{suffix}").read_text(encoding="utf-8") for suffix in ("md", "tex")]
    texts.append(derive("examples/document.toml", lang="en").to_markdown())
    return [piece for text in texts for piece in (*text.split("\n\n"), *text.split("\n")) if piece.strip()]


def mutated(chance: random.Random, pieces: list[str]) -> str:
    """A short page."""
    text = chance.choice(pieces)[: chance.choice((40, 120, 400))]
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(text))
        to = min(len(text), at + chance.randint(0, 12))
        kind = chance.random()
        if kind < 0.4:
            middle = "".join(chance.choice(SIGNS) for _ in range(chance.randint(1, 4)))
        elif kind < 0.6:
            middle = text[at:to] * chance.choice((0, 2, 30))
        elif kind < 0.8:
            middle = chance.choice(pieces)[:60]
        else:
            middle = "".join(
                chr(chance.choice((chance.randint(32, 126), chance.randint(160, 0xD7FF)))) for _ in range(3)
            )
        text = text[:at] + middle + text[to:]
    return text if chance.random() < 0.3 else f"$${text}$$"


def main() -> None:
    """Reads them all."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--count", type=int, default=10_000)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    chance, pieces, spec = random.Random(options.seed), seeds(), load_spec("examples/document.toml")
    notations = [Notation(true_values(spec).derivation, load_profile(name)) for name in profile_names()]
    slowest, failed, refused = 0.0, 0, 0
    for number in range(1, options.count + 1):
        text, suffix = mutated(chance, pieces), chance.choice((".md", ".tex", ".ipynb")[: 3 if number % 20 == 0 else 2])
        start = time.process_time()
        try:
            claims = read_page(text, suffix, "page", chance.choice(notations)).claims
            if number % CHECKED == 0:
                check_with_conventions(spec, claims, "page")
        except SymbackpropError:
            refused += 1
        except Exception as error:
            failed += 1
            print(f"{number}: {error!r}: {suffix} {text!r}", flush=True)
        taken = time.process_time() - start
        slowest = max(slowest, taken)
        if taken > MOST_SECONDS:
            failed += 1
            print(f"{number}: {taken:.1f} s: {suffix} {text!r}", flush=True)
        if number % 10_000 == 0:
            print(f"{number} read, {failed} failed", file=sys.stderr, flush=True)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{options.count} inputs: {failed} failed, {refused} refused, slowest {slowest:.2f} s, {memory:.0f} MB")
    sys.exit(failed > 0 or memory > MOST_MEGABYTES)


if __name__ == "__main__":
    main()
