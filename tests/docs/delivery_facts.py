"""What GitHub, Flux and Argo CD read of the files on `docs/delivery.md`: JSON Schemas of the fields that are used there.

Written down from the CRDs of source-controller 1.7, kustomize-controller 1.7 and Argo CD 3.1, and from GitHub's pages on the
syntax of workflows. A field that is not here is refused, right or wrong: look it up and add it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

TEXT: Schema = {"type": "string", "minLength": 1}
DURATION: Schema = {"type": "string", "pattern": r"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$"}


def a(*needed: str, **fields: Schema) -> Schema:
    """An object of these fields and no others; `needed` are required."""
    return {"type": "object", "properties": fields, "required": [*needed], "additionalProperties": False}


def one_of(*values: str) -> Schema:
    return {"enum": [*values]}


def kind(api_version: str, name: str, spec: Schema) -> Schema:
    """A namespaced object."""
    metadata = a("name", "namespace", name=TEXT, namespace=TEXT)
    return a(
        "apiVersion",
        "kind",
        "metadata",
        "spec",
        apiVersion={"const": api_version},
        kind={"const": name},
        metadata=metadata,
        spec=spec,
    )


OCI_REPOSITORY = kind(
    "source.toolkit.fluxcd.io/v1",
    "OCIRepository",
    a(
        "interval",
        "url",
        interval=DURATION,
        url={"type": "string", "pattern": "^oci://.*$"},
        ref=a(semver=TEXT, tag=TEXT, digest=TEXT),
        layerSelector=a(mediaType=TEXT, operation=one_of("extract", "copy")),
        verify=a("provider", provider=one_of("cosign", "notation"), secretRef=a("name", name=TEXT)),
        secretRef=a("name", name=TEXT),
    ),
)
KUSTOMIZATION = kind(
    "kustomize.toolkit.fluxcd.io/v1",
    "Kustomization",
    a(
        "interval",
        "prune",
        "sourceRef",
        interval=DURATION,
        prune={"type": "boolean"},
        wait={"type": "boolean"},
        path={"type": "string"},
        sourceRef=a(
            "kind",
            "name",
            kind=one_of("OCIRepository", "GitRepository", "Bucket", "ExternalArtifact"),
            name=TEXT,
            namespace=TEXT,
        ),
    ),
)
APPLICATION = kind(
    "argoproj.io/v1alpha1",
    "Application",
    a(
        "project",
        "destination",
        project=TEXT,
        source=a("repoURL", repoURL=TEXT, targetRevision=TEXT, path=TEXT),
        destination=a(server=TEXT, namespace=TEXT, name=TEXT),
        syncPolicy=a(
            automated=a(prune={"type": "boolean"}, selfHeal={"type": "boolean"}),
            syncOptions={"type": "array", "items": {"type": "string", "pattern": "^[A-Za-z]+=[A-Za-z]+$"}},
        ),
    ),
)
KINDS: Mapping[str, Schema] = {
    "OCIRepository": OCI_REPOSITORY,
    "Kustomization": KUSTOMIZATION,
    "Application": APPLICATION,
}

_STRINGS: Schema = {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}}
_ACCESS = one_of("read", "write", "none")
_PERMISSIONS = a(contents=_ACCESS, packages=_ACCESS)
_ACTION: Schema = {"type": "string", "pattern": r"^[\w.-]+/[\w./-]+@(v\d[\w.]*|[0-9a-f]{40})$"}
_STEP: Schema = {
    **a(name=TEXT, uses=_ACTION, run=TEXT, env=_STRINGS, **{"with": _STRINGS}),
    "oneOf": [{"required": ["uses"]}, {"required": ["run"]}],
}
_JOB = a(
    "runs-on",
    "steps",
    needs=TEXT,
    environment=TEXT,
    permissions=_PERMISSIONS,
    steps={"type": "array", "items": _STEP, "minItems": 1},
    **{"runs-on": one_of("ubuntu-24.04", "ubuntu-latest"), "if": TEXT},
)
WORKFLOW = a(
    "on",
    "jobs",
    name=TEXT,
    on=a(pull_request={"type": "null"}, push=a(tags={"type": "array", "items": TEXT})),
    permissions=_PERMISSIONS,
    env=_STRINGS,
    jobs={"type": "object", "additionalProperties": _JOB, "minProperties": 1},
)
"""`on` is a key like others for GitHub's reader, which follows YAML 1.2."""
