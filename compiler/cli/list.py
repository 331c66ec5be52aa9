"""`cmpolicy list`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

import click
from cmpolicy import ir
from cmpolicy.cli.console import print_diagnostics
from cmpolicy.cli.options import output_option, profile_option, selection, selection_options, targets_of
from cmpolicy.dsl.rule import Pack
from cmpolicy.load import Loaded
from cmpolicy.report.wording import plural, severity_style
from cmpolicy.selection import find_packs, load_found, select
from cmpolicy.yaml.writer import dump_json

HELP = """\
Show the rules: severity, id and what holds where they pass.

\b
Examples:
  cmpolicy list
  cmpolicy list --pack policies/my_pack
  cmpolicy list --profile isolation
  cmpolicy list --source                       what the packs' sources recommend, and the rules that cover it
  cmpolicy list --source --rule cm-webhook-replicas
  cmpolicy list --output json | jq -r '.[] | select(.severity == "high") | .id'
"""


@click.command(help=HELP)
@selection_options
@profile_option()
@click.option("--source", "by_source", is_flag=True, help="Show what the sources recommend, and the rules for it.")
@output_option
def command(
    packs: tuple[str, ...],
    rules: tuple[str, ...],
    values: Path | None,
    profiles: tuple[str, ...],
    by_source: bool,
    output: str,
) -> int:
    """Run `cmpolicy list`."""
    found = load_found(packs)
    loaded = select(found, selection(packs, rules, values, profiles))
    errors = print_diagnostics(loaded.diagnostics)
    if by_source:
        return _list_sources(found, packs, rules, output) or (2 if errors else 0)
    if output == "json":
        # What the targets carry is asked of them, which nothing else here needs.
        from cmpolicy.catalog import catalogue

        click.echo(dump_json(catalogue(loaded.rules, targets_of([]))), nl=False)
    else:
        click.echo("\n".join((*_lines(loaded.rules), *_profiles(loaded.packs or {}))))
    return 2 if errors else 0


def _list_sources(found: Loaded, packs: tuple[str, ...], rules: tuple[str, ...], output: str) -> int:
    """What the packs' sources recommend; 2 if they name rules that there are not."""
    # Sources are YAML, which nothing else here reads.
    from cmpolicy.traceability import as_json, read_sources, source_lines, strangers

    sources = read_sources(find_packs(packs))
    known = {*(rule.id for rule in found.rules), *found.broken}
    errors = print_diagnostics([problem for source in sources for problem in strangers(source, known)])
    shown = [source.about(rules) if rules else source for source in sources]
    if output == "json":
        click.echo(dump_json([entry for each in shown for entry in as_json(each)]), nl=False)
    else:
        click.echo("\n".join(line for each in shown for line in source_lines(each)) or "no pack here has a source")
    return 2 if errors else 0


def _lines(rules: Sequence[ir.Rule]) -> Iterator[str]:
    width = max((len(rule.id) for rule in rules), default=0)
    for pack, members in groupby(rules, key=lambda rule: rule.about.pack):
        in_pack = list(members)
        yield f"{pack}   {plural(len(in_pack), 'rule')}"
        for rule in in_pack:
            padding = " " * (8 - len(rule.about.severity))
            line = f"  {severity_style(rule.about.severity)}{padding}  {rule.id:<{width}}  {rule.about.title}"
            yield line if ir.DEFAULT_PROFILE in rule.about.profiles else f"{line}  ({', '.join(rule.about.profiles)})"


def _profiles(packs: Mapping[str, Pack]) -> Iterator[str]:
    """The profiles of each pack and whom they are for."""
    for name, pack in packs.items():
        width = max(map(len, pack.profiles), default=0)
        if pack.profiles:
            yield f"profiles of {name}"
        yield from (f"  {profile:<{width}}  {audience}" for profile, audience in pack.profiles.items())
