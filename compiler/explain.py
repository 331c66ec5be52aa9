"""A rule explained on a page: what it asks for, why, how to meet or change it, and where it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import zip_longest
from textwrap import wrap

from cmpolicy import ir
from cmpolicy.example_text import summaries
from cmpolicy.holes import holes
from cmpolicy.ir_text import condition_text
from cmpolicy.pipeline import rule_text
from cmpolicy.targets.protocol import Options, Target
from cmpolicy.values import Json

WIDTH = 110
INDENT = 12
DOT = " · "


def explain(rule: ir.Rule, targets: Sequence[Target], style: Callable[[str], str] = str) -> str:
    """The page, ending in a line break. `style` colors a severity."""
    about = rule.about
    texts = {target.name: text for target in targets if (text := rule_text(rule, target, Options())) is not None}
    lines = [
        f"{rule.id}   {style(about.severity)}   {about.pack}   {about.category}".rstrip(),
        *wrap(f"{about.title}.", WIDTH),
        *(line for paragraph in about.description.split("\n\n") for line in _paragraph(paragraph)),
        *_section("Objects", [f"{', '.join(map(str, rule.kinds))}, on {' and '.join(rule.operations)}"]),
        *_section("Where", condition_text(rule.when).splitlines() if rule.when != ir.TRUE else []),
        *_section("Condition", about.condition_source.splitlines()),
        *_section("Parameters", _parameters(rule)),
        *_section("Fix", _fix(about)),
        *_wrapped("Good", DOT.join(summaries(about.good, about.bad))),
        *_wrapped("Bad", DOT.join(summaries(about.bad, about.good))),
        *_section("Targets", _targets(rule, targets)),
        *(line for hole in holes(rule, texts) for line in _wrapped("Hole", hole)),
        *_wrapped("Source", DOT.join(filter(None, (*about.sources, about.docs)))),
        *_wrapped("Controls", DOT.join(about.controls)),
        *_section("File", [f"{about.location.file}:{about.location.line}"] if about.location else []),
    ]
    return "\n".join(lines) + "\n"


def _paragraph(text: str) -> list[str]:
    return wrap(text, WIDTH, initial_indent="  ", subsequent_indent="  ")


def _section(heading: str, lines: Sequence[str]) -> Iterator[str]:
    for head, line in zip_longest([heading] if lines else [], lines, fillvalue=""):
        yield f"{head:<{INDENT}}{line}".rstrip()


def _wrapped(heading: str, text: str) -> Iterator[str]:
    return _section(heading, wrap(text, WIDTH - INDENT, break_long_words=False, break_on_hyphens=False))


def _parameters(rule: ir.Rule) -> list[str]:
    if not rule.parameters:
        return []
    rows = [(each.name, each.type.value, _plain(each.default), each.description) for each in rule.parameters]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    table = ["   ".join([*map(str.ljust, row[:3], widths), row[3]]).rstrip() for row in rows]
    first = rule.parameters[0]
    return [*table, f"to change one: --values FILE, in it  {rule.id}: {{{first.name}: {_plain(first.default)}}}"]


def _plain(value: Json) -> str:
    """The value as YAML in flow style."""
    match value:
        case bool():
            return "true" if value else "false"
        case list() | tuple():
            return f"[{', '.join(map(_plain, value))}]"
        case Mapping():
            return f"{{{', '.join(f'{key}: {_plain(inner)}' for key, inner in value.items())}}}"
        case str():
            return value or '""'
        case None:
            return "null"
        case _:
            return str(value)


def _fix(about: ir.About) -> list[str]:
    values = [f"{name}: {_plain(value)}   (Helm)" for name, value in about.helm_values.items()]
    return [*values, *wrap(about.remedy, WIDTH - INDENT)]


def _targets(rule: ir.Rule, targets: Sequence[Target]) -> list[str]:
    gaps = {target.name: gap for target in targets if (gap := target.gap(rule)) is not None}
    exact = DOT.join(f"{target.name} exact" for target in targets if target.name not in gaps)
    return [*filter(None, [exact]), *(f"{name} {gap.status}: {gap.reason}" for name, gap in gaps.items())]
