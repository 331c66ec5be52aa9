"""`cmpolicy explain`."""

from __future__ import annotations

from pathlib import Path

import click
from cmpolicy import ir
from cmpolicy.cli.console import print_diagnostics
from cmpolicy.cli.options import (
    TEXT,
    complete_rules,
    complete_targets,
    pack_option,
    selection,
    targets_of,
    values_option,
)
from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.explain import explain
from cmpolicy.ir_text import rule_text as ir_text
from cmpolicy.pipeline import rule_text
from cmpolicy.report.wording import severity_style
from cmpolicy.selection import load_selection
from cmpolicy.targets.protocol import Options, Target

HELP = """\
Show why a rule is there, what it asks for, how to meet or change it, and where it holds.

\b
Examples:
  cmpolicy explain cm-webhook-replicas
  cmpolicy explain cm-webhook-replicas --target gatekeeper     what it becomes there
  cmpolicy explain cm-webhook-replicas --ir                    what every target starts from
  cmpolicy explain cm-webhook-replicas --target vap --values values.yaml
"""


@click.command(help=HELP)
@click.argument("rule", type=TEXT, shell_complete=complete_rules)
@click.option(
    "--target",
    type=TEXT,
    metavar="TARGET",
    shell_complete=complete_targets,
    help="Print what the rule becomes on this target.",
)
@click.option("--ir", "as_ir", is_flag=True, help="Print the rule's intermediate representation.")
@pack_option
@values_option
def command(rule: str, target: str | None, as_ir: bool, packs: tuple[str, ...], values: Path | None) -> int:
    """Run `cmpolicy explain`."""
    loaded = load_selection(selection(packs, (rule,), values))
    found = loaded.rules[0]
    errors = print_diagnostics(loaded.diagnostics)
    if as_ir:
        click.echo(ir_text(found), nl=False)
    elif target is not None:
        (chosen,) = targets_of([target])
        click.echo(_text(found, chosen), nl=False)
    else:
        click.echo(explain(found, targets_of([]), severity_style), nl=False)
    return 2 if errors else 0


def _text(rule: ir.Rule, target: Target) -> str:
    text = rule_text(rule, target, Options())
    if text is None:
        gap = target.gap(rule)
        assert gap is not None, f"{target.name} has no gap for {rule.id}"
        raise CmpolicyError(Diagnostic("gap", f"{target.name} does not carry `{rule.id}`: {gap.reason}"))
    return text
