"""JSON to what people read about a rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from cmpolicy import ir
from cmpolicy.ir_json.read import DecodeError, boolean, each, field, mapping, member, shortly, text, texts, whole
from cmpolicy.values import Json


class NodeDecoder(Protocol):
    """What decodes the nodes in templates."""

    def parameter(self, name: str) -> ir.Param: ...

    def message(self, raw: Json) -> ir.Message: ...

    def condition(self, raw: Json) -> ir.Condition: ...


def decode_about(raw: Json, nodes: NodeDecoder) -> ir.About:
    """The inverse of what `encode_rule` writes under `about`."""
    return ir.About(
        title=text(raw, "title"),
        description=text(raw, "description"),
        severity=member(ir.Severity, text(raw, "severity")),
        pack=text(raw, "pack"),
        category=text(raw, "category"),
        remedy=text(raw, "remedy"),
        helm_values={text(it, "name"): _helm_value(it, nodes) for it in each(raw, "helm_values")},
        fix_manifests=tuple(_fix_manifest(it, nodes) for it in each(raw, "fix_manifests")),
        controls=texts(raw, "controls"),
        sources=texts(raw, "sources"),
        docs=text(raw, "docs"),
        profiles=texts(raw, "profiles"),
        manifest_only=boolean(raw, "manifest_only"),
        good=tuple(_example(it) for it in each(raw, "good")),
        bad=tuple(_example(it) for it in each(raw, "bad")),
        condition_source=text(raw, "condition_source"),
        location=_location(field(raw, "location")),
    )


def _location(raw: Json) -> ir.Location | None:
    return None if raw is None else ir.Location(text(raw, "file"), whole(raw, "line"), whole(raw, "column"))


def _example(raw: Json) -> ir.Example:
    return ir.Example(mapping(field(raw, "object")), tuple(mapping(other) for other in each(raw, "others")))


def _helm_value(raw: Json, nodes: NodeDecoder) -> ir.HelmValue:
    return ir.HelmValue(_template(field(raw, "value"), nodes), nodes.condition(field(raw, "when")))


def _fix_manifest(raw: Json, nodes: NodeDecoder) -> ir.FixManifest:
    return ir.FixManifest(_template(field(raw, "manifest"), nodes), nodes.condition(field(raw, "when")))


def _template(raw: Json, nodes: NodeDecoder) -> ir.Template:
    match raw:
        case {"param": str(name)}:
            return nodes.parameter(name)
        case {"shown": message, "source": str(source)}:
            return ir.Shown(nodes.message(message), source)
        case {"map": dict(held)}:
            return {str(key): _template(inner, nodes) for key, inner in held.items()}
        case [*items]:
            return [_template(item, nodes) for item in items]
        case Mapping():
            raise DecodeError(f"{shortly(raw)} is no template")
        case _:
            return raw
