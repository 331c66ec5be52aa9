"""`cmpolicy check`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

import click
from cmpolicy import ir
from cmpolicy.admission.documents import as_admitted
from cmpolicy.chart_values import read_chart_values
from cmpolicy.check import Document, Result, compile_index, judge_document, results
from cmpolicy.cli.cluster import Live, cluster_of, cluster_options
from cmpolicy.cli.console import print_diagnostics
from cmpolicy.cli.options import PATH, TEXT, output_option, profile_option, selection, selection_options
from cmpolicy.cli.progress import counted
from cmpolicy.diagnostics import Diagnostic, Level
from cmpolicy.evaluate import NOTHING, Verdict, inventory
from cmpolicy.holes import values_hole
from cmpolicy.manifests import read_paths
from cmpolicy.passes.tree import known_kinds
from cmpolicy.report import json as json_report
from cmpolicy.report import text as text_report
from cmpolicy.report.findings import Report
from cmpolicy.selection import load_selection
from cmpolicy.values import JsonMap

HELP = """\
Judge manifests, or a live cluster, by the rules: the verdicts that the engines would give.

PATH is a file, a folder (read recursively for .yaml, .yml and .json) or - for stdin. Findings are shown by object, with
the line that each is about and the Helm values that fix it.

--helm-values judges the values of a chart before it is rendered, over those that the chart sets itself. Given more than
once, the files are merged as `helm --values` merges them, later ones over earlier ones. Its verdicts are advice: what is
set elsewhere, and what the chart makes of it, is only seen in the manifests.

--cluster judges what is in a live cluster, with no controller in it: it asks the API server, as kubectl would, for the
kinds that the rules are about, page by page, and writes nothing there.

--as-admitted judges each object as an API server would admit it: with its defaults filled in, and without what it drops.
So a cluster's policies see it; a rule about a field that the server fills in anyway then finds nothing.

\b
Examples:
  cmpolicy check manifests/
  helm template my-chart | cmpolicy check -
  cmpolicy check --rule cm-webhook-replicas --all webhook.yaml
  cmpolicy check --profile default --profile isolation manifests/
  cmpolicy check --fail-on high manifests/             findings below high do not fail
  cmpolicy check --output json manifests/ | jq .summary
  cmpolicy check --as-admitted manifests/              what policies in a cluster would say
  cmpolicy check --helm-values values.yaml             Helm values, before they are rendered
  cmpolicy check --helm-values base.yaml --helm-values prod.yaml
  cmpolicy check --cluster --context prod              what is in a cluster now

\b
Exit codes: 0 no finding; 1 findings; 2 an input or a rule could not be read, or a chart or an API server would refuse
an input (whatever can be judged is judged all the same).
"""


@click.command(help=HELP, short_help="Judge manifests, or a live cluster, by the rules")
@click.argument("paths", type=TEXT, nargs=-1, metavar="PATH...")
@click.option(
    "--helm-values",
    type=PATH,
    multiple=True,
    metavar="FILE",
    help="Helm values to judge before a chart is rendered; - is stdin. Later files go over earlier ones.",
)
@cluster_options
@selection_options
@profile_option(ir.DEFAULT_PROFILE)
@click.option(
    "--as-admitted", is_flag=True, help="Judge objects as an API server would admit them, defaults filled in."
)
@click.option("--all", "everything", is_flag=True, help="Show passes and skips too.")
@click.option(
    "--fail-on",
    type=click.Choice([severity.value for severity in ir.Severity]),
    default=ir.Severity.INFO.value,
    metavar="SEVERITY",
    help="The lowest severity whose findings make the exit code 1: critical, high, medium, low, info. [default: info]",
)
@output_option
def command(
    paths: tuple[str, ...],
    helm_values: tuple[Path, ...],
    cluster: bool,
    context: str | None,
    kubeconfig: Path | None,
    namespaces: tuple[str, ...],
    packs: tuple[str, ...],
    rules: tuple[str, ...],
    values: Path | None,
    profiles: tuple[str, ...],
    as_admitted: bool,
    everything: bool,
    fail_on: str,
    output: str,
) -> int:
    """Run `cmpolicy check`."""
    if cluster and as_admitted:
        problem = "--as-admitted is for manifests; what is in a cluster has been admitted"
        raise click.UsageError(problem, click.get_current_context())
    live = cluster_of(cluster, context, kubeconfig, namespaces, beside=bool(paths or helm_values))
    if not paths and not helm_values and live is None:
        problem = "name a PATH, or a file of Helm values with --helm-values, or a live cluster with --cluster"
        raise click.UsageError(problem, click.get_current_context())
    loaded = load_selection(selection(packs, rules, values, profiles))
    asked = [rule for rule in loaded.rules if (helm_values if rule.is_local else paths or live)]
    if live is None:
        inputs = counted(chain(read_paths(paths), read_chart_values(helm_values, asked)), "objects")
        report = (_judge_admitted if as_admitted else judge)(asked, inputs, everything=everything)
    else:
        report = _judge_cluster(live, asked, everything=everything)
    note = values_hole(kind for rule in asked for kind in rule.kinds)
    problems = (*loaded.diagnostics, *report.problems)
    report = replace(report, problems=problems, notes=(*report.notes, *([note] if note else [])))
    form = json_report if output == "json" else text_report
    print_diagnostics(report.problems)
    click.echo(form.render(report, everything=everything))
    broken = any(problem.level is Level.ERROR for problem in report.problems)
    return 2 if broken else _exit_code(report.failures, ir.Severity(fail_on))


def _judge_admitted(rules: Sequence[ir.Rule], inputs: Iterable[Document | Diagnostic], *, everything: bool) -> Report:
    """The report on what an API server would make of the objects, and what it is."""
    objects, admission = as_admitted(inputs, rules)
    report = judge(rules, objects, everything=everything)
    return replace(report, admission=admission, notes=(*report.notes, *admission.notes()))


def _judge_cluster(live: Live, rules: Sequence[ir.Rule], *, everything: bool) -> Report:
    with live.read(rules) as reading:
        objects = counted(reading.objects(), "objects")
        report = judge(reading.rules, objects, everything=everything, known=reading.known)
        problems = (*reading.problems, *report.problems)
        return replace(report, problems=problems, notes=tuple(reading.notes()), context=live.context)


def judge(
    rules: Sequence[ir.Rule],
    inputs: Iterable[Document | Diagnostic],
    *,
    everything: bool,
    known: JsonMap | None = None,
) -> Report:
    """The report; of passes and skips it holds the results only if they are shown, else a manifest is soon let go of.

    `known` is the inventory of what rules may look up; without it they look among the inputs, which are all read first.
    """
    index = compile_index(rules)
    problems: list[Diagnostic] = []
    kept: list[Result] = []
    counts: Counter[Verdict] = Counter()
    if known is None:
        inputs, known = _with_inventory(inputs) if any(map(known_kinds, rules)) else (inputs, NOTHING)
    objects = 0
    for each in inputs:
        if isinstance(each, Diagnostic):
            problems.append(each)
            continue
        objects += 1
        judged = judge_document(index, each, known)
        counts.update(judgement.verdict for _, judgement in judged)
        shown = [pair for pair in judged if everything or pair[1].verdict is Verdict.FAIL]
        if shown:
            kept.extend(results(each, shown, known))
    return Report(objects, len(rules), counts, tuple(kept), tuple(problems))


def _with_inventory(inputs: Iterable[Document | Diagnostic]) -> tuple[list[Document | Diagnostic], JsonMap]:
    """The inputs, all read, and what rules may look up among them."""
    read = list(inputs)
    return read, inventory(each.value for each in read if not isinstance(each, Diagnostic))


def _exit_code(failures: Sequence[Result], lowest: ir.Severity) -> int:
    order = list(ir.Severity)
    counts = [failure for failure in failures if order.index(failure.rule.about.severity) <= order.index(lowest)]
    return 1 if counts else 0
