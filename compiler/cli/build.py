"""`cmpolicy build`."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import click
from cmpolicy import __version__, ir
from cmpolicy.beside import MANY, beside
from cmpolicy.bundle.compare import Difference, differences, left_over
from cmpolicy.bundle.owned import check_owned
from cmpolicy.bundle.places import source_places
from cmpolicy.bundle.record import (
    FILE,
    RULES_FILE,
    Build,
    Entry,
    Packed,
    Record,
    entries,
    parameters_of,
    read_record,
    sha256,
)
from cmpolicy.bundle.revision import source_revision, source_root
from cmpolicy.bundle.rules import earlier_rule_book, rule_book
from cmpolicy.bundle.write import staged
from cmpolicy.cli.console import print_diagnostics
from cmpolicy.cli.hints import again, command_line, following, given
from cmpolicy.cli.options import PATH, profile_option, selection, selection_options, targets_of, targets_option
from cmpolicy.load import Loaded
from cmpolicy.pipeline import Folder, RuleGap, package_all
from cmpolicy.report.wording import listed, plural, severity_style
from cmpolicy.selection import find_packs, load_selection
from cmpolicy.targets import TARGETS
from cmpolicy.targets.protocol import Options

WIDTH = 74
"""The column after which the first line names the output folder."""

LOCAL = "on Helm values, which no cluster has; `cmpolicy check --helm-values` judges them"

HELP = """\
Compile rules to the policies of each engine.

Writes OUT/TARGET/ for every target, OUT/bundle.json, which lists the files, and OUT/rules.json, which `cmpolicy diff`
reads. The folders of these targets are replaced as a whole, other folders are left alone. If anything goes wrong,
nothing changes.

\b
Examples:
  cmpolicy build                                     every target, into dist/
  cmpolicy build --target kyverno --target vap
  cmpolicy build --profile default --profile isolation
  cmpolicy build --rule cm-webhook-replicas --out /tmp/try
  cmpolicy build --values values.yaml --enforce      other parameters; failures are blocked
  cmpolicy build --check                             in CI: is dist/ up to date?

\b
A values file:
  cm-webhook-replicas:
    minimum: 5
  "*":
    namespaces: [cert-manager, certificates]
"""


@click.command(help=HELP, short_help="Compile rules to policies for every engine")
@targets_option
@selection_options
@profile_option(ir.DEFAULT_PROFILE)
@click.option("--enforce", is_flag=True, help="Block what fails. [default: only report it]")
@click.option("--out", type=PATH, default="dist", show_default=True, metavar="DIR", help="Output folder.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if DIR is not what would be written.")
@click.option("--allow-gaps", is_flag=True, help="Exit 0 even if a target cannot carry every rule.")
def command(
    targets: tuple[str, ...],
    packs: tuple[str, ...],
    rules: tuple[str, ...],
    values: Path | None,
    profiles: tuple[str, ...],
    enforce: bool,
    out: Path,
    check: bool,
    allow_gaps: bool,
) -> int:
    """Run `cmpolicy build`."""
    start = time.perf_counter()
    chosen = targets_of(targets)
    loaded = load_selection(selection(packs, rules, values, profiles), processes=os.cpu_count() or 1)
    if errors := print_diagnostics(loaded.diagnostics):
        click.echo(_refused(errors, len(loaded.rules)), err=True)
        return 2
    # No cluster has what these are about: they are left out, and told, but are no gaps of a target.
    built = [rule for rule in loaded.rules if not rule.is_local]
    names = [target.name for target in chosen]
    options = Options(enforce=enforce)
    with beside(
        lambda: (_rules_json(loaded, names, out), dict.fromkeys(names, _build(built, enforce, find_packs(packs)))),
        is_long=len(built) >= MANY,
    ) as recorded:
        if check:
            folders = [*map(Folder.joined, package_all(built, chosen, options, then=lambda part: part))]
            return _report_differences(out, differences(out, folders, *_recorded(out, entries(folders), *recorded())))
        with staged(out) as bundle:
            packed = [*map(Packed.joined, package_all(built, chosen, options, then=bundle.add))]
            check_owned(out, packed)
            removed = len(left_over(out, packed))
            record, rules_json = _recorded(out, [each for one in packed for each in one.entries], *recorded())
            bundle.put(names, {FILE: record.text(), **rules_json})
    left_out = len(loaded.rules) - len(built)
    click.echo(_summary(built, left_out, packed, enforce, out, time.perf_counter() - start, removed))
    return _report_gaps([gap for folder in packed for gap in folder.gaps], allow_gaps)


def _refused(errors: int, fine: int) -> str:
    others = f"; {plural(fine, 'other rule')} {'is' if fine == 1 else 'are'} fine" if fine else ""
    return f"{plural(errors, 'error')}{others}. Nothing was written."


def _recorded(
    out: Path, files: Sequence[Entry], rules_json: dict[str, str], builds: Mapping[str, Build]
) -> tuple[Record, dict[str, str]]:
    """What `bundle.json` will say, and the file beside it."""
    record = Record(builds, tuple(files)).with_earlier(read_record(out))
    return replace(record, rules=sha256(rules_json[RULES_FILE].encode())), rules_json


def _rules_json(loaded: Loaded, targets: Sequence[str], out: Path) -> dict[str, str]:
    book = rule_book(loaded.rules, targets, loaded.versions).with_earlier(earlier_rule_book(out))
    return {RULES_FILE: book.text()}


def _build(rules: Sequence[ir.Rule], enforce: bool, packs: Sequence[Path]) -> Build:
    revision = source_revision(packs)
    places = source_places(rules, source_root(packs) if revision else None)
    return Build(__version__, revision, enforce, parameters_of(rules), places)


def _report_differences(out: Path, found: Sequence[Difference]) -> int:
    for each in found:
        click.echo(f"{each.change:<9}  {out / each.path}")
    if found:
        click.echo(
            f"{plural(len(found), 'file')} {'differs' if len(found) == 1 else 'differ'} from what would be written."
        )
        click.echo(f"Next: {again(click.get_current_context(), without='check')}")
    else:
        click.echo(f"{out} is up to date.")
    return 1 if found else 0


def _summary(
    rules: Sequence[ir.Rule],
    left_out: int,
    folders: Sequence[Packed],
    enforce: bool,
    out: Path,
    seconds: float,
    removed: int,
) -> str:
    carried = [rule for rule in rules if any(_carries(folder, rule) for folder in folders)]
    names = [folder.target for folder in folders if any(_carries(folder, rule) for rule in rules)]
    where = out / names[0] if len(names) == 1 else out
    built = plural(len(carried), "rule") if carried else "no rule"
    head = f"Built {built} for {listed(names) or 'any target'} in {seconds:.1f} s"
    lines = [
        f"{head:<{WIDTH}} {where}",
        *_packs(carried),
        *_partly(carried, folders),
        *([f"  left out: {plural(left_out, 'rule')} {LOCAL}"] if left_out else []),
        f"  action: {'enforce (what fails is blocked)' if enforce else 'audit (nothing is blocked; --enforce blocks)'}",
        *([f"  removed {plural(removed, 'file')} that this build does not write"] if removed else []),
        *(f"Note: {TARGETS[name].note}" for name in names if TARGETS[name].note),
        *_next(names, out),
    ]
    return "\n".join(lines)


def _carries(folder: Packed, rule: ir.Rule) -> bool:
    return all(gap.rule != rule.id for gap in folder.gaps)


def _partly(carried: Sequence[ir.Rule], folders: Sequence[Packed]) -> Iterator[str]:
    """A line for each target that has fewer of the rules than the others have together."""
    for folder in folders:
        number = sum(_carries(folder, rule) for rule in carried)
        if number < len(carried):
            yield f"  {folder.target} carries {number or 'none'} of them"


def _packs(rules: Sequence[ir.Rule]) -> list[str]:
    by_pack = Counter(rule.about.pack for rule in rules)
    width = max(map(len, by_pack), default=0)
    return [
        f"  {pack:<{width}}   {plural(number, 'rule'):>8}   {_severities([r for r in rules if r.about.pack == pack])}"
        for pack, number in sorted(by_pack.items())
    ]


def _severities(rules: Sequence[ir.Rule]) -> str:
    found = Counter(rule.about.severity for rule in rules)
    return "  ".join(f"{found[severity]} {severity_style(severity)}" for severity in ir.Severity if found[severity])


def _next(names: Sequence[str], out: Path) -> list[str]:
    context = click.get_current_context()
    check = command_line("cmpolicy", "check", *given(context, "packs", "rules", "values", "profiles"), "my-manifests/")
    return following({name: out / name for name in names}, check)


def _report_gaps(gaps: Sequence[RuleGap], allowed: bool) -> int:
    if not gaps:
        return 0
    click.echo(f"{plural(len(gaps), 'gap')}: what a target cannot say exactly is left out there", err=not allowed)
    for each in gaps:
        click.echo(f"  {each.target}  {each.rule}  {each.gap.status}: {each.gap.reason}", err=not allowed)
    if allowed:
        return 0
    click.echo("--allow-gaps accepts them", err=True)
    return 1
