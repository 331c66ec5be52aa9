"""`cmpolicy new`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from cmpolicy.cli.group import SuggestingGroup
from cmpolicy.cli.hints import command_line
from cmpolicy.cli.options import PATH, TEXT

GOLDEN = Path("tests/golden")
"""In a clone of cmpolicy, what each rule is expected to become."""

BUILT_IN = Path("policies")
"""In a clone, the packs of which goldens and docs speak."""

IN_CLONE = f"""\
      python3 dev.py golden     which writes what is expected into {GOLDEN}
      python3 dev.py docs       which enters it in the tables of the docs"""

HELP = """\
Start a rule or a target: files that work as they are, to be edited.

\b
Examples:
  cmpolicy new rule enough-replicas
  cmpolicy new rule enough-replicas --pack policies/my_pack
  cmpolicy new target my-engine
"""

RULE_HELP = """\
Start a rule: a file in a pack, with a condition, a message, good and bad examples.

Without --pack it goes to the one pack in ./policies, or to a new one, policies/my_pack.

\b
Examples:
  cmpolicy new rule enough-replicas
  cmpolicy new rule enough-replicas --pack policies/my_pack
"""

TARGET_HELP = """\
Start a target, in a clone of cmpolicy: its folder below targets/, its tests, its line in the table of targets.

\b
Example:
  cmpolicy new target my-engine
"""


@click.group(cls=SuggestingGroup, help=HELP)
def command() -> None:
    """Run `cmpolicy new`."""


@command.command("rule", help=RULE_HELP, short_help="Start a rule")
@click.argument("name", type=TEXT)
@click.option("--pack", type=PATH, metavar="DIR", help="The pack's folder; made if it is not there.")
def rule_command(name: str, pack: Path | None) -> int:
    """Run `cmpolicy new rule`."""
    from cmpolicy.scaffold.rule import new_rule

    rule_id, files = new_rule(name, pack)
    folder = files[-1].parent
    _wrote(files)
    click.echo(f"Next: edit {command_line(files[-1])}, then")
    click.echo(f"      {command_line('cmpolicy', 'explain', rule_id, '--pack', folder)}")
    click.echo(f"      {command_line('cmpolicy', 'build', '--pack', folder)}")
    if GOLDEN.is_dir() and folder.absolute().is_relative_to(BUILT_IN.absolute()):
        click.echo(IN_CLONE)
    return 0


@command.command("target", help=TARGET_HELP, short_help="Start a target")
@click.argument("name", type=TEXT)
def target_command(name: str) -> int:
    """Run `cmpolicy new target`."""
    from cmpolicy.scaffold.target import new_target

    files = new_target(name)
    _wrote(files)
    click.echo(f"Next: edit {files[1]} and {files[2]}, then")
    click.echo(f"      pytest {files[-2]}")
    click.echo("      cmpolicy targets --matrix")
    click.echo(IN_CLONE)
    return 0


def _wrote(files: Sequence[Path]) -> None:
    for file in files:
        click.echo(f"Wrote {file}")
