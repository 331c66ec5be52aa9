"""The report for people: findings by object, the line that each is about, and what fixes them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from textwrap import wrap

import click
from cmpolicy import ir
from cmpolicy.check import Document, Place, Result
from cmpolicy.content import printable
from cmpolicy.evaluate import Verdict
from cmpolicy.evaluate.blame import steps
from cmpolicy.ir.kind import LOCAL_GROUP
from cmpolicy.paths import display_path
from cmpolicy.report.findings import Report, by_object, helm_values, owner
from cmpolicy.report.json import identity
from cmpolicy.report.wording import plural, severity_style
from cmpolicy.values import Json

NOTE_WIDTH = 120
SOURCE_WIDTH = 80
"""Characters of a source line that are shown."""


def render(report: Report, *, everything: bool) -> str:
    """The whole report; `everything` shows passes and skips beside the failures."""
    shown = report.results if everything else report.failures
    lines = [line for document, results in by_object(shown) for line in _object(document, results)]
    return "\n".join([*lines, *([""] if lines else []), _totals(report), *_fixes(report), *_notes(report)])


def _object(document: Document, results: list[Result]) -> Iterator[str]:
    yield click.style(object_name(document), bold=True) + _made_by(document)
    width = max(len(result.rule.id) for result in results)
    for result in results:
        yield from _finding(result, width)


def _made_by(document: Document) -> str:
    found = owner(document)
    return click.style(printable(f"  of {found['kind']} {found['name']}"), dim=True) if found else ""


def object_name(document: Document) -> str:
    """The object as people name it: `Deployment namespace/name`, `Helm values values.yaml`."""
    known = identity(document)
    name = "/".join(str(part) for part in (known["namespace"], known["name"]) if part)
    kind = "Helm values" if str(known["apiVersion"]).startswith(f"{LOCAL_GROUP}/") else known["kind"]
    return printable(f"{kind} {name or '(no name)'}")


def _finding(result: Result, width: int) -> Iterator[str]:
    severity = result.rule.about.severity
    head = f"  {severity_style(severity)}{' ' * (8 - len(severity))}  {result.rule.id:<{width}}"
    if result.place is None:
        yield f"{head}  {_verdict(result.verdict)}"
    else:
        yield f"{head}  {printable(result.message)}"
        yield from (f"            {where}" for where in filter(None, [_where(result.place)]))


def _verdict(verdict: Verdict) -> str:
    return click.style(verdict.value, fg="green" if verdict is Verdict.PASS else None, dim=verdict is Verdict.SKIP)


def _where(place: Place) -> str:
    """Where the field is; nothing of a live object as a whole."""
    if not place.file and place.exists:
        return ": ".join(filter(None, (dotted(place.path), _shortened(place.source))))
    if not place.file:
        return f"{dotted(place.path)} {click.style(f'({printable(place.otherwise)})', dim=True)}"
    spot = click.style(f"{display_path(place.file)}:{place.line}", dim=True)
    if place.exists:
        return f"{spot}  {_shortened(place.source.strip())}"
    return f"{spot}  {dotted(place.path)} {click.style(f'({printable(place.otherwise)})', dim=True)}"


def dotted(pointer: str) -> str:
    """A JSON pointer as people write paths: `spec.containers[0].image`."""
    return "".join(map(_step, steps(pointer))).removeprefix(".")


def _step(step: str) -> str:
    if step.isdecimal():
        return f"[{step}]"
    return f".{step}" if step.isidentifier() else f"[{json.dumps(step)}]"


def _shortened(text: str) -> str:
    text = printable(text)
    return text if len(text) <= SOURCE_WIDTH else f"{text[: SOURCE_WIDTH - 1]}…"


def _totals(report: Report) -> str:
    failures = report.failures
    counted = Counter(failure.rule.about.severity for failure in failures)
    severities = ", ".join(f"{counted[each]} {severity_style(each)}" for each in ir.Severity if counted[each])
    cluster = f" of context `{printable(report.context)}`" if report.context else ""
    looked = f"{plural(report.objects, 'object')}{cluster}, {plural(report.rules, 'rule')}"
    if not failures:
        return f"{looked}: {click.style('no findings', fg='green')}"
    found = f"{plural(len(failures), 'finding')} ({severities}) in {plural(len(by_object(failures)), 'object')}"
    return f"{looked}: {found}"


def _fixes(report: Report) -> Iterator[str]:
    values = helm_values(report.failures)
    if values:
        of_manifests = any(not failure.rule.is_local for failure in report.failures)
        yield f"Fix with Helm values{' (`cmpolicy fix` prints them as a file)' if of_manifests else ''}:"
    for key, value in values.items():
        yield f"  {key}: {_flow(value)}"
    remedies = dict.fromkeys(failure.rule.about.remedy for failure in report.failures if failure.rule.about.remedy)
    yield from (f"Fix: {remedy}" for remedy in remedies)


def _notes(report: Report) -> Iterator[str]:
    for note in report.notes:
        yield from wrap(f"Note: {note}.", NOTE_WIDTH, subsequent_indent="      ", break_on_hyphens=False)


def _flow(value: Json) -> str:
    """A value in one line, as YAML reads it too."""
    if isinstance(value, str):
        return value if value and value.replace("-", "").replace("/", "").isalnum() else json.dumps(value)
    return json.dumps(value, ensure_ascii=False)
