"""Make JSON Schemas of the engines' own custom resource definitions. For developers only.

Run `python -m tests.schemas.convert`.

The definitions come from the engines' pinned Go modules, which must be in the module cache or be reachable, and from
kubernetes-validate. What is made is shipped, so that tests need neither Go nor a network. A few formats that have no
published definition are written by hand; they are the files in this folder that `CONVERTED` does not name.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import cast

import yaml

Schema = dict[str, object]

HERE = Path(__file__).parent
KYVERNO = "github.com/kyverno/kyverno@v1.19.1"
GATEKEEPER = "github.com/open-policy-agent/gatekeeper/v3@v3.23.1"
FRAMEWORKS = "github.com/open-policy-agent/frameworks/constraint@v0.0.0-20260616163050-e1eaa1bf6d62"
KUBERNETES = "v1.37.0-local"

_KYVERNO_CRDS = "config/crds/kyverno/kyverno.io_"
_KYVERNO_CEL_CRDS = "config/crds/policies.kyverno.io/policies.kyverno.io_"
_KYVERNO_CLI_CRDS = "cmd/cli/kubectl-kyverno/config/crds/cli.kyverno.io_"

_STRING: Schema = {"type": "string"}
_STRINGS: Schema = {"type": "array", "items": _STRING}
_STRING_MAP: Schema = {"type": "object", "additionalProperties": _STRING}
METADATA: Schema = {
    "type": "object",
    "properties": {"name": _STRING, "namespace": _STRING, "labels": _STRING_MAP, "annotations": _STRING_MAP},
    "additionalProperties": False,
}
"""What an emitted object may say in its metadata."""


def _closed(required: tuple[str, ...] = (), **properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        **({"required": [*required]} if required else {}),
    }


# Gatekeeper reads these from `source`, which its definition leaves open, and drops unknown keys without a word:
# gatekeeper pkg/drivers/k8scel/schema/schema.go, frameworks pkg/client/drivers/rego/schema/schema.go.
_NAMED_EXPRESSION = _closed(("name", "expression"), name=_STRING, expression=_STRING)
_CEL_SOURCE = _closed(
    ("validations", "failurePolicy", "generateVAP"),
    failurePolicy={"enum": ["Fail", "Ignore"]},
    generateVAP={"type": "boolean"},
    matchCondition={"type": "array", "items": _NAMED_EXPRESSION},
    validations={
        "type": "array",
        "items": _closed(("expression",), expression=_STRING, message=_STRING, messageExpression=_STRING),
    },
    variables={"type": "array", "items": _NAMED_EXPRESSION},
)
_REGO_SOURCE = _closed(("rego", "version"), rego=_STRING, version={"const": "v1"}, libs=_STRINGS)
_CODE = {
    "oneOf": [
        _closed(("engine", "source"), engine={"const": "K8sNativeValidation"}, source=_CEL_SOURCE),
        _closed(("engine", "source"), engine={"const": "Rego"}, source=_REGO_SOURCE),
    ]
}


def module(name: str) -> Path:
    """The folder of a Go module version, fetched if need be."""
    answer = subprocess.run(["go", "mod", "download", "-json", name], cwd="/", capture_output=True, check=True)
    return Path(json.loads(answer.stdout)["Dir"])


def read_crd(path: Path, version: str) -> Schema:
    """The schema of one version of a custom resource definition."""
    crd = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    (schema,) = (each["schema"] for each in crd["spec"]["versions"] if each["name"] == version)
    return cast(Schema, schema["openAPIV3Schema"])


def convert(schema: Schema) -> Schema:
    """The OpenAPI schema of an object as a JSON Schema (2020-12) that rejects unknown fields.

    `status` goes, since nobody may emit it, and metadata gets a schema of its own.
    """
    converted = convert_closed(schema)
    properties = cast(Schema, converted["properties"])
    properties.pop("status", None)
    properties["metadata"] = METADATA
    return {**converted, "required": sorted({*cast("list[str]", converted.get("required", [])), "apiVersion", "kind"})}


def convert_closed(schema: Schema) -> Schema:
    """The schema of a part of an object, such as a constraint's parameters."""
    return _convert(schema, closed=True)


def _convert(schema: Schema, *, closed: bool) -> Schema:
    converted = {key: value for key, value in schema.items() if key in _KEPT}
    for key in ("allOf", "anyOf", "oneOf"):
        if key in schema:
            branches = cast("list[Schema]", schema[key])
            converted[key] = [_convert(branch, closed=False) for branch in branches]
    for key, inner_closed in (("items", closed), ("not", False)):
        if key in schema:
            converted[key] = _convert(cast(Schema, schema[key]), closed=inner_closed)
    if "properties" in schema:
        properties = cast("dict[str, Schema]", schema["properties"])
        converted["properties"] = {name: _convert(each, closed=closed) for name, each in properties.items()}
    if isinstance(schema.get("additionalProperties"), dict):
        converted["additionalProperties"] = _convert(cast(Schema, schema["additionalProperties"]), closed=closed)
    elif (
        closed
        and (schema.get("type") == "object" or "properties" in schema)
        and not schema.get("x-kubernetes-preserve-unknown-fields")
    ):
        # The API server prunes what an object type without preserve-unknown-fields does not name.
        converted["additionalProperties"] = False
    return _nullable(schema, _int_or_string(schema, converted))


_KEPT = frozenset(
    {"type", "enum", "pattern", "required", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "uniqueItems"}
    | {"minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"}
)


def _int_or_string(schema: Schema, converted: Schema) -> Schema:
    if not schema.get("x-kubernetes-int-or-string"):
        return converted
    return {**{key: value for key, value in converted.items() if key != "type"}, "type": ["integer", "string"]}


def _nullable(schema: Schema, converted: Schema) -> Schema:
    if not schema.get("nullable") or "type" not in converted:
        return converted
    with_null = {**converted, "type": [converted["type"], "null"]}
    return {**with_null, "enum": [*cast("list[object]", schema["enum"]), None]} if "enum" in schema else with_null


def constraint_template() -> Schema:
    """ConstraintTemplate v1, with the engines' sources closed and legacy fields refused."""
    schema = convert(
        read_crd(module(FRAMEWORKS) / "config/crds/templates.gatekeeper.sh_constrainttemplates.yaml", "v1")
    )
    target = cast(Schema, _at(schema, "spec", "targets")["items"])
    _properties(target)["code"] = {"type": "array", "items": _CODE, "minItems": 1}
    for legacy in ("rego", "libs"):
        del _properties(target)[legacy]
    del _properties(_at(schema, "spec", "crd", "spec", "validation"))["legacySchema"]
    return schema


def constraint() -> Schema:
    """Any constraint, its parameters left open: as frameworks' client/crds/schema.go puts it together."""
    matching = read_crd(module(GATEKEEPER) / "config/crd/bases/match.gatekeeper.sh_matchcrd.yaml", "match")
    scoped = _closed(
        ("action", "enforcementPoints"),
        action=_STRING,
        enforcementPoints={"type": "array", "items": _closed(("name",), name=_STRING)},
    )
    spec = _closed(
        match=convert_closed(cast(Schema, _properties(matching)["embeddedMatch"])),
        # The definition takes any string, and gator takes a misspelt action for none.
        enforcementAction={"enum": ["deny", "warn", "dryrun", "scoped"]},
        scopedEnforcementActions={"type": "array", "items": scoped},
        parameters={"type": "object"},
    )
    metadata = {**METADATA, "properties": {**_properties(METADATA), "name": {"type": "string", "maxLength": 63}}}
    return _closed(("apiVersion", "kind", "metadata"), apiVersion=_STRING, kind=_STRING, metadata=metadata, spec=spec)


def _properties(schema: Schema) -> dict[str, object]:
    return cast("dict[str, object]", schema["properties"])


def _at(schema: Schema, *path: str) -> Schema:
    for name in path:
        schema = cast(Schema, _properties(schema)[name])
    return schema


def kubernetes(name: str) -> Schema:
    """A type of Kubernetes itself, with references resolved."""
    spec = find_spec("kubernetes_validate")
    assert spec is not None
    assert spec.origin is not None
    file = Path(spec.origin).parent / "kubernetes-json-schema" / KUBERNETES / "_definitions.json"
    definitions = json.loads(file.read_bytes())["$defs"]

    def resolve(value: object) -> object:
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                return resolve(definitions[value["$ref"].removeprefix("#/$defs/")])
            return {key: resolve(inner) for key, inner in value.items()}
        return [resolve(inner) for inner in value] if isinstance(value, list) else value

    return convert(_open_api(cast(Schema, resolve(definitions[name]))))


def _open_api(schema: Schema) -> Schema:
    """`type: [object, null]` -> `type: object`: a manifest that we emit holds no nulls."""
    walked = {key: _walk(value, _open_api) for key, value in schema.items()}
    if isinstance(types := walked.get("type"), list):
        walked["type"] = next(name for name in types if name != "null")
    return walked


def _walk(value: object, change: Callable[[Schema], Schema]) -> object:
    if isinstance(value, dict):
        return change(value)
    return [_walk(inner, change) for inner in value] if isinstance(value, list) else value


def _crd(name: str, path: str, version: str) -> Callable[[], Schema]:
    return lambda: convert(read_crd(module(name) / path, version))


CONVERTED: Mapping[str, Callable[[], Schema]] = {
    "kyverno.io/v1/ClusterPolicy": _crd(KYVERNO, f"{_KYVERNO_CRDS}clusterpolicies.yaml", "v1"),
    "policies.kyverno.io/v1/ValidatingPolicy": _crd(KYVERNO, f"{_KYVERNO_CEL_CRDS}validatingpolicies.yaml", "v1"),
    "cli.kyverno.io/v1alpha1/Test": _crd(KYVERNO, f"{_KYVERNO_CLI_CRDS}tests.yaml", "v1alpha1"),
    "cli.kyverno.io/v1alpha1/Values": _crd(KYVERNO, f"{_KYVERNO_CLI_CRDS}values.yaml", "v1alpha1"),
    "templates.gatekeeper.sh/v1/ConstraintTemplate": constraint_template,
    "constraints.gatekeeper.sh/v1beta1/Constraint": constraint,
    "syncset.gatekeeper.sh/v1alpha1/SyncSet": _crd(
        GATEKEEPER, "config/crd/bases/syncset.gatekeeper.sh_syncsets.yaml", "v1alpha1"
    ),
    "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy": lambda: kubernetes(
        "io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicy"
    ),
    "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding": lambda: kubernetes(
        "io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding"
    ),
}
"""How each schema of a published definition is made."""


def file_of(kind: str) -> Path:
    """`kyverno.io/v1/ClusterPolicy` -> `.../kyverno.io_v1_ClusterPolicy.json`."""
    return HERE / f"{kind.replace('/', '_')}.json"


def texts() -> Iterator[tuple[Path, str]]:
    """Every converted file and its text."""
    for kind, make in CONVERTED.items():
        yield file_of(kind), json.dumps(make(), sort_keys=True, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    for file, text in texts():
        file.write_text(text, encoding="utf-8")
        print(f"{file.name}: {len(text)} bytes")
