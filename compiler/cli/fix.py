"""`cmpolicy fix`."""

from __future__ import annotations

from pathlib import Path

import click
from cmpolicy import ir
from cmpolicy.bundle.file import write_file
from cmpolicy.cli.check import judge
from cmpolicy.cli.console import print_diagnostics
from cmpolicy.cli.options import PATH, TEXT, output_option, profile_option, selection, selection_options
from cmpolicy.cli.progress import counted
from cmpolicy.diagnostics import Level
from cmpolicy.fix.json import render
from cmpolicy.fix.overlay import read_base
from cmpolicy.fix.plan import Plan, Way, make_plan
from cmpolicy.fix.text import manifests_text, rest_text, values_text
from cmpolicy.manifests import read_paths
from cmpolicy.selection import load_selection
from cmpolicy.values import JsonMap

HELP = """\
Print the Helm values that fix what `check` finds in these manifests, merged, for `helm upgrade --values`.

PATH is as for `check`. Above each value stand the rules that ask for it. What a chart cannot set is printed with
--manifests, for `kubectl apply`. What is left to do by hand is listed on stderr, with its remedy.

\b
Examples:
  helm template cert-manager jetstack/cert-manager -n cert-manager | cmpolicy fix - > fix.yaml
  cmpolicy fix --base values.yaml --out new.yaml manifests/   with the values that you have; their comments go
  cmpolicy fix --manifests manifests/ | kubectl apply -f -
  cmpolicy fix --output json manifests/ | jq .summary

\b
Exit codes: 0 what is printed fixes every finding, or there is none; 1 some findings need more, or two rules ask for
different values; 2 an input or a rule could not be read.
"""

STDOUT = "-"


@click.command(help=HELP, short_help="Print the Helm values that fix what `check` finds")
@click.argument("paths", type=TEXT, nargs=-1, required=True, metavar="PATH...")
@selection_options
@profile_option(ir.DEFAULT_PROFILE)
@click.option("--manifests", "as_manifests", is_flag=True, help="Print the manifests to apply, not the Helm values.")
@click.option("--base", type=PATH, metavar="FILE", help="Helm values that you have: merge the new ones into them.")
@click.option("--out", type=PATH, metavar="FILE", help="Write to this file, if all was read. [default: stdout]")
@output_option
def command(
    paths: tuple[str, ...],
    packs: tuple[str, ...],
    rules: tuple[str, ...],
    values: Path | None,
    profiles: tuple[str, ...],
    as_manifests: bool,
    base: Path | None,
    out: Path | None,
    output: str,
) -> int:
    """Run `cmpolicy fix`."""
    mine = None if base is None else read_base(base)
    loaded = load_selection(selection(packs, rules, values, profiles))
    report = judge(loaded.rules, counted(read_paths(paths), "objects"), everything=False)
    problems, plan = (*loaded.diagnostics, *report.problems), make_plan(report.failures)
    shown = Way.MANIFESTS if as_manifests else Way.VALUES
    text = render(plan, mine, problems) if output == "json" else _text(plan, mine, shown)
    print_diagnostics((*problems, *plan.conflicts))
    broken = any(problem.level is Level.ERROR for problem in problems)
    if out is None or str(out) == STDOUT:
        click.echo(text, nl=False)
    elif broken:
        click.echo(f"`{out}` is as it was", err=True)
    else:
        write_file(out, text)
    if output == "text":
        click.echo(rest_text(plan, shown), err=True)
    return 2 if broken else int(_is_left(plan, shown, output))


def _text(plan: Plan, base: JsonMap | None, shown: Way) -> str:
    return manifests_text(plan) if shown is Way.MANIFESTS else values_text(plan, base)


def _is_left(plan: Plan, shown: Way, output: str) -> bool:
    """Whether some findings need more than what is printed; JSON has both values and manifests."""
    printed = {Way.VALUES, Way.MANIFESTS} if output == "json" else {shown}
    return any(way not in printed for _, way in plan.ways)
