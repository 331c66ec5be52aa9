"""Checks of a traced rule: what would be wrong on some target, or says something that is not so."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isfinite

from cmpolicy import ir
from cmpolicy.diagnostics import Diagnostic
from cmpolicy.evaluate import Verdict, judge_example
from cmpolicy.evaluate.text import MAX_SHOWN
from cmpolicy.fields.index import suggest
from cmpolicy.helm import all_manifests, all_values
from cmpolicy.passes.tree import walk_rule
from cmpolicy.source import RuleSource

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_HALF = re.compile("[\ud800-\udfff]")
MAX_MESSAGE = 5 * 1024
"""Bytes: the API server shows nothing of a message expression whose text is longer."""
MAX_ID = 47
"""Kyverno advises rule names of at most 47 characters; every other name is made from the id and has more room."""


def check_rule(rule: ir.Rule, source: RuleSource) -> tuple[Diagnostic, ...]:
    """What is wrong with a rule by itself; nothing if it is fine."""
    if any(map(_HALF.search, _texts(rule))):
        # No file can hold the rule, so nothing else is asked of it.
        what, remedy = "a text of the rule holds half a character, which no engine reads", "write the whole one"
        return (_at("text", what, remedy, source),)
    return (*_check_id(rule, source), *_check_texts(rule, source), *_check_examples(rule, source))


def check_profiles(rule: ir.Rule, declared: Iterable[str], source: RuleSource) -> tuple[Diagnostic, ...]:
    """What is wrong with the rule's profiles: a misspelt one would leave the rule out wherever it is wanted."""
    known, wanted = sorted({ir.DEFAULT_PROFILE, *declared}), rule.about.profiles
    if not wanted:
        return (_at("profile", "the rule is in no profile", "leave `profiles` out for `default`", source, "profiles"),)
    return tuple(
        _at("profile", f"the pack has no profile `{name}`", _profile_remedy(name, known), source, "profiles")
        for name in wanted
        if name not in known
    )


def _profile_remedy(name: str, known: Sequence[str]) -> str:
    close = suggest(name, known)
    return f"did you mean `{close}`?" if close else "declare it: `PACK = Pack(..., profiles={...})`"


def _at(code: str, message: str, remedy: str, source: RuleSource, keyword: str = "") -> Diagnostic:
    line, column = source.keyword(keyword)
    return Diagnostic(code, message, source.file, line, column, help=remedy)


def _texts(rule: ir.Rule) -> Iterator[str]:
    """Every text of the rule that some target shows or judges by, but for its examples and Helm values."""
    about = rule.about
    yield from (about.title, about.description, about.pack, about.category, about.remedy, about.docs)
    yield from (*about.controls, *about.sources, *about.profiles)
    yield from (part for part in rule.message if isinstance(part, str))
    for node in (*rule.parameters, *walk_rule(rule)):
        match node:
            case ir.Const(constant):
                yield from _strings(constant)
            case ir.Param(name, _, default, description):
                yield from (name, description, *_strings(default))
            case ir.Get(_, str(text)) | ir.Flag(_, text) | ir.Matches(_, text):
                yield text
            case _:
                pass


def _strings(constant: ir.Constant) -> Iterator[str]:
    yield from (each for each in (constant if isinstance(constant, tuple) else (constant,)) if isinstance(each, str))


def _check_id(rule: ir.Rule, source: RuleSource) -> Iterator[Diagnostic]:
    if not _ID.match(rule.id):
        yield _at("id", f"`{rule.id}` is no rule id", "name the file in lower case with underscores", source)
    if len(rule.id) > MAX_ID:
        yield _at("id", f"`{rule.id}` is longer than {MAX_ID} characters", "shorten the file's name", source)


def _check_texts(rule: ir.Rule, source: RuleSource) -> Iterator[Diagnostic]:
    if not rule.about.title:
        yield _at("docstring", "the rule has no docstring", "say in one line what holds where it passes", source)
    if not is_json(all_values(rule)):
        yield _at("helm", "`helm_values` holds what JSON cannot", "give a map of JSON values", source, "helm_values")
    if not is_json(all_manifests(rule)):
        yield _at("manifest", "`fix_manifests` holds what JSON cannot", "give JSON values", source, "fix_manifests")
    for line, column in source.identities():
        message = "`is` compares Python's objects, not what a manifest holds"
        remedy = "ask `.absent()` or `.exists()`"
        yield Diagnostic("truth", message, source.file, line, column, help=remedy)
    constant = "".join(part for part in rule.message if isinstance(part, str))
    if not constant.strip():
        yield _at("message", "the message has no text of its own", "add words around the values", source, "message")
    shown = sum(not isinstance(part, str) for part in rule.message)
    if len(constant.encode()) + shown * 4 * MAX_SHOWN > MAX_MESSAGE:
        remedy = f"a message has {MAX_MESSAGE} bytes, and each value may take {4 * MAX_SHOWN}"
        yield _at("message", "the message may grow too long for the API server", remedy, source, "message")
    if "\n" in constant or "\r" in constant:
        yield _at("message", "the message has a line break", "write it in one line", source, "message")
    for parameter in rule.parameters:
        if not parameter.description:
            remedy = "add it to the section `Parameters:` of the docstring"
            yield _at("parameter", f"`{parameter.name}` has no description", remedy, source)


def _check_examples(rule: ir.Rule, source: RuleSource) -> Iterator[Diagnostic]:
    for keyword, examples, wanted in (
        ("good", rule.about.good, Verdict.PASS),
        ("bad", rule.about.bad, Verdict.FAIL),
    ):
        if not examples:
            yield _at("examples", f"the rule has no {keyword} example", "add a manifest", source, keyword)
        for number, example in enumerate(examples, 1):
            if wrong := next(filter(None, map(example_problem, (example.object, *example.others))), None):
                yield _at(
                    "examples", f"{keyword} example {number} {wrong}", "give a list of manifests", source, keyword
                )
            else:
                yield from _check_example(rule, source, keyword, number, example, wanted)


def example_problem(example: object) -> str | None:
    """Why an example is no manifest, or None if it is one."""
    if not isinstance(example, Mapping):
        return "is no map"
    if not is_json(example):
        return "holds what JSON cannot"
    if not all(isinstance(example.get(key), str) for key in ("apiVersion", "kind")):
        return "has no `apiVersion` or no `kind`"
    return None if isinstance(example.get("metadata"), Mapping) else "has no `metadata`"


def is_json(value: object) -> bool:
    """Whether JSON can hold the value: no set, no key but a string, no number that is not finite, no half of a character."""
    match value:
        case str():
            return value.isascii() or _HALF.search(value) is None
        case None | bool():
            return True
        case int() | float():
            return isfinite(value)
        case list() | tuple():
            return all(map(is_json, value))
        case Mapping():
            return all(isinstance(key, str) and is_json(key) and is_json(inner) for key, inner in value.items())
        case _:
            return False


def _check_example(
    rule: ir.Rule, source: RuleSource, keyword: str, number: int, example: ir.Example, wanted: Verdict
) -> Iterator[Diagnostic]:
    found = judge_example(rule, example).verdict
    if found is not wanted and not (wanted is Verdict.PASS and found is Verdict.SKIP):
        remedy = "correct the example or the condition"
        yield _at("examples", f"{keyword} example {number} has the verdict {found}", remedy, source, keyword)


def check_together(rules: Sequence[ir.Rule]) -> tuple[Diagnostic, ...]:
    """What is wrong with rules side by side: ids that are used twice."""
    by_id: dict[str, list[ir.Rule]] = defaultdict(list)
    for rule in rules:
        by_id[rule.id.lower()].append(rule)
    return tuple(
        Diagnostic("id", f"`{rule.id}` is used twice", *_place(rule), help=f"the other is {_place(first)[0]}")
        for first, *others in by_id.values()
        for rule in others
    )


def _place(rule: ir.Rule) -> tuple[str, int]:
    return (rule.about.location.file, rule.about.location.line) if rule.about.location else ("", 0)
