"""`cmpolicy completion`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class
from cmpolicy.cli.guard import COMPLETION, PROGRAM

HELP = """\
Print a script that makes a shell complete commands, options, targets, packs and rules.

\b
Examples:
  source <(cmpolicy completion bash)                            this shell
  cmpolicy completion bash >> ~/.bashrc                         every bash
  cmpolicy completion zsh > "${fpath[1]}/_cmpolicy"             every zsh
  cmpolicy completion fish > ~/.config/fish/completions/cmpolicy.fish
"""


@click.command(help=HELP)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> int:
    """Run `cmpolicy completion`."""
    completion = get_completion_class(shell)
    assert completion is not None, shell
    from cmpolicy.cli.group import cli

    click.echo(completion(cli, {}, PROGRAM, COMPLETION).source())
    return 0
