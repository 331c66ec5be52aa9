"""`cmpolicy list`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import click
from cmpolicy import ir
from cmpolicy.catalog import catalogue
from cmpolicy.cli.console import plural, print_diagnostics, severity_style
from cmpolicy.cli.options import output_option, selection, selection_options, targets_of
from cmpolicy.selection import load_selection

HELP = """\
Show the rules: severity, id and what holds where they pass.

\b
Examples:
  cmpolicy list
  cmpolicy list --pack policies/my_pack
  cmpolicy list --output json | jq -r '.[] | select(.severity == "high") | .id'
"""


@click.command(help=HELP)
@selection_options
@output_option
def command(packs: tuple[str, ...], rules: tuple[str, ...], values: Path | None, output: str) -> int:
    """Run `cmpolicy list`."""
    loaded = load_selection(selection(packs, rules, values))
    errors = print_diagnostics(loaded.diagnostics)
    if output == "json":
        click.echo(json.dumps(catalogue(loaded.rules, targets_of([])), indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(_lines(loaded.rules)))
    return 2 if errors else 0


def _lines(rules: Sequence[ir.Rule]) -> Iterator[str]:
    width = max((len(rule.id) for rule in rules), default=0)
    for pack, members in groupby(rules, key=lambda rule: rule.about.pack):
        in_pack = list(members)
        yield f"{pack}   {plural(len(in_pack), 'rule')}"
        for rule in in_pack:
            padding = " " * (8 - len(rule.about.severity))
            yield f"  {severity_style(rule.about.severity)}{padding}  {rule.id:<{width}}  {rule.about.title}"
