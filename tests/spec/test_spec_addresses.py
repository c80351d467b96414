"""Whatever names a spec is allowed to have, every address of its network is read back as what it says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symbackprop._util.errors import SpecError
from symbackprop.backprop import derive_network
from symbackprop.backprop.address import Place, read_address
from symbackprop.graph.load import load_spec
from symbackprop.graph.network import Network, build_network

PARTS = [
    *"ab12_@'[](),/*^-+∂W#%.|~<\"\\{} ",
    "d",
    "E",
    "E_",
    "in",
    "out",
    "lr",
    "x",
    "y",
    "diag(",
    "dE/d",
    "@1",
    "[1]",
    "W1",
    "隐",
]
NAMES = st.lists(st.sampled_from(PARTS), min_size=1, max_size=4).map("".join)
USUAL = ("x", "y", "h1", "W1", "b1", "O", "W2")


def network(names: list[str]) -> Network:
    square = [[1, 1], [1, 1]]
    values = {
        "input": [1, 1],
        "input_name": names[0],
        "target": [1, 1],
        "target_name": names[1],
        "learning_rate": 1,
        "loss": "squared_error",
        "layer": [
            {"name": names[2], "weight": names[3], "bias": names[4], "activation": "tanh", "W": square, "b": [1, 1]},
            {"name": names[5], "weight": names[6], "activation": "tanh", "W": square},
        ],
    }
    return build_network(load_spec(values))


def addresses(net: Network) -> Iterator[tuple[str, Place]]:
    """Addresses as the program writes them, and what each says."""
    names = [net.input, net.target, "E", "E_l", "lr"]
    for layer in net.layers:
        names += [name for name in (layer.pre, layer.out, layer.weight, layer.bias) if name]
    for a in names:
        yield a, Place(a)
        yield f"{a}[1,2]", Place(a, index=(1, 2))
        yield f"{a}'", Place(a, step=1)
        yield f"{a}@3", Place(a, step=3)
        for b in names:
            yield f"d{a}/d{b}", Place(a, by=b)
            yield f"d{a}[1]/d{b}[2,1]", Place(a, of_index=(1,), by=b, index=(2, 1))
            yield f"diag(d{a}/d{b})", Place(a, by=b, diagonal=True)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.integers(0, 6), NAMES, min_size=1, max_size=3))
@pytest.mark.slow
def test_every_address_is_read_back(hostile: dict[int, str]) -> None:
    names = [hostile.get(place, name) for place, name in enumerate(USUAL)]
    try:
        net = network(names)
    except SpecError:
        assume(False)
    derivation = derive_network(net)
    for text, meant in addresses(net):
        assert read_address(text, derivation) == meant
