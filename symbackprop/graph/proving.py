"""The proofs of a network's operations: here, or by a process of their own while this one puts in the numbers.

Loading SymPy takes longer than everything else that a small network needs, and nothing waits for it but the proofs. So the
command line starts a process for them first of all, goes on, and writes nothing before they are done.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from subprocess import Popen

    from symbackprop.graph.network import Network
    from symbackprop.ops.activations import Activation
    from symbackprop.ops.losses import Loss

START = "import sys; sys.path[:] = sys.argv[1:]; from symbackprop.graph.proving import serve; serve()"
PROVEN = b"proven"
COMMANDS = frozenset({"derive", "value"})
HELP = frozenset({"-h", "--help"})
_READY: list[Popen[bytes]] = []


class Prove(Protocol):
    """What proves the closed forms of a network, now or later. Raises ``ProofError``."""

    def __call__(self, network: Network) -> None: ...


def prove_network(network: Network) -> None:
    """SymPy differentiates the law of every operation that the network uses, and proves the closed forms."""
    _prove(network.loss, [layer.activation for layer in network.layers])


def _prove(loss: Loss, activations: list[Activation]) -> None:
    from symbackprop.ops.proof import prove_activation, prove_loss

    prove_loss(loss)
    for activation in activations:
        prove_activation(activation)


@contextmanager
def process_for(arguments: Sequence[str]) -> Iterator[None]:
    """Starts the process before anything else is loaded, if the command line names a command that proves."""
    wanted = bool(arguments) and arguments[0] in COMMANDS and not HELP.intersection(arguments)
    process = _started() if wanted and "sympy" not in sys.modules and _cores() > 1 else None
    _READY.extend([process] if process else [])
    try:
        yield
    finally:
        _READY.clear()
        if process:
            process.kill()
            process.wait()


@contextmanager
def proving_beside() -> Iterator[Prove]:
    """Proofs by the process that was started for them; at the end of the block they are done.

    What that process cannot prove, for whatever reason, this one proves again: it says what is wrong. With a single core, or
    with SymPy loaded already, there is no such process, and all is done here.
    """
    process = _READY.pop() if _READY else None
    if process is None:
        yield prove_network
        return
    asked: list[Network] = []
    yield lambda network: _ask(process, network, asked)
    answer = b""
    with suppress(OSError, ValueError):
        answer = process.communicate()[0]
    if answer != PROVEN:
        for network in asked:
            prove_network(network)


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _started() -> Popen[bytes] | None:
    """A process that loads SymPy; None where none can be started."""
    from subprocess import DEVNULL, PIPE, Popen

    try:
        command = [sys.executable, "-P", "-S", "-c", START, *sys.path]
        return Popen(command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL)  # noqa: S603  this interpreter, with START
    except OSError:
        return None


def _ask(process: Popen[bytes], network: Network, asked: list[Network]) -> None:
    """Hands the operations of ``network`` to the process."""
    import pickle

    asked.append(network)
    operations = (network.loss, [layer.activation for layer in network.layers])
    assert process.stdin is not None
    with suppress(OSError):  # a process that has ended proves nothing, and is found out by its answer
        process.stdin.write(pickle.dumps(operations))
        process.stdin.flush()


def serve() -> None:
    """What the process does: loads SymPy, reads the operations of its parent, proves them, and says so."""
    import gc
    import pickle

    gc.disable()
    import sympy

    assert sympy
    operations: Any = pickle.load(sys.stdin.buffer)  # noqa: S301  from the process that started this one
    _prove(*operations)
    sys.stdout.buffer.write(PROVEN)
    sys.stdout.flush()
    os._exit(0)  # nothing is left to do, and Python would take a tenth of SymPy's loading time to clear it away
