"""The page on its rules that a bundle carries, for people who have the bundle and not the sources."""

from __future__ import annotations

from collections.abc import Iterator

from cmpolicy import ir
from cmpolicy.bundle.rules import RuleBook


def rules_page(book: RuleBook) -> str:
    """Every rule in Markdown: what holds and why, its parameters as they are set, and the targets that are built of it."""
    targets: dict[str, list[str]] = {}
    for target in sorted(book.targets):
        for digest in book.targets[target]:
            targets.setdefault(digest, []).append(target)
    rules = [(rule, digest) for digest, rule in book.decoded.items() if isinstance(rule, ir.Rule)]
    sections = [
        "\n".join(_section(rule, targets.get(digest, [])))
        for rule, digest in sorted(rules, key=lambda each: (each[0].id, each[1]))
    ]
    return "\n\n".join(["# Rules", *sections]) + "\n"


def _section(rule: ir.Rule, targets: list[str]) -> Iterator[str]:
    about = rule.about
    yield f"## {rule.id}\n\n{about.title}.\n"
    if about.description:
        yield f"{about.description}\n"
    yield f"- severity: {about.severity}"
    yield f"- kinds: {', '.join(sorted({kind.kind for kind in rule.kinds}))}"
    yield f"- targets: {', '.join(targets) or 'none'}"
    for each in sorted(rule.parameters, key=lambda each: each.name):
        yield f"- parameter `{each.name}`: {_shown(each.default)}"
    if about.remedy:
        yield f"- remedy: {about.remedy}"
    if about.docs:
        yield f"- more: {about.docs}"


def _shown(value: ir.Constant) -> str:
    return ", ".join(map(_shown, value)) if isinstance(value, tuple) else f"`{value}`"
