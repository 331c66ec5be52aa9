"""`rules.json`: the rules that a bundle was built from, as IR, so that bundles are compared without running any code.

Every rule stands there once, under the digest of its JSON; a target lists those that it was built from. Targets that were
built with different values have different rules of the same id.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from cmpolicy import ir
from cmpolicy.bundle.record import RULES_FILE, sha256
from cmpolicy.ir_json import DecodeError, decode_rule, encode_rule
from cmpolicy.ir_json.read import field as read_field
from cmpolicy.ir_json.read import mapping, text, texts
from cmpolicy.sign.strict import read_json

SCHEMA = "cmpolicy.rules/v1"


@dataclass(frozen=True)
class RuleBook:
    """The JSON of rules by digest, and per target the digests of those that it was built from, in order of their ids.

    `versions` are those that packs declare, by the name of the pack.
    """

    rules: Mapping[str, str]
    targets: Mapping[str, tuple[str, ...]]
    versions: Mapping[str, str] = field(default_factory=dict)

    def text(self) -> str:
        """The file's text: a line for each rule, so that a change of one is a change of one line."""
        targets = json.dumps({target: list(self.targets[target]) for target in sorted(self.targets)})
        rules = ",\n".join(f"{json.dumps(digest)}:{self.rules[digest]}" for digest in sorted(self.rules))
        versions = f'"versions":{json.dumps(self.versions, sort_keys=True)},\n' if self.versions else ""
        return f'{{"schema":{json.dumps(SCHEMA)},\n{versions}"targets":{targets},\n"rules":{{\n{rules}\n}}}}\n'

    def with_earlier(self, earlier: RuleBook) -> RuleBook:
        """With the targets that this build left alone, and what they were built from."""
        targets = {**earlier.targets, **self.targets}
        rules = {**earlier.rules, **self.rules}
        used = {digest for digests in targets.values() for digest in digests}
        kept = {digest: rules[digest] for digest in used if digest in rules}
        return RuleBook(kept, targets, {**earlier.versions, **self.versions})

    @cached_property
    def decoded(self) -> Mapping[str, ir.Rule | DecodeError]:
        """The rules by digest, or why one cannot be read."""
        return {digest: _decoded(line) for digest, line in self.rules.items()}


def _decoded(line: str) -> ir.Rule | DecodeError:
    try:
        return decode_rule(json.loads(line))
    except DecodeError as error:
        return error


def rule_book(rules: Iterable[ir.Rule], targets: Iterable[str], versions: Mapping[str, str]) -> RuleBook:
    """The book of targets that are all built from these rules. It names no file: a bundle is the same wherever it is built."""
    lines = [_line(encode_rule(rule)) for rule in sorted(rules, key=lambda rule: rule.id)]
    digests = tuple(sha256(line.encode()) for line in lines)
    return RuleBook(dict(zip(digests, lines, strict=True)), dict.fromkeys(targets, digests), versions)


_line = json.JSONEncoder(separators=(",", ":")).encode


def read_rule_book(folder: Path) -> RuleBook:
    """The book of the bundle in this folder. Raises `OSError` if there is none and `DecodeError` if it is not readable."""
    raw = read_json((folder / RULES_FILE).read_bytes())
    if (schema := text(raw, "schema")) != SCHEMA:
        raise DecodeError(f"its schema is `{schema}`, and this cmpolicy reads `{SCHEMA}`")
    rules = {digest: _line(mapping(rule)) for digest, rule in mapping(read_field(raw, "rules")).items()}
    listed = mapping(read_field(raw, "targets"))
    targets = {target: texts(listed, target) for target in listed}
    if missing := {digest for digests in targets.values() for digest in digests} - rules.keys():
        raise DecodeError(f"it lacks the rule of the digest `{min(missing)[:12]}`")
    told = mapping(raw).get("versions", {})
    return RuleBook(rules, targets, {pack: text(told, pack) for pack in mapping(told)})


def earlier_rule_book(folder: Path) -> RuleBook:
    """The book in this folder; an empty one where there is none or one that cannot be read."""
    try:
        return read_rule_book(folder)
    except (OSError, DecodeError):
        return RuleBook({}, {})
