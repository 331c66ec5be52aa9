"""`cmpolicy diff`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

import click
from cmpolicy.cli.console import print_diagnostics
from cmpolicy.cli.options import PATH, TEXT, targets_of, targets_option, values_option
from cmpolicy.cli.progress import counted
from cmpolicy.diagnostics import CmpolicyError
from cmpolicy.diff import driver, git
from cmpolicy.diff.approvals import Approval, in_force, read_approvals, warnings
from cmpolicy.diff.compare import compare_sides
from cmpolicy.diff.engines import find_engines, with_engines
from cmpolicy.diff.gates import Gate
from cmpolicy.diff.impact import with_impact
from cmpolicy.diff.model import Report
from cmpolicy.diff.places import Places
from cmpolicy.diff.report import github, html, json, junit, markdown, sarif
from cmpolicy.diff.report import text as terminal
from cmpolicy.diff.review import Review
from cmpolicy.diff.sides import Side, read_side, set_values, working_side
from cmpolicy.manifests import read_paths
from cmpolicy.oci.reference import is_reference

if TYPE_CHECKING:
    from cmpolicy.targets.protocol import Target

HELP = """\
Tell what a change of rules means: for which objects a verdict changes, with the smallest such object.

OLD and NEW are each a folder of rules, a bundle that `cmpolicy build` wrote, a published bundle (`oci://HOST/REPO:TAG`,
`oci-layout:PATH`), or a Git revision: `main`, `HEAD~3`, `v1.2:policies`, `main:dist`. NEW is the working tree if left out;
OLD the commit where it left the default branch.
`A..B` compares two revisions, `A...B` the second with where they parted, as in Git.

\b
What is said of a rule, and how it is known:
  equivalent, tightened, loosened, mixed       which objects it rejects
  proved       for every object
  witness      by an object; the reference has judged it by both versions
  sampled (n)  no difference among n objects made for it: that is no proof, and never called equivalent

\b
Examples:
  cmpolicy diff                                the working tree against where it left the default branch
  cmpolicy diff main
  cmpolicy diff v1.2:policies policies/
  cmpolicy diff dist/ new-dist/                two bundles; no code is run
  cmpolicy diff oci://registry.example/acme/policies:1.4.0 dist/
  cmpolicy diff --corpus manifests/ main       which objects are newly rejected and newly accepted
  cmpolicy diff --engine all main              ask kyverno and gator about the objects that are shown
  cmpolicy diff --fail-on loosened main        in CI: only what accepts more fails
  cmpolicy diff --output markdown main > comment.md
  cmpolicy diff --output html main > diff.html
  cmpolicy diff --output json main | jq '.changes[] | {rule, meaning}'

The rules of a revision are Python, and are run to be compared: in a process with a bare environment, which is no
sandbox. Of changes by strangers, compare bundles that were built where nothing can be lost.

\b
Exit codes: 0 nothing that --fail-on names; 1 something that it names; 2 a side could not be read (the rest is compared
all the same), or an engine did not judge; 3 a change means different things on different targets, or an engine says
something else than the reference.
"""


class Form(StrEnum):
    """A form of output, by the word of `--output`."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    GITHUB = "github"
    SARIF = "sarif"
    JUNIT = "junit"
    HTML = "html"


@click.command(help=HELP, short_help="Tell what a change of rules means, with an object that shows it")
@click.argument("sides", type=TEXT, nargs=-1, metavar="[OLD] [NEW]")
@targets_option
@click.option("--rule", "rules", type=TEXT, multiple=True, metavar="RULE", help="Only this rule, by its old or new id.")
@values_option
@click.option(
    "--fail-on",
    "gates",
    type=click.Choice([gate.value for gate in Gate]),
    multiple=True,
    default=(Gate.ANY.value,),
    metavar="CHANGE",
    help="What makes the exit code 1, may be repeated: loosened, tightened, breaking (tightened, or what users set or "
    "name is gone), unknown (not proved), version (the one that a pack declares is too small), any (but not generated text alone), nothing. [default: any]",
)
@click.option(
    "--approvals",
    type=PATH,
    metavar="FILE",
    help="Changes that no gate stops: a YAML list of {fingerprint, owner, reason}, and `expires`, a day, if it ends.",
)
@click.option(
    "--corpus",
    type=TEXT,
    multiple=True,
    metavar="PATH",
    help="Manifests, read as `check` reads them, may be repeated: which of them are newly rejected and newly accepted.",
)
@click.option(
    "--owner-key",
    "owner_keys",
    type=TEXT,
    multiple=True,
    metavar="KEY",
    help="The label or annotation that names the owner of an object of the corpus, before the usual ones.",
)
@click.option(
    "--engine",
    "engines",
    type=TEXT,
    multiple=True,
    metavar="NAME[=PATH]",
    help="Ask this engine's own command line about each object that is shown, by both versions: kyverno, gator, or all "
    "that are on the PATH. May be repeated.",
)
@click.option("--text", is_flag=True, help="Show how the generated text differs, by object and field.")
@click.option(
    "--output",
    type=click.Choice([form.value for form in Form]),
    default=Form.TEXT.value,
    help="The form of output: for a terminal, for scripts, a comment on a pull request, annotations of GitHub Actions, for code scanning, as test results, or a page for a browser.",
)
def command(
    sides: tuple[str, ...],
    targets: tuple[str, ...],
    rules: tuple[str, ...],
    values: Path | None,
    gates: tuple[str, ...],
    approvals: Path | None,
    corpus: tuple[str, ...],
    owner_keys: tuple[str, ...],
    engines: tuple[str, ...],
    text: bool,
    output: str,
) -> int:
    """Run `cmpolicy diff`."""
    chosen = targets_of(targets)
    if driver.is_from_git(sides):
        return _as_driver(sides, chosen)
    if len(sides) > 2:
        raise click.UsageError(f"it takes OLD and NEW, and not `{sides[2]}` too", click.get_current_context())
    found, absent = find_engines(engines) if engines else ((), ())
    approved = read_approvals(approvals) if approvals is not None else ()
    compared = _sides(*sides)
    report = compare_sides(*(set_values(*compared, values) if values else compared), chosen, rules)
    if values:
        report = replace(report, changes=tuple(replace(change, at_values=True) for change in report.changes))
    if corpus:
        report = with_impact(report, counted(read_paths(corpus), "objects"), owner_keys)
    if found:
        report = with_engines(report, found, lambda asked: counted(asked, "answers of engines"))
    report = replace(report, problems=(*report.problems, *absent))
    whole = not (targets or rules or report.not_compared)
    review = _review(report, tuple(map(Gate, gates)), approved, whole=whole)
    print_diagnostics(review.report.problems)
    click.echo(_rendered(review, Form(output), text=text))
    return review.exit_code


def _rendered(review: Review, form: Form, *, text: bool) -> str:
    match form:
        case Form.TEXT:
            return terminal.render(review, text=text)
        case Form.JSON:
            return json.render(review)
        case Form.MARKDOWN:
            return markdown.render(review, text=text)
        case Form.GITHUB:
            return github.render(review, _places())
        case Form.SARIF:
            return sarif.render(review, _places())
        case Form.JUNIT:
            return junit.render(review)
        case Form.HTML:
            return html.render(review)
        case _:
            assert_never(form)


def _places() -> Places:
    here = Path.cwd()
    return Places(here, git.root() or here)


def _review(report: Report, gates: tuple[Gate, ...], approvals: tuple[Approval, ...], *, whole: bool) -> Review:
    today = datetime.now(UTC).date()
    problems = (*report.problems, *warnings(approvals, report, today, whole=whole))
    return Review(replace(report, problems=problems), gates, in_force(approvals, today))


def _as_driver(arguments: Sequence[str], targets: Sequence[Target]) -> int:
    """Show a file's change to Git, which gives up on all others if this does not end well."""
    if len(arguments) == 1:
        click.echo(f"* Unmerged path {arguments[0]}")
        return 0
    old, new = driver.versions_of(arguments)
    click.echo("\n".join(driver.text_lines(old, new, "".join(arguments[driver.RENAMED - 1 :]))))
    try:
        report = driver.meaning(old, new, targets)
    except CmpolicyError as error:
        print_diagnostics(error.diagnostics)
        return 0
    if report is not None:
        print_diagnostics(report.problems)
        click.echo(f"\n{terminal.render(Review(report, (Gate.NOTHING,)), text=False)}\n")
    return 0


def _sides(old: str | None = None, new: str | None = None) -> tuple[Side, Side]:
    if new is not None and old is not None:
        return read_side(old), read_side(new)
    if old is None:
        return read_side(git.merge_base(git.default_branch(), "HEAD")), working_side()
    if is_reference(old) or Path(old).exists():
        return read_side(old), working_side()
    parted, dots, second = old.partition("...")
    if dots:
        return read_side(git.merge_base(parted or "HEAD", second or "HEAD")), read_side(second or "HEAD")
    first, dots, second = old.partition("..")
    return (read_side(first or "HEAD"), read_side(second or "HEAD")) if dots else (read_side(old), working_side())
