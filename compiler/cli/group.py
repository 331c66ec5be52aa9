"""The `cmpolicy` command. What a command needs is imported when it runs; `--help` imports nothing but click."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module

import click
from cmpolicy import __version__


class SuggestingGroup(click.Group):
    """A group that knows what a misspelt command should have been, and shows its help when it gets none."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The remaining arguments."""
        return super().parse_args(ctx, args or ["--help"])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first argument names."""
        name = args[0]
        if not name.startswith("-") and not ctx.resilient_parsing and self.get_command(ctx, name) is None:
            from cmpolicy.selection import unknown

            problem = unknown("command", name, self.list_commands(ctx))
            raise click.UsageError(f"{problem.message}; {problem.help}", ctx)
        return super().resolve_command(ctx, args)


@dataclass(frozen=True, slots=True)
class Entry:
    """A command in the table: its module, which holds it as `command`, and its line in the help."""

    module: str
    help: str


COMMANDS: Mapping[str, Entry] = {
    "build": Entry("cmpolicy.cli.build", "Compile rules to policies for every engine"),
    "check": Entry("cmpolicy.cli.check", "Judge manifests, or a live cluster, by the rules"),
    "fix": Entry("cmpolicy.cli.fix", "Print the Helm values that fix what `check` finds"),
    "list": Entry("cmpolicy.cli.list", "Show the rules"),
    "explain": Entry("cmpolicy.cli.explain", "Show why a rule is there, what it asks for and what it becomes"),
    "targets": Entry("cmpolicy.cli.targets", "Show the engines, and which rules each can carry"),
    "diff": Entry("cmpolicy.cli.diff", "Tell what a change of rules means, with an object that shows it"),
    "keys": Entry("cmpolicy.cli.keys", "Make the keys that sign what is published"),
    "publish": Entry("cmpolicy.cli.publish", "Publish a bundle to an OCI registry or an image layout"),
    "pull": Entry("cmpolicy.cli.pull", "Write a published bundle to a folder"),
    "verify": Entry("cmpolicy.cli.verify", "Verify the signature, provenance and digests of a published bundle"),
    "inspect": Entry("cmpolicy.cli.inspect", "Show what a published bundle holds"),
    "tags": Entry("cmpolicy.cli.tags", "List the tags of published bundles"),
    "copy": Entry("cmpolicy.cli.copy", "Copy a published bundle between registries and image layouts"),
    "new": Entry("cmpolicy.cli.new", "Start a rule or a target"),
    "completion": Entry("cmpolicy.cli.completion", "Print a completion script for a shell"),
}


class LazyGroup(SuggestingGroup):
    """The group of the commands in the table."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the table, which is that of a user's first day."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name].module).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table, without importing any command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])


HELP = """\
Write a Kubernetes policy once in Python; get the same verdict from every engine.

\b
Examples:
  cmpolicy build --target kyverno          policies for Kyverno, in dist/kyverno
  cmpolicy check manifests/                judge manifests now, as the engines will
  helm template my-chart | cmpolicy check -
  cmpolicy explain cm-webhook-replicas     what a rule asks for, and why
  cmpolicy new rule enough-replicas        start a rule of your own

\b
Exit codes: 0 nothing to report; 1 findings, differences or gaps;
2 usage, load or I/O error.
"""


@click.group(
    cls=LazyGroup, help=HELP, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="cmpolicy", message="%(prog)s %(version)s")
def cli() -> None:
    """The whole program."""
