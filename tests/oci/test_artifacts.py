"""What is published of a bundle: shapes that other tools read, and digests that are the same everywhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from cmpolicy.oci.archive import gunzip, unpack
from cmpolicy.oci.artifacts import Artifact, Labels, artifacts_of
from cmpolicy.oci.model import TITLE, read_manifest
from cmpolicy.targets import TARGETS
from cmpolicy.targets.shapes import SHAPES

from tests.oci.samples import REVISION, sample

LABELS = Labels({"version": "1.4.0", "source": "https://example.com/policies", "licenses": "Apache-2.0"})

DIGESTS = {
    "datree": "sha256:226e5bfd578dcb10e6986d719eb9af651471b3dbf0101c0ae7826cec9c10d311",
    "gatekeeper": "sha256:e9170031fa59594fa004451ba4885f1a96d622ef5368f267f90bdd584e1219ff",
    "gitops/gatekeeper": "sha256:f0bb1e5fab918a507ff76bf090c1b671684eb9ecdb8cea77b9db2ba4b9ff50c6",
    "kyverno": "sha256:138d01731aef71c7d119f671b7992c3740faadd4ba87619905b42be0dddc6a75",
    "gitops/kyverno": "sha256:8996a14d824aa369156048c29eac3d79d39d1fde8786a980ee6903cd9d268241",
    "kyverno-cel": "sha256:eb04add89460bdc9a6aab3f660b9768113ddf32541c1776cb9eb8df18445f062",
    "gitops/kyverno-cel": "sha256:24f42924c4da3ac4657ff09845018036541122635caa4098978b41d83c032426",
    "vap": "sha256:116fd329f079a0deb7cadd35bde3916627c1a9235deb41ca1c51671757399994",
    "gitops/vap": "sha256:38c57ca48b071ddd977c837fc7ebd673ab0b2cd7c9fec8d6bb931b67992fa63c",
    "": "sha256:b5e235e19cff4202abd2cd3c5c289dfecc4929da48ce74c5fdcb8727accf0200",
}

PRINT = """
import sys
from pathlib import Path
from cmpolicy.oci.artifacts import Labels, artifacts_of
from cmpolicy.oci.built import read_built
for each in artifacts_of(read_built(Path(sys.argv[1])), Labels({"version": "1.4.0"})):
    print(each.name, each.digest, *(blob.descriptor.digest for blob in each.blobs))
"""


@pytest.fixture
def artifacts(tmp_path: Path) -> Mapping[str, Artifact]:
    return {each.name: each for each in artifacts_of(sample(tmp_path), LABELS)}


def test_digests_are_golden(artifacts: Mapping[str, Artifact]) -> None:
    assert {name: each.digest for name, each in artifacts.items()} == DIGESTS


@pytest.mark.parametrize(
    "env",
    [
        {"PYTHONHASHSEED": "4242", "LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati"},
        {"PYTHONHASHSEED": "1", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONOPTIMIZE": "1"},
    ],
    ids=["elsewhere", "ascii"],
)
def test_every_process_makes_the_same_digests(env: Mapping[str, str], tmp_path: Path) -> None:
    sample(tmp_path / "dist")
    (tmp_path / "other").symlink_to("dist")

    def told(folder: str, env: Mapping[str, str]) -> str:
        command = [sys.executable, "-c", PRINT, folder]
        done = subprocess.run(command, cwd=tmp_path, env={**os.environ, **env}, check=True, capture_output=True)
        return done.stdout.decode()

    expected = told("dist", {"PYTHONHASHSEED": "0", "TZ": "UTC"})
    assert expected.count("sha256:") > 10
    assert told(str(tmp_path / "other"), env) == expected


def test_every_target_has_a_manifest_and_the_bundle_comes_last(artifacts: Mapping[str, Artifact]) -> None:
    native = ["datree", "gatekeeper", "kyverno", "kyverno-cel", "vap"]
    gitops = [f"gitops/{name}" for name in native if name != "datree"]
    assert sorted(artifacts) == sorted([*native, *gitops, ""])
    assert list(artifacts)[-1] == ""


def test_every_target_has_a_shape() -> None:
    assert SHAPES.keys() == TARGETS.keys()


def test_a_manifest_is_read_as_it_was_written(artifacts: Mapping[str, Artifact]) -> None:
    assert [name for name, each in artifacts.items() if read_manifest(each.manifest.text()) != each.manifest] == []


def test_every_blob_of_a_manifest_is_there(artifacts: Mapping[str, Artifact]) -> None:
    for each in artifacts.values():
        assert {blob.descriptor.digest for blob in each.blobs} == {b.digest for b in each.manifest.blobs}
        assert [blob.descriptor.check(blob.content) for blob in each.blobs] == [blob.content for blob in each.blobs]


def test_kyverno_finds_policies_by_media_type_and_name(artifacts: Mapping[str, Artifact]) -> None:
    manifest = artifacts["kyverno"].manifest
    assert manifest.config.media_type == "application/vnd.cncf.kyverno.config.v1+json"
    assert [layer.media_type for layer in manifest.layers] == ["application/vnd.cncf.kyverno.policy.layer.v1+yaml"] * 2
    assert manifest.layers[0].annotations == {
        "io.kyverno.image.apiVersion": "kyverno.io/v1",
        "io.kyverno.image.kind": "ClusterPolicy",
        "io.kyverno.image.name": "sample-one",
        TITLE: "policies/sample-one.yaml",
    }


def test_gator_gets_titled_files_templates_first_and_no_kustomization(artifacts: Mapping[str, Artifact]) -> None:
    assert [layer.title for layer in artifacts["gatekeeper"].manifest.layers] == [
        "templates/sample-one.yaml",
        "templates/sample-two.yaml",
        "constraints/sample-one.yaml",
        "constraints/sample-two.yaml",
    ]


def test_gitops_tools_get_one_layer_that_they_unpack(artifacts: Mapping[str, Artifact]) -> None:
    (layer,) = artifacts["gitops/vap"].manifest.layers
    assert layer.media_type == "application/vnd.oci.image.layer.v1.tar+gzip"
    content = next(b.content for b in artifacts["gitops/vap"].blobs if b.descriptor.digest == layer.digest)
    assert sorted(unpack(gunzip(content))) == [
        "kustomization.yaml",
        "policies/sample-one.yaml",
        "policies/sample-two.yaml",
    ]


def test_flux_types_are_an_option(tmp_path: Path) -> None:
    found = {each.name: each.manifest for each in artifacts_of(sample(tmp_path), Labels(flux=True))}
    assert found["gitops/vap"].config.media_type == "application/vnd.cncf.flux.config.v1+json"
    assert found["gitops/vap"].layers[0].media_type == "application/vnd.cncf.flux.content.v1.tar+gzip"


def test_the_bundle_locks_the_others(artifacts: Mapping[str, Artifact]) -> None:
    bundle = artifacts[""]
    assert bundle.manifest.artifact_type == "application/vnd.cmpolicy.bundle.v1"
    lock = next(layer for layer in bundle.manifest.layers if layer.title == "lock.json")
    content = next(b.content for b in bundle.blobs if b.descriptor.digest == lock.digest)
    locked = {each["name"]: each["digest"] for each in json.loads(content)["artifacts"]}
    assert locked == {name: each.digest for name, each in artifacts.items() if name}


def test_annotations_are_the_standard_ones(artifacts: Mapping[str, Artifact]) -> None:
    for each in artifacts.values():
        found = {key.removeprefix("org.opencontainers.image."): text for key, text in each.manifest.annotations.items()}
        assert found.pop("description")
        assert found == {**LABELS.annotations, "revision": REVISION}
