"""Command-line flags in a container's arguments."""

from __future__ import annotations

from cmpolicy import ir
from cmpolicy.dsl.errors import author_error
from cmpolicy.dsl.expressions import String
from cmpolicy.dsl.refusals import constant_text, shown
from cmpolicy.dsl.structures import List


def flag(arguments: List[String], name: str) -> String:
    """The effective value of `--name=value` or `--name value`; the last one wins, absent if not given."""
    return String(ir.Flag(_arguments(arguments), _name(name)))


def switch(arguments: List[String], name: str) -> String:
    """The effective text of a switch: `true` for a bare `--name`, the text for `--name=text`; the last one wins."""
    return String(ir.Flag(_arguments(arguments), _name(name), switch=True))


def _arguments(arguments: List[String]) -> ir.Items:
    if not isinstance(arguments, List):
        raise author_error("flag", f"a flag is read from a list, not from {shown(arguments)}", "give `container.args`")
    if arguments._filters:
        raise author_error("flag", "a flag is read from whole argument lists", "leave out `.where(...)`")
    return arguments._items


def _name(name: str) -> str:
    name = constant_text(name, "the name of a flag")
    if not name or name.startswith("-") or "=" in name:
        raise author_error("flag", f"`{name}` is not the name of a flag", "write it without dashes and without `=`")
    return name
