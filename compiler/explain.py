"""A rule explained on a page: what it asks for, why, how to meet or change it, and where it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import zip_longest
from textwrap import dedent, wrap

from cmpolicy import ir
from cmpolicy.example_text import summaries
from cmpolicy.fields.charts import chart
from cmpolicy.flow import flow
from cmpolicy.helm import all_manifests, all_values
from cmpolicy.holes import holes
from cmpolicy.ir_text import condition_text
from cmpolicy.paths import display_path
from cmpolicy.pipeline import rule_text
from cmpolicy.targets.protocol import Options, Target
from cmpolicy.values import JsonMap
from cmpolicy.versions import windows

WIDTH = 110
INDENT = 12
DOT = " · "


def explain(rule: ir.Rule, targets: Sequence[Target], style: Callable[[str], str] = str) -> str:
    """The page, ending in a line break. `style` colors a severity."""
    about = rule.about
    texts = {target.name: text for target in targets if (text := rule_text(rule, target, Options())) is not None}
    lines = [
        f"{rule.id}   {style(about.severity)}   {about.pack}".rstrip(),
        *wrap(f"{about.title}.", WIDTH),
        *(line for paragraph in about.description.split("\n\n") for line in _paragraph(paragraph)),
        *_section("Objects", [_matched(rule)]),
        *_section("Where", condition_text(rule.when).splitlines() if rule.when != ir.TRUE else []),
        *_section("Condition", _code(about.condition_source)),
        *_section("Parameters", _parameters(rule)),
        *_section("Fix", _fix(rule)),
        *_wrapped("Good", DOT.join(summaries(*_objects(about.good, about.bad)))),
        *_wrapped("Bad", DOT.join(summaries(*_objects(about.bad, about.good)))),
        *_section("Targets", _targets(rule, targets)),
        *_section("Needs", [str(window) for window in windows(rule)]),
        *(line for hole in holes(rule, texts) for line in _wrapped("Hole", hole)),
        *_wrapped("Source", DOT.join(filter(None, (*about.sources, about.docs)))),
        *_wrapped("Controls", DOT.join(about.controls)),
        *_wrapped("Profiles", DOT.join(about.profiles) if about.profiles != ("default",) else ""),
        *_section("File", [f"{display_path(about.location.file)}:{about.location.line}"] if about.location else []),
    ]
    return "\n".join(lines) + "\n"


def _objects(*sides: Sequence[ir.Example]) -> Iterator[list[JsonMap]]:
    return ([example.object for example in side] for side in sides)


def _matched(rule: ir.Rule) -> str:
    if rule.is_local:
        return f"Helm values of {' and '.join(str(chart(kind)) for kind in rule.kinds)}"
    return f"{', '.join(map(str, rule.kinds))}, on {' and '.join(rule.operations)}"


def _paragraph(text: str) -> list[str]:
    return wrap(text, WIDTH, initial_indent="  ", subsequent_indent="  ")


def _section(heading: str, lines: Sequence[str]) -> Iterator[str]:
    for head, line in zip_longest([heading] if lines else [], lines, fillvalue=""):
        yield f"{head:<{INDENT}}{line}".rstrip()


def _wrapped(heading: str, text: str) -> Iterator[str]:
    return _section(heading, wrap(text, WIDTH - INDENT, break_long_words=False, break_on_hyphens=False))


def _code(text: str) -> list[str]:
    """Source lines, those after the first without the indentation that they share."""
    first, _, rest = text.partition("\n")
    return [first, *dedent(rest).splitlines()] if text else []


def _parameters(rule: ir.Rule) -> list[str]:
    if not rule.parameters:
        return []
    rows = [(each.name, each.type.value, flow(each.default), each.description) for each in rule.parameters]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    table = ["   ".join([*map(str.ljust, row[:3], widths), row[3]]).rstrip() for row in rows]
    first = rule.parameters[0]
    return [*table, f"to change one: --values FILE, in it  {rule.id}: {{{first.name}: {flow(first.default)}}}"]


def _fix(rule: ir.Rule) -> list[str]:
    values = [f"{name}: {flow(value)}   (Helm)" for name, value in all_values(rule).items()]
    made = [f"{_named(each)}   (manifest: cmpolicy fix --manifests)" for each in all_manifests(rule)]
    return [*values, *made, *wrap(rule.about.remedy, WIDTH - INDENT)]


def _named(manifest: JsonMap) -> str:
    metadata = manifest["metadata"]
    assert isinstance(metadata, Mapping), manifest
    return f"{manifest['kind']} {metadata['name']}"


def _targets(rule: ir.Rule, targets: Sequence[Target]) -> list[str]:
    gaps = {target.name: gap for target in targets if (gap := target.gap(rule)) is not None}
    exact = DOT.join(f"{target.name} exact" for target in targets if target.name not in gaps)
    return [*filter(None, [exact]), *(f"{name} {gap.status}: {gap.reason}" for name, gap in gaps.items())]
