"""The commands, each loaded when it is called: ``--help`` lists them without, and a command does not wait for the others."""

from __future__ import annotations

from importlib import import_module

import click

COMMANDS: dict[str, tuple[str, str]] = {
    "derive": ("derive.derive", "Derive the network of SPEC, and write its pages."),
    "value": ("value.value", "Print numbers: quantities, entries, derivatives, expressions of them."),
    "check": ("check.check", "Check hand derivations of the network of SPEC, line by line."),
    "mistakes": ("mistakes.mistakes", "List the mistakes that check recognises, each with an example."),
    "verify": ("verify.verify", "Compute every gradient of SPEC by three routes, and compare."),
    "new": ("new.new", "Write a commented spec to start from."),
    "notations": ("notations.notations", "List the notations of books that pages can be written in."),
    "import": ("importing.import_model", "Write a spec of the dense layers of a PyTorch or an ONNX model."),
}
"""Name → where it is, and a line about it."""


class Commands(click.Group):
    """A group of these commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, loaded now."""
        if cmd_name not in COMMANDS:
            return None
        module, _, function = COMMANDS[cmd_name][0].partition(".")
        command: click.Command = getattr(import_module(f"symbackprop.cli.{module}"), function)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the list of ``--help``."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in COMMANDS.items()])
