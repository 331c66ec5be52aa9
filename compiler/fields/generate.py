"""Write the field index and the editor stub from the published Kubernetes schemas. For developers only.

Run `python -m cmpolicy.fields.generate`; with `--check` nothing is written and a difference exits 1. The schemas are
those of the package kubernetes-validate, one set of definitions per Kubernetes version.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TypeAlias, TypedDict

from cmpolicy import ir
from cmpolicy.fields.index import (
    INDEX_FILE,
    Field,
    FieldType,
    Index,
    ListOf,
    MapOf,
    ObjectType,
    Scalar,
    spell,
    with_others,
)
from cmpolicy.fields.required import REQUIRED_FILE
from cmpolicy.fields.stub import stub

STUB_FILE = Path(__file__).parents[1] / "kinds.pyi"

# Kinds without a resource of their own: they only pass through a subresource such as pods/eviction.
SUBRESOURCE_KINDS = frozenset({"Binding", "Eviction", "Scale", "TokenRequest"})
# The schemas do not say which kinds are cluster-scoped; `kubectl api-resources --namespaced=false` does.
_CLUSTER_SCOPED_NAMES = """
    APIService CSIDriver CSINode CertificateSigningRequest ClusterRole ClusterRoleBinding ClusterTrustBundle
    ComponentStatus CustomResourceDefinition DeviceClass DeviceTaintRule FlowSchema IPAddress IngressClass
    MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration Namespace Node
    PersistentVolume PriorityClass PriorityLevelConfiguration ResourceSlice RuntimeClass SelfSubjectAccessReview
    SelfSubjectReview SelfSubjectRulesReview ServiceCIDR StorageClass StorageVersionMigration SubjectAccessReview
    TokenReview ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration
    VolumeAttachment VolumeAttributesClass
"""
CLUSTER_SCOPED = frozenset(_CLUSTER_SCOPED_NAMES.split())
_SCALARS = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity": Scalar.QUANTITY,
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": Scalar.INT_OR_STRING,
}
_OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"


class GroupVersionKind(TypedDict):
    """One entry of `x-kubernetes-group-version-kind`."""

    group: str
    version: str
    kind: str


# The functional form, for keys that are no identifiers.
Schema = TypedDict(
    "Schema",
    {
        "type": str | list[str],
        "$ref": str,
        "required": list[str],
        "properties": dict[str, "Schema"],
        "items": "Schema",
        "additionalProperties": "Schema",
        "x-kubernetes-group-version-kind": list[GroupVersionKind],
    },
    total=False,
)
Definitions: TypeAlias = dict[str, Schema]


@dataclass(frozen=True, slots=True)
class Property:
    """A field in the newest schema that has it, with the first and last version that do (as minor numbers)."""

    schema: Schema
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Definition:
    """A type in the newest schema that has it, and the fields that it ever had."""

    schema: Schema
    properties: dict[str, Property]


def read_versions() -> dict[int, Definitions]:
    """The definitions of every version, by minor number, oldest first."""
    spec = find_spec("kubernetes_validate")
    if spec is None or spec.origin is None:
        sys.exit("kubernetes-validate is not installed: pip install -e '.[dev]'")
    folders = (Path(spec.origin).parent / "kubernetes-json-schema").glob("v1.*-local")
    by_minor = sorted((int(folder.name.split(".")[1]), folder) for folder in folders)
    return {minor: json.loads((folder / "_definitions.json").read_bytes())["$defs"] for minor, folder in by_minor}


def unite(versions: Mapping[int, Definitions]) -> dict[str, Definition]:
    """Every type that some version has, its fields with the versions that have them."""
    united: dict[str, Definition] = {}
    for minor, definitions in versions.items():
        for name, schema in definitions.items():
            properties = united[name].properties if name in united else {}
            for field, property_ in schema.get("properties", {}).items():
                first = properties[field].first if field in properties else minor
                properties[field] = Property(property_, first, minor)
            united[name] = Definition(schema, properties)
    return united


def stable_kinds(definitions: Mapping[str, Definition]) -> dict[str, ir.Kind]:
    """The kinds of stable versions that are objects of their own, by definition name."""
    return {
        name: _kind(*gvks)
        for name, definition in definitions.items()
        if len(gvks := definition.schema.get("x-kubernetes-group-version-kind", [])) == 1
        and re.fullmatch(r"v\d+", gvks[0]["version"])
        and gvks[0]["kind"] not in SUBRESOURCE_KINDS
        and "metadata" in definition.properties
        and _reference(definition.properties["metadata"].schema) == _OBJECT_META
    }


def _kind(gvk: GroupVersionKind) -> ir.Kind:
    name = gvk["kind"]
    return ir.Kind(gvk["group"], gvk["version"], name, plural(name), name not in CLUSTER_SCOPED)


def plural(kind: str) -> str:
    """The resource name of a kind: `NetworkPolicy -> networkpolicies`, `Ingress -> ingresses`."""
    name = kind.lower()
    if name == "endpoints":
        return name
    if name.endswith("y") and name[-2] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(("s", "x", "ch", "sh")) else f"{name}s"


def _reference(schema: Schema) -> str | None:
    return schema["$ref"].removeprefix("#/$defs/") if "$ref" in schema else None


def _references(schema: Schema) -> Iterator[str]:
    for inner in (schema, schema.get("items"), schema.get("additionalProperties")):
        if inner is schema and "$ref" in schema:
            yield schema["$ref"].removeprefix("#/$defs/")
        elif inner is not None and inner is not schema:
            yield from _references(inner)


def reachable(roots: Iterable[str], definitions: Mapping[str, Definition]) -> set[str]:
    """The types with fields that some root leads to, and the roots."""
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name not in found and definitions[name].properties:
            found.add(name)
            for property_ in definitions[name].properties.values():
                waiting.extend(_references(property_.schema))
    return found


def short_names(names: Iterable[str], kinds: Mapping[str, ir.Kind]) -> dict[str, str]:
    """A unique short name for each definition.

    Among namesakes a kind goes before a mere type, the core group before others, and a newer version before an older
    one of its group, which gets the version as suffix. All others get their group as prefix.
    """
    namesakes: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names):
        namesakes[name.rpartition(".")[2]].append(name)
    return {name: short for base, group in namesakes.items() for name, short in _distinguish(base, group, kinds)}


def _distinguish(base: str, names: list[str], kinds: Mapping[str, ir.Kind]) -> Iterator[tuple[str, str]]:
    preferred = [name for name in names if name in kinds] or names
    preferred = [name for name in preferred if _group_version(name)[0] == "core"] or preferred
    groups = {_group_version(name)[0] for name in preferred}
    favorite = max(preferred, key=_group_version) if len(groups) == 1 else None
    for name in names:
        group, version = _group_version(name)
        if name == favorite:
            yield name, base
        elif favorite and group == _group_version(favorite)[0]:
            yield name, base + version.capitalize()
        else:
            yield name, group.capitalize() + base


def named(versions: Mapping[int, Definitions]) -> dict[str, str]:
    """The short name of every type that some kind leads to, by definition name."""
    definitions = unite(versions)
    kinds = stable_kinds(definitions)
    return short_names(reachable(kinds, definitions), kinds)


def _group_version(name: str) -> tuple[str, str]:
    _, group, version, _ = name.rsplit(".", 3)
    return group, version


def build(versions: Mapping[int, Definitions]) -> Index:
    """The union index of all versions."""
    definitions = unite(versions)
    kinds = stable_kinds(definitions)
    names = short_names(reachable(kinds, definitions), kinds)
    oldest, newest = min(versions), max(versions)

    def field_type(schema: Schema) -> FieldType:
        reference = _reference(schema)
        if reference in _SCALARS:
            return _SCALARS[reference]
        if reference is not None:
            return ObjectType(names[reference]) if reference in names else field_type(definitions[reference].schema)
        match _type_name(schema):
            case "array" if "items" in schema:
                return ListOf(field_type(schema["items"]))
            case "object" if "additionalProperties" in schema:
                return MapOf(field_type(schema["additionalProperties"]))
            case "string" | "integer" | "number" | "boolean" as name:
                return Scalar(name)
            case _:
                return Scalar.ANY

    def spelled(property_: Property) -> str:
        field = Field(field_type(property_.schema))
        if property_.first != oldest:
            field = replace(field, since=f"1.{property_.first}")
        if property_.last != newest:
            field = replace(field, until=f"1.{property_.last}")
        return spell(field)

    return Index(
        versions=(f"1.{oldest}", f"1.{newest}"),
        kinds={names[name]: kind for name, kind in kinds.items()},
        types={
            short: {field: spelled(property_) for field, property_ in sorted(definitions[name].properties.items())}
            for name, short in names.items()
        },
    )


def required(versions: Mapping[int, Definitions]) -> dict[str, list[str]]:
    """The fields that objects of a type must have in the newest version that has the type, sorted; by short name."""
    definitions, names = unite(versions), named(versions)
    asked = {short: sorted(definitions[name].schema.get("required", [])) for name, short in names.items()}
    return {short: fields for short, fields in asked.items() if fields}


def _type_name(schema: Schema) -> str:
    """`["string", "null"] -> string`."""
    types = schema.get("type", "")
    return types if isinstance(types, str) else next(name for name in types if name != "null")


def to_json(index: Index) -> str:
    """The index as text: one kind and one type a line, sorted."""
    kinds = {name: list(astuple(kind)) for name, kind in index.kinds.items()}
    return f'{{"versions":{json.dumps(index.versions)},\n"kinds":{_lines(kinds)},\n"types":{_lines(index.types)}}}\n'


def required_to_json(fields: Mapping[str, list[str]]) -> str:
    """The required fields as text: one type a line, sorted."""
    return f"{_lines(fields)}\n"


def _lines(entries: Mapping[str, object]) -> str:
    lines = (f"{json.dumps(key)}:{json.dumps(entries[key], separators=(',', ':'))}" for key in sorted(entries))
    return "{\n" + ",\n".join(lines) + "\n}"


def generated() -> dict[Path, str]:
    """The text of every generated file."""
    versions = read_versions()
    index = build(versions)
    return {
        INDEX_FILE: to_json(index),
        STUB_FILE: stub(with_others(index)),
        REQUIRED_FILE: required_to_json(required(versions)),
    }


def main(arguments: list[str]) -> int:
    """Write the files, or with `--check` say which differ."""
    stale = [
        (file, text)
        for file, text in generated().items()
        if not file.exists() or file.read_bytes() != text.encode("utf-8")
    ]
    for file, text in stale:
        if "--check" in arguments:
            print(f"{file} is out of date: run python -m cmpolicy.fields.generate")
        else:
            file.write_bytes(text.encode("utf-8"))
            print(f"wrote {file}")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
