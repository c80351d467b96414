"""``python -m symbackprop``, and what the installed command starts."""

import os
import sys

INTERRUPTED = 130


def run() -> None:
    """The command line. An interruption, also while it is still being loaded, is one line and the exit code 130."""
    try:
        from symbackprop.proving import process_for

        with process_for(sys.argv[1:]):
            from symbackprop.cli import run as run_cli

            run_cli()
    except KeyboardInterrupt:
        sys.stderr.write("symbackprop: interrupted; no file was left half-written\n")
        sys.stderr.flush()
        os._exit(
            INTERRUPTED
        )  # an interruption inside exec(), as dataclasses are made, would still end Python by the signal


if __name__ == "__main__":
    run()
