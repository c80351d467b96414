"""``python -m symbackprop``, and what the installed command starts."""

import os
import signal
import sys

INTERRUPTED = 130
PATIENCE = 1.0
"""Python drops an interruption that meets it in a finaliser, or in the callback of a weak reference, as imports have them;
after so many seconds it is repeated."""
_ANSWERED: list[bool] = []


def run() -> None:
    """The command line. An interruption, also while it is still being loaded, is one line and the exit code 130."""
    try:
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, _interrupt)
            sys.unraisablehook = _dropped
        from symbackprop.cli.main import run as run_cli

        run_cli()
    except KeyboardInterrupt:
        _ANSWERED.append(True)
        sys.stderr.write("symbackprop: interrupted; no file was left half-written\n")
        sys.stderr.flush()
        os._exit(
            INTERRUPTED
        )  # an interruption inside exec(), as dataclasses are made, would still end Python by the signal


def _interrupt(*_: object) -> None:
    import threading

    threading.Thread(target=_insist, daemon=True).start()
    raise KeyboardInterrupt


def _insist() -> None:
    import _thread
    import threading
    import time

    time.sleep(PATIENCE)
    if _ANSWERED:
        return
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)  # also wakes the thread up
    else:
        _thread.interrupt_main()


def _dropped(problem: "sys.UnraisableHookArgs") -> None:
    """Nothing about an interruption, which is repeated; about anything else what Python says."""
    if not issubclass(problem.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(problem)


if __name__ == "__main__":
    run()
