"""The tools that people run take what is published as it is: they write the very files, and give the verdicts of the reference.

The registry wants a password: each tool finds it where `docker login` leaves it. `docs/oci.md` has the commands.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from cmpolicy.content import digest_of
from cmpolicy.evaluate import Verdict
from cmpolicy.ir import Rule
from cmpolicy.load import built_in_packs, load_packs
from cmpolicy.oci.artifacts import Artifact, Labels, artifacts_of
from cmpolicy.oci.built import Built, read_built
from cmpolicy.oci.clock import Clock
from cmpolicy.oci.reference import Remote
from cmpolicy.oci.registry import Registry
from cmpolicy.oci.signing import Format, Signer, sign_all
from cmpolicy.oci.transfer import publish
from cmpolicy.passes.tree import known_kinds
from cmpolicy.sign.provenance import Origin, provenance

from tests.cli.conftest import Run, tree
from tests.engines.adapters import Engine, Kyverno, write_objects
from tests.engines.agreement import compare
from tests.engines.questions import Question, everything, examples, reference, rounds
from tests.engines.registries.conftest import TAG, Registries
from tests.engines.registries.places import WRITER, docker_config
from tests.engines.registries.tools import Tool
from tests.sign.samples import KEY

TARGETS = ("datree", "gatekeeper", "kyverno", "kyverno-cel", "vap")
SHARE = 25
"""Of so many rules, one is put to the engines that take a process for each; every file is compared anyway."""


@dataclass(frozen=True, slots=True)
class Release:
    """What was published: `HOST/REPOSITORY`, and each artifact by its name, empty for the bundle."""

    place: str
    built: Built
    artifacts: Mapping[str, Artifact]

    def image(self, name: str) -> str:
        """A tag, as tools want it."""
        return f"{'/'.join(filter(None, (self.place, name)))}:{TAG}"

    def policies(self, target: str) -> dict[str, bytes]:
        """The files that its engine reads, by their path in the target's folder."""
        files = self.built.of(target).items()
        return {path: text for path, text in files if not path.startswith("tests/") and path != "kustomization.yaml"}

    def carried(self, target: str) -> tuple[Rule, ...]:
        """The target's rules, but those that look objects up."""
        ids = {each.rule for each in self.built.record.files if each.target == target}
        return tuple(rule for rule in load_packs(built_in_packs()).rules if rule.id in ids and not known_kinds(rule))


@pytest.fixture(scope="session")
def release(registries: Registries, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The bundle of all rules for every target, enforced, published and signed."""
    folder = tmp_path_factory.mktemp("whole")
    build = [sys.executable, "-m", "cmpolicy", "build", "--enforce"]
    subprocess.run(build, cwd=folder, check=True, capture_output=True)
    registry = registries("distribution-basic")
    host, _, repository = registry.place().partition("/")
    config = docker_config(folder / "docker", {host: {"auth": WRITER.basic}})
    built = read_built(folder / "dist")
    artifacts = artifacts_of(built, Labels())
    store = Registry(Remote(host, repository), Clock(60), plain=False, environment={"DOCKER_CONFIG": str(config)})
    publish(store, artifacts, TAG, iter)
    statement = provenance(artifacts[-1].digest, built.record, built.files, Origin())
    sign_all(store, artifacts, statement, Signer(KEY, Format.BUNDLE, ""))
    store.close()
    return Release(f"{host}/{repository}", built, {each.name: each for each in artifacts})


@pytest.fixture
def oras(binary: Callable[[str], Path]) -> Tool:
    return Tool(binary("oras"))


@pytest.fixture
def crane(binary: Callable[[str], Path]) -> Tool:
    return Tool(binary("crane"))


@pytest.mark.parametrize("target", TARGETS)
def test_oras_pulls_the_files_of_each_target(oras: Tool, release: Release, tmp_path: Path, target: str) -> None:
    oras.good("pull", "--plain-http", release.image(target), "--output", "pulled")
    assert tree(tmp_path / "pulled") == release.policies(target) != {}


def test_oras_pulls_the_bundle(oras: Tool, release: Release, tmp_path: Path) -> None:
    oras.good("pull", "--plain-http", release.image(""), "--output", "pulled")
    pulled = tree(tmp_path / "pulled")
    assert pulled["bundle.json"] == release.built.record_text
    assert pulled["rules.json"] == release.built.rules_text
    for target in TARGETS:
        parts = {**unpacked(pulled[f"{target}.tar.gz"]), **unpacked(pulled[f"{target}-tests.tar.gz"])}
        assert parts == release.built.of(target)


def unpacked(content: bytes) -> dict[str, bytes]:
    """Every file of an archive."""
    with tarfile.open(fileobj=BytesIO(content)) as archive:
        return {each.name: found.read() for each in archive if (found := archive.extractfile(each)) is not None}


def test_oras_and_crane_see_the_digests_that_were_told(oras: Tool, crane: Tool, release: Release) -> None:
    for name, artifact in release.artifacts.items():
        image = release.image(name)
        assert crane.good("digest", image).strip() == artifact.digest
        assert digest_of(crane.good("manifest", image).encode()) == artifact.digest
        assert oras.good("resolve", "--plain-http", image).strip() == artifact.digest


def test_crane_unpacks_what_argo_cd_and_flux_apply(crane: Tool, release: Release, tmp_path: Path) -> None:
    for target in TARGETS:
        if (name := f"gitops/{target}") in release.artifacts:
            crane.good("export", release.image(name), "all.tar")
            policies = release.policies(target)
            assert unpacked((tmp_path / "all.tar").read_bytes()).items() - policies.items() == {
                ("kustomization.yaml", release.built.of(target)["kustomization.yaml"])
            }


def test_oras_finds_what_is_attached(oras: Tool, release: Release) -> None:
    found = json.loads(oras.good("discover", "--plain-http", "--format", "json", release.image("")))
    kinds = [each["annotations"]["dev.sigstore.bundle.predicateType"] for each in found["referrers"]]
    assert sorted(kinds) == ["https://sigstore.dev/cosign/sign/v1", "https://slsa.dev/provenance/v1"]


def test_oras_reads_a_layout_and_writes_one(oras: Tool, cmpolicy: Run, release: Release, tmp_path: Path) -> None:
    assert cmpolicy("copy", f"oci://{release.image('')}", "oci-layout:all.tar").code == 0
    assert TAG in oras.good("repo", "tags", "--oci-layout", "all.tar").split()
    oras.good("pull", "--oci-layout", f"all.tar:vap_{TAG}", "--output", "pulled")
    assert tree(tmp_path / "pulled") == release.policies("vap")
    to = ("--to-oci-layout", f"theirs:{TAG}")
    oras.good("copy", "--recursive", "--from-plain-http", release.image(""), *to)
    assert cmpolicy("pull", "oci-layout:theirs", "--out", "bundle").code == 0
    assert tree(tmp_path / "bundle") == {
        **release.built.files,
        "bundle.json": release.built.record_text,
        "rules.json": release.built.rules_text,
    }
    (tmp_path / "key.pub").write_bytes(KEY.public.pem)
    verified = cmpolicy("verify", "oci-layout:theirs", "--key", "key.pub")
    assert verified.code == 1
    assert {line.split()[1] for line in verified.err.splitlines()} == {"digest"}, verified.err


def test_conftest_pulls_the_files(binary: Callable[[str], Path], release: Release, tmp_path: Path) -> None:
    for target in TARGETS:
        Tool(binary("conftest")).good("pull", "--policy", target, f"oci://{release.image(target)}")
        assert tree(tmp_path / target) == release.policies(target)


def test_engines_judge_by_what_oras_pulls(engine: Engine, oras: Tool, release: Release, tmp_path: Path) -> None:
    oras.good("pull", "--plain-http", release.image(engine.target), "--output", engine.target)
    agree(engine, tmp_path, release.carried(engine.target)[::SHARE])


def test_kyverno_pulls_policies_and_judges_by_them(
    binary: Callable[[str], Path], release: Release, tmp_path: Path, experimental: None
) -> None:
    kyverno = Tool(binary("kyverno"))
    kyverno.good("oci", "pull", "kyverno/policies", "--image", release.image("kyverno"))
    names = {f"policies/{path.name}" for path in (tmp_path / "kyverno/policies").iterdir()}
    assert names == set(release.policies("kyverno"))
    agree(Kyverno("kyverno", "kyverno", kyverno.binary), tmp_path, release.carried("kyverno")[::SHARE])


def test_kyverno_passes_over_validating_policies(
    binary: Callable[[str], Path], release: Release, tmp_path: Path, experimental: None
) -> None:
    Tool(binary("kyverno")).good("oci", "pull", "pulled", "--image", release.image("kyverno-cel"))
    assert tree(tmp_path / "pulled") == {}


@pytest.fixture
def experimental(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kyverno has `oci` only so."""
    monkeypatch.setenv("KYVERNO_EXPERIMENTAL", "true")


def agree(engine: Engine, folder: Path, rules: Iterable[Rule]) -> None:
    """The engine says of every example, by the files in `folder/TARGET`, what the reference says."""
    outcome = compare(engine, folder, examples(rules))
    assert not outcome.disagreements, str(outcome)
    assert outcome.allowed > 0
    assert outcome.denied > 0


@pytest.mark.parametrize("cel", ["true", "false"])
def test_gator_judges_by_the_image(binary: Callable[[str], Path], release: Release, tmp_path: Path, cel: str) -> None:
    rules = release.carried("gatekeeper")
    firsts = [each for each in examples(rules) if each.label in ("good[0]", "bad[0]")]
    asked = rounds(firsts)[0]
    objects = write_objects(tmp_path, asked)
    flags = (f"--enable-k8s-native-validation={cel}", "--output", "json")
    result = Tool(binary("gator"))("test", "--image", release.image("gatekeeper"), "--filename", objects, *flags)
    assert (result.code, result.err) == (1, "")
    ours = {rule.id for rule in rules}
    found = {
        (row["constraint"]["metadata"]["name"], row["violatingObject"]["metadata"]["uid"], row["msg"])
        for row in json.loads(result.out)
        if row["constraint"]["metadata"]["name"] in ours
    }
    assert found == set(denied(everything(rules, asked))) != set()


def denied(asked: Iterable[Question]) -> Iterable[tuple[str, str, str]]:
    """Rule, uid and message of all that the reference denies."""
    for question in asked:
        if (judgement := reference(question)).verdict is Verdict.FAIL:
            yield question.rule.id, question.uid, judgement.message
