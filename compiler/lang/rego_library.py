"""The helpers of printed Rego modules: which there are, and which of them a text needs."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_DEFINITION = re.compile(r"^(?:#.*\n)*(?:default )?(\w+)", re.MULTILINE)


@cache
def _helpers() -> dict[str, str]:
    """Each helper's name and text, in the order of the file."""
    text = Path(__file__).with_name("rego_helpers.rego").read_text(encoding="utf-8")
    _, _, body = text.partition("import future.keywords\n\n")
    helpers: dict[str, str] = {}
    name = ""
    for paragraph in body.rstrip().split("\n\n"):
        name = name if paragraph.startswith("else") else _name(paragraph)
        helpers[name] = f"{helpers[name]}\n\n{paragraph}" if name in helpers else paragraph
    return helpers


def _name(paragraph: str) -> str:
    found = _DEFINITION.match(paragraph)
    assert found, f"no definition in {paragraph!r}"
    return found[1]


def helper_names() -> frozenset[str]:
    """The names that every printed module may use for helpers."""
    return frozenset(_helpers())


def library(text: str) -> list[str]:
    """The helpers that a text calls, and those that these call in turn, as paragraphs in a fixed order."""
    needed: set[str] = set()
    pending = _called(text)
    while pending:
        needed |= pending
        pending = set().union(*map(_called_by, pending)) - needed
    return [paragraph for name, paragraph in _helpers().items() if name in needed]


@cache
def _called_by(helper: str) -> set[str]:
    return _called(_helpers()[helper])


def _called(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w.])(\w+)[(\[]", text)) & _helpers().keys()
