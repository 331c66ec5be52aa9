"""Values in a line, for people."""

from __future__ import annotations

from collections.abc import Mapping

from cmpolicy.values import Json


def flow(value: Json) -> str:
    """The value as YAML in flow style, strings without quotes."""
    match value:
        case bool():
            return "true" if value else "false"
        case list() | tuple():
            return f"[{', '.join(map(flow, value))}]"
        case Mapping():
            return f"{{{', '.join(f'{key}: {flow(inner)}' for key, inner in value.items())}}}"
        case str():
            return value or '""'
        case None:
            return "null"
        case _:
            return str(value)
