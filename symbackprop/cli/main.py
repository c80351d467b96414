"""The command line: arguments, progress and exit codes; nothing else. Nothing heavy is imported before it is needed."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

import click

from symbackprop._util.errors import SymbackpropError
from symbackprop._util.version import __version__
from symbackprop.cli.commands import Commands


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, "--version", prog_name="symbackprop")
def main() -> None:
    """Derive forward propagation and backpropagation of a dense network, step by step.

    \b
    Examples:
      symbackprop derive examples/document.toml                the derivation as Markdown, LaTeX and PDF in output/
      symbackprop derive net.toml --to pdf --lang en -o notes  only the PDF, in English
      symbackprop value net.toml "dE/dW_kl[1,2]" E E@10        single numbers, also after 10 updates
      symbackprop new net.toml                                 a commented file to start from

    Shell completion: run  _SYMBACKPROP_COMPLETE=bash_source symbackprop  and put what it prints into ~/.bashrc
    (zsh_source and fish_source likewise).
    """


def run() -> None:
    """The entry point: runs the command line and turns every deliberate error into one line and an exit code.

    Raises ``KeyboardInterrupt``, which ``__main__`` answers.
    """
    try:
        main(standalone_mode=False)
    except SymbackpropError as error:
        _stop(str(error), error.exit_code)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "symbackprop"
        _stop(f"{error.format_message()} (see {command} --help)", 2)
    except click.ClickException as error:
        _stop(error.format_message(), 2)
    except click.Abort:
        raise KeyboardInterrupt from None
    except BrokenPipeError:
        _drop_output()
        sys.exit(0)
    except OSError as error:
        _drop_output()
        _stop(f"{error.filename or 'standard output'}: {(error.strerror or str(error)).lower()}", 2)
    except UnicodeEncodeError as error:
        _drop_output()
        problem = f"{error.object[error.start]!r} cannot be written in {error.encoding}"
        _stop(f"standard output: {problem} (set PYTHONIOENCODING=utf-8, or write to a file with -o)", 2)
    except Exception:
        sys.excepthook(*sys.exc_info())
        sys.exit(2)  # Python's own 1 would say that a check found mistakes


def _drop_output() -> None:
    """Standard output takes no more: what is left in its buffers goes nowhere, so that Python ends without a word."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _stop(message: str, code: int) -> None:
    with suppress(OSError):
        click.echo(f"symbackprop: {message}", err=True)
    sys.exit(code)
