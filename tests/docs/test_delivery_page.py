"""The files on `docs/delivery.md` are what GitHub, Flux and Argo CD read, their commands run, and what they name is there."""

from __future__ import annotations

import io
import json
import re
import shlex
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from cmpolicy.cli.group import LazyGroup
from cmpolicy.oci.archive import gunzip
from cmpolicy.sign.classic import Signed, verify_classic
from cmpolicy.sign.files import load_public
from jsonschema import Draft202012Validator

from tests.docs.delivery import (
    CONSUMES,
    EXPRESSION,
    FILES,
    INSTALLS,
    PAGE,
    PUBLISHES,
    ROOT,
    TOKEN,
    USER,
    Runner,
    checkout,
    documents,
    new_keys,
    scripts,
)
from tests.docs.delivery_facts import KINDS, WORKFLOW, Schema
from tests.oci.server import FakeRegistry, digest_of, serving

WORKFLOWS = (PUBLISHES, CONSUMES)


def problems(document: Any, schema: Schema) -> list[str]:
    return [f"{found.json_path}: {found.message}" for found in Draft202012Validator(schema).iter_errors(document)]


def test_the_page_has_these_files() -> None:
    assert set(FILES) == {*WORKFLOWS, "flux.yaml", "argocd.yaml"}
    assert PAGE.count("```yaml") == len(FILES)


@pytest.mark.parametrize("name", WORKFLOWS)
def test_github_reads_the_workflow(name: str) -> None:
    (workflow,) = documents(name)
    assert problems(workflow, WORKFLOW) == []
    assert {job["needs"] for job in workflow["jobs"].values() if "needs" in job} <= workflow["jobs"].keys()
    used = set(re.findall(r"\$\{\{.*?\}\}", FILES[name]))
    assert {each for each in used if not EXPRESSION.fullmatch(each)} == set()


def test_only_the_job_that_publishes_may_write_and_has_the_key() -> None:
    jobs = documents(PUBLISHES)[0]["jobs"]
    assert {name for name, job in jobs.items() if "write" in job.get("permissions", {}).values()} == {"publish"}
    assert {name for name, job in jobs.items() if "COSIGN_KEY" in json.dumps(job)} == {"publish"}
    assert jobs["publish"]["if"] == "startsWith(github.ref, 'refs/tags/v')"


@pytest.mark.parametrize(
    "change", [{"on": {"pull-request": None}}, {"jobs": {}}, {"permissions": {"packages": "admin"}}]
)
def test_the_facts_refuse_what_github_would(change: dict[str, object]) -> None:
    assert problems({**documents(PUBLISHES)[0], **change}, WORKFLOW)


@pytest.mark.parametrize("name", ["flux.yaml", "argocd.yaml"])
def test_the_objects_are_what_their_crds_describe(name: str) -> None:
    for document in documents(name):
        assert problems(document, KINDS[document["kind"]]) == []


def test_the_kustomization_is_of_the_repository() -> None:
    repository, kustomization = documents("flux.yaml")
    assert kustomization["spec"]["sourceRef"] == {"kind": repository["kind"], "name": repository["metadata"]["name"]}
    assert kustomization["metadata"]["namespace"] == repository["metadata"]["namespace"]


def commands() -> Iterator[str]:
    """Every command line of cmpolicy on the page, in scripts and in text."""
    for name in WORKFLOWS:
        for script in scripts(name):
            for line in script.replace("\\\n", " ").splitlines():
                if line.startswith("cmpolicy "):
                    yield line
    yield from re.findall(r"`(cmpolicy [^`]* [^`]*)`", PAGE)


COMMANDS = tuple(commands())


def test_there_are_commands() -> None:
    assert {line.split()[1] for line in COMMANDS} >= {"build", "check", "publish", "verify", "pull", "inspect", "keys"}


@pytest.mark.parametrize("line", COMMANDS)
def test_the_command_line_takes_it(line: str) -> None:
    words = shlex.split(line)[1:]
    group: click.Command = LazyGroup(name="cmpolicy")
    while isinstance(group, click.Group):
        found = group.get_command(click.Context(group), words[0])
        assert found is not None, words
        group, words = found, words[1:]
    assert group.make_context(group.name, words).args == []


def test_what_is_installed_is_there() -> None:
    extras = (ROOT / "pyproject.toml").read_text()
    for name in WORKFLOWS:
        (asked,) = {step.removeprefix(INSTALLS) for step in scripts(name) if step.startswith(INSTALLS)} - {"cmpolicy"}
        assert asked == "'cmpolicy[sign]'"
    assert "\nsign = [" in extras


@dataclass
class Delivered:
    """What the workflow published, and who did."""

    registry: FakeRegistry
    runner: Runner


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Delivered]:
    """The registry after the workflow that publishes has run."""
    folder = checkout(tmp_path_factory.mktemp("policies"))
    secrets = new_keys(folder)
    with serving() as registry:
        registry.user, registry.password = USER, TOKEN
        runner = Runner(folder, registry.host, secrets)
        failed = runner.run(PUBLISHES)
        assert failed is None, failed.stderr
        yield Delivered(registry, runner)


def test_every_step_ran(delivered: Delivered) -> None:
    left = [script for script in scripts(PUBLISHES) if script not in delivered.runner.ran]
    assert {script.split()[0] for script in left} == {"python", "kyverno"}
    assert ("acme/policies", "1.4.0") in delivered.registry.manifests


def test_a_consumer_gets_the_policies(delivered: Delivered, tmp_path: Path) -> None:
    runner = consumer(delivered, tmp_path / "manifests")
    failed = runner.run(CONSUMES)
    assert failed is None, failed.stderr
    assert [path.name for path in (runner.folder / "bundle/kyverno-cel/policies").iterdir() if "no-root" in path.name]
    assert not (runner.folder / "bundle/gatekeeper").exists()


def consumer(delivered: Delivered, folder: Path) -> Runner:
    folder.mkdir()
    (folder / "cosign.pub").write_bytes((delivered.runner.folder / "cosign.pub").read_bytes())
    return Runner(folder, delivered.registry.host, {"GITHUB_TOKEN": TOKEN})


def test_a_consumer_with_another_key_gets_nothing(delivered: Delivered, tmp_path: Path) -> None:
    runner = consumer(delivered, tmp_path / "manifests")
    new_keys(runner.folder)
    failed = runner.run(CONSUMES)
    assert failed is not None
    assert failed.returncode == 1
    assert "signature" in failed.stderr
    assert not (runner.folder / "bundle").exists()


def taken(delivered: Delivered, url: str, tag: str) -> tuple[bytes, dict[str, Any]]:
    """The manifest that a tool takes, named as the page does."""
    repository = url.removeprefix("oci://ghcr.io/")
    content = delivered.registry.manifests[repository, tag]
    return content, json.loads(content)


def unpacked(delivered: Delivered, layer: dict[str, Any]) -> dict[str, bytes]:
    content = delivered.registry.blobs[layer["digest"]]
    with tarfile.open(fileobj=io.BytesIO(gunzip(content))) as tar:
        assert all(entry.isreg() for entry in tar)
        return {entry.name: found.read() for entry in tar if (found := tar.extractfile(entry)) is not None}


def is_whole(files: dict[str, bytes]) -> bool:
    """Whether the kustomization lists exactly the files beside it."""
    return {*yaml.safe_load(files["kustomization.yaml"])["resources"], "kustomization.yaml"} == files.keys()


ARGO_CD_TAKES = (
    "application/vnd.oci.image.layer.v1.tar",
    "application/vnd.oci.image.layer.v1.tar+gzip",
    "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
)
"""What its repo-server takes unless it is told otherwise."""


def test_argo_cd_finds_its_only_layer(delivered: Delivered) -> None:
    source = documents("argocd.yaml")[0]["spec"]["source"]
    _, manifest = taken(delivered, source["repoURL"], source["targetRevision"])
    (layer,) = manifest["layers"]
    assert layer["mediaType"] in ARGO_CD_TAKES
    assert source["path"] == "."
    assert is_whole(unpacked(delivered, layer))


def test_flux_finds_its_layer_and_the_signature(delivered: Delivered) -> None:
    spec = documents("flux.yaml")[0]["spec"]
    # 1.x has 1.4.0, and a version is what is between dots.
    assert spec["ref"] == {"semver": "1.x"}
    content, manifest = taken(delivered, spec["url"], "1.4.0")
    layer = next(each for each in manifest["layers"] if each["mediaType"] == spec["layerSelector"]["mediaType"])
    assert layer == manifest["layers"][0], "a Flux without a selector takes the first"
    assert is_whole(unpacked(delivered, layer))
    key = load_public(delivered.runner.folder / "cosign.pub")
    _, signatures = taken(delivered, spec["url"], digest_of(content).replace(":", "-") + ".sig")
    (signature,) = signatures["layers"]
    payload = delivered.registry.blobs[signature["digest"]]
    verify_classic(
        Signed(payload, signature["annotations"]["dev.cosignproject.cosign/signature"]), key, digest_of(content)
    )
