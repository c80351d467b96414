"""Draws the random networks of the golden net anew: ``python -m tests.golden.drawing``; then keep the hashes of their pages.

The networks are kept, not drawn in each run, as Hypothesis draws others when its version or our own source changes.
"""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.golden.making import NETWORKS
from tests.networks import PARAMETERS, TRAINING, specs

SEED, NUMBER = 10, 200
VARIANTS: tuple[dict[str, Any], ...] = (
    {},
    {"steps": 3},
    {"rounding": {"mode": "sequential", "decimals": 4}},
    {"digits": 9, "conventions": {"relu_at_zero": "1/2"}},
    {"layer": {"frozen": True}},
    {"layer": {"activation": "z / (1 + |z|)"}},
    {"epochs": 2, "batch_size": 1},
    {"layer": {"activation": "z if z > 0 else 0.1*z", "frozen": "weights"}},
)
"""What a spec may say besides what the generator draws; ``layer`` is of the first layer, if it is hidden."""


def drawn() -> list[dict[str, Any]]:
    """As many different networks as are wanted, and the usual small ones that Hypothesis begins with left out."""
    found: dict[str, dict[str, Any]] = {}

    @seed(SEED)
    @settings(
        max_examples=2 * NUMBER,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(specs())
    def collect(spec: dict[str, Any]) -> None:
        found[json.dumps(spec)] = spec

    collect()
    return list(found.values())[-NUMBER:]


def varied(spec: dict[str, Any], number: int) -> dict[str, Any]:
    """The network with a rule of the update and a variant, each in turn."""
    training, variant = TRAINING[number % len(TRAINING)], dict(VARIANTS[number % len(VARIANTS)])
    layer = variant.pop("layer", {})
    if "batch_size" in variant and not isinstance(spec["input"][0], list):
        variant = {"steps": 2}
    first, *others = spec["layer"]
    if others:
        if "activation" in layer:
            first = {k: v for k, v in first.items() if k not in PARAMETERS.values()}
        first = first | layer
    update = spec["update"] | training.get("update", {})
    return spec | training | variant | {"update": update, "layer": [first, *others]}


def main() -> None:
    """Writes a network a line."""
    rows = [
        f'"r{number:03}":{json.dumps(varied(spec, number), separators=(",", ":"))}'
        for number, spec in enumerate(drawn())
    ]
    NETWORKS.write_text("{" + ",\n".join(rows) + "}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
