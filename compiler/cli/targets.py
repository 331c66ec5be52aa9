"""`cmpolicy targets`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import click
from cmpolicy import ir
from cmpolicy.catalog import EXACT, catalogue
from cmpolicy.cli.console import print_diagnostics
from cmpolicy.cli.options import output_option, pack_option, rule_option, selection, targets_of
from cmpolicy.holes import labels
from cmpolicy.report.wording import plural
from cmpolicy.selection import load_selection
from cmpolicy.targets.protocol import Target
from cmpolicy.versions import since, windows
from cmpolicy.yaml.writer import dump_json

HELP = """\
Show the engines that rules are compiled for. With --matrix, which rule each of them carries exactly, and why not.

\b
Examples:
  cmpolicy targets
  cmpolicy targets --matrix
  cmpolicy targets --matrix --output json
"""


@click.command(help=HELP)
@click.option("--matrix", is_flag=True, help="Every rule against every target.")
@pack_option
@rule_option
@output_option
def command(matrix: bool, packs: tuple[str, ...], rules: tuple[str, ...], output: str) -> int:
    """Run `cmpolicy targets`."""
    targets = targets_of([])
    if not matrix:
        click.echo(_targets_json(targets) if output == "json" else "\n".join(_targets(targets)))
        return 0
    loaded = load_selection(selection(packs, rules))
    errors = print_diagnostics(loaded.diagnostics)
    if output == "json":
        click.echo(dump_json(catalogue(loaded.rules, targets)), nl=False)
    else:
        click.echo("\n".join(_matrix(loaded.rules, targets)))
    return 2 if errors else 0


def _targets_json(targets: Sequence[Target]) -> str:
    return json.dumps([{"name": target.name, "title": target.title} for target in targets], indent=2)


def _targets(targets: Sequence[Target]) -> Iterator[str]:
    width = max(len(target.name) for target in targets)
    for target in targets:
        yield f"{target.name:<{width}}   {target.title}"


def _matrix(rules: Sequence[ir.Rule], targets: Sequence[Target]) -> Iterator[str]:
    width = max((len(rule.id) for rule in rules), default=0)
    yield "  ".join([" " * width, *(target.name for target in targets)])
    gaps = {(rule.id, target.name): gap for rule in rules for target in targets if (gap := target.gap(rule))}
    for rule in rules:
        cells = (gap.status if (gap := gaps.get((rule.id, target.name))) else EXACT for target in targets)
        row = (f"{cell:<{len(target.name)}}" for cell, target in zip(cells, targets, strict=True))
        yield "  ".join([f"{rule.id:<{width}}", *row, *_notes(rule)]).rstrip()
    for (rule_id, target_name), gap in gaps.items():
        yield f"{target_name} lacks {rule_id}: {gap.reason}"
    for rule in rules:
        yield from (f"{rule.id}: {window}" for window in windows(rule))
    yield f"{plural(len(rules), 'rule')}, {plural(len(targets), 'target')}, {plural(len(gaps), 'gap')}"


def _notes(rule: ir.Rule) -> Iterator[str]:
    yield from labels(rule)
    if first := since(windows(rule)):
        yield f"Kubernetes >= {first}"
