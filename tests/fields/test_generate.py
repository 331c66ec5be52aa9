"""The generator: the same schemas give the same files, and names are short, unique and readable."""

from __future__ import annotations

from pathlib import Path

import pytest
from cmpolicy import ir
from cmpolicy.fields import generate
from cmpolicy.fields.generate import Definitions, build, plural, short_names, stable_kinds, unite
from cmpolicy.fields.index import INDEX_FILE

META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
THING = "io.k8s.api.apps.v1.Thing"


def definitions(**properties: str) -> Definitions:
    """A version with one kind, `apps/v1/Thing`, that has these string fields."""
    return {
        META: {"properties": {"name": {"type": "string"}}},
        THING: {
            "properties": {
                "metadata": {"$ref": f"#/$defs/{META}"},
                **{name: {"type": [type_, "null"]} for name, type_ in properties.items()},
            },
            "x-kubernetes-group-version-kind": [{"group": "apps", "version": "v1", "kind": "Thing"}],
        },
    }


@pytest.mark.parametrize("file", [INDEX_FILE, generate.STUB_FILE], ids=lambda file: file.name)
def test_file_is_what_the_generator_writes(file: Path) -> None:
    assert generate.generated()[file] == file.read_text(encoding="utf-8")


def test_check_writes_nothing_and_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stale = tmp_path / "index.json"
    monkeypatch.setattr(generate, "generated", lambda: {stale: "new"})
    assert generate.main(["--check"]) == 1
    assert not stale.exists()
    assert "out of date" in capsys.readouterr().out
    assert generate.main([]) == 0
    assert stale.read_text(encoding="utf-8") == "new"
    assert generate.main(["--check"]) == 0


def test_fields_carry_the_versions_that_have_them() -> None:
    index = build(
        {
            25: definitions(kept="string", dropped="string"),
            26: definitions(kept="string", dropped="string", added="boolean"),
            27: definitions(kept="string", added="boolean"),
        }
    )
    assert index.versions == ("1.25", "1.27")
    assert index.types["Thing"] == {
        "added": "boolean 1.26-",
        "dropped": "string -1.26",
        "kept": "string",
        "metadata": "ObjectMeta",
    }


def test_newest_type_of_a_field_counts() -> None:
    index = build({25: definitions(size="string"), 26: definitions(size="integer")})
    assert index.types["Thing"]["size"] == "integer"


@pytest.mark.parametrize(
    ("version", "kind", "stable"),
    [("v1", "Thing", True), ("v2", "Thing", True), ("v1beta1", "Thing", False), ("v1", "Eviction", False)],
)
def test_stable_kind(version: str, kind: str, stable: bool) -> None:
    versions = definitions()
    versions[THING]["x-kubernetes-group-version-kind"] = [{"group": "apps", "version": version, "kind": kind}]
    assert (THING in stable_kinds(unite({25: versions}))) is stable


@pytest.mark.parametrize(
    ("names", "kinds", "expected"),
    [
        pytest.param(["a.core.v1.Port", "a.discovery.v1.Port"], [], ["Port", "DiscoveryPort"], id="core_first"),
        pytest.param(["a.core.v1.Claim", "a.resource.v1.Claim"], [1], ["CoreClaim", "Claim"], id="kind_before_core"),
        pytest.param(["a.scale.v1.Target", "a.scale.v2.Target"], [], ["TargetV1", "Target"], id="newer_version_first"),
        pytest.param(["a.flow.v1.Subject", "a.rbac.v1.Subject"], [], ["FlowSubject", "RbacSubject"], id="equals"),
    ],
)
def test_namesakes_are_told_apart(names: list[str], kinds: list[int], expected: list[str]) -> None:
    kind = ir.Kind("g", "v1", "K", "ks", True)
    assert list(short_names(names, {names[each]: kind for each in kinds}).values()) == expected


@pytest.mark.parametrize(
    ("kind", "resource"),
    [
        ("Pod", "pods"),
        ("NetworkPolicy", "networkpolicies"),
        ("Gateway", "gateways"),
        ("Ingress", "ingresses"),
        ("IPAddress", "ipaddresses"),
        ("Mesh", "meshes"),
        ("Endpoints", "endpoints"),
    ],
)
def test_plural(kind: str, resource: str) -> None:
    assert plural(kind) == resource
