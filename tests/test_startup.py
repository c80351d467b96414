"""A command loads what it needs: whole modules that would cost as much as a page are not among it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click import Context

from symbackprop.cli.commands import COMMANDS
from symbackprop.cli.main import main

EXAMPLE = "examples/document.toml"
HEAVY = {"sympy", "mpmath", "jinja2", "logging", "urllib.request", "email", "html", "subprocess", "tempfile", "pickle"}
HEAVY |= {"concurrent.futures", "fontTools", "numpy", "torch"}
PROGRAM = """
import sys
from symbackprop.cli.main import main
try:
    main(sys.argv[1:], standalone_mode=False)
except SystemExit as end:
    assert end.code in (0, 1)
print("\\n", *sys.modules)
"""


def loaded(*arguments: str) -> set[str]:
    """The modules of a process that ran the command."""
    command = [sys.executable, "-c", PROGRAM, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    "arguments",
    [
        ["derive", EXAMPLE, "--to", "md,tex,pdf,typ,beamer,slides"],
        ["value", EXAMPLE, "E"],
        ["check", EXAMPLE, "examples/published.md"],
    ],
)
def test_what_a_command_does_not_load(arguments: list[str], tmp_path: Path) -> None:
    out = ["-o", str(tmp_path)] if arguments[0] == "derive" else []
    assert not loaded(*arguments, *out) & HEAVY


def test_help_loads_no_command_and_a_command_no_other() -> None:
    homes = {f"symbackprop.cli.{home.partition('.')[0]}" for home, _ in COMMANDS.values()}
    assert not loaded("--help") & homes
    assert loaded("notations") & homes == {"symbackprop.cli.notations"}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_list_is_there(name: str) -> None:
    command = main.get_command(Context(main), name)
    assert command is not None and command.name == name and command.help
