"""`cmpolicy publish`, `pull`, `inspect`, `tags` and `copy`: what they say, what they write, and how they end."""

from __future__ import annotations

import json
import signal
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from cmpolicy.oci.artifacts import Labels, artifacts_of
from cmpolicy.oci.layout import open_layout
from cmpolicy.oci.reference import Local
from cmpolicy.oci.transfer import publish

from tests.cli.conftest import FINE, Result, Run, finish, start, tree, write_rule
from tests.oci.samples import sample
from tests.oci.server import FakeRegistry, Handler


def test_publishing_tells_each_artifact_and_what_to_do_next(cmpolicy: Run, built: Path, registry: FakeRegistry) -> None:
    result = cmpolicy("publish", f"oci://{registry.host}/acme/policies:1.4.0")
    assert (result.code, result.err) == (0, "")
    *lines, following = result.out.splitlines()
    assert [line.split()[0] for line in lines] == ["kyverno", "gitops/kyverno", "vap", "gitops/vap", "bundle"]
    assert all("uploaded" in line for line in lines)
    assert following.startswith(f"Next: cmpolicy pull oci://{registry.host}/acme/policies@sha256:")


def test_publishing_again_uploads_nothing_and_says_so(cmpolicy: Run, place: str, registry: FakeRegistry) -> None:
    registry.asked.clear()
    result = cmpolicy("publish", place)
    assert result.code == 0
    assert result.out.count("already there\n") == 5
    assert "Everything was there already; nothing was uploaded." in result.out
    assert {each.method for each in registry.asked} == {"GET"}


def test_what_is_pulled_is_what_was_built(cmpolicy: Run, place: str, built: Path) -> None:
    result = cmpolicy("pull", place, "--out", "pulled")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("Pulled 2 rules for kyverno and vap: pulled\n  sha256:")
    assert tree(built / "pulled") == tree(built / "dist")
    assert cmpolicy("build", "--target", "vap", "--target", "kyverno", "--out", "pulled", "--check").code == 0


def test_one_target_is_pulled_beside_what_is_there(cmpolicy: Run, place: str, built: Path) -> None:
    assert cmpolicy("pull", place, "--target", "vap", "--out", "new").code == 0
    assert {path.split("/")[0] for path in tree(built / "new")} == {"bundle.json", "rules.json", "vap"}
    assert cmpolicy("build", "--target", "datree", "--out", "mixed").code == 0
    assert cmpolicy("pull", place, "--target", "vap", "--out", "mixed").code == 0
    assert json.loads((built / "mixed/bundle.json").read_text())["targets"] == ["datree", "vap"]
    assert cmpolicy("build", "--target", "vap", "--target", "datree", "--out", "mixed", "--check").code == 0


def test_a_folder_of_something_else_is_left_alone(cmpolicy: Run, place: str, built: Path) -> None:
    (built / "mine").mkdir()
    (built / "mine" / "bundle.json").write_text("mine")
    result = cmpolicy("pull", place, "--out", "mine")
    assert result.code == 2
    assert "holds something else than a bundle" in result.err
    assert tree(built / "mine") == {"bundle.json": b"mine"}


def test_a_pull_that_fails_changes_nothing(cmpolicy: Run, place: str, built: Path, registry: FakeRegistry) -> None:
    before = tree(built)
    for digest, content in list(registry.blobs.items()):
        if len(content) > 2:
            registry.blobs[digest] = content[:-1] + b"!"
    for out in ("dist", "new"):
        result = cmpolicy("pull", place, "--out", out)
        assert result.code == 2
        assert "other content, whose digest is" in result.err
    assert tree(built) == before
    assert not (built / "new").exists()


def test_inspecting_shows_what_is_there(cmpolicy: Run, place: str, built: Path) -> None:
    result = cmpolicy("inspect", place)
    assert result.code == 0
    assert "  vap: 2 rules, audit, by cmpolicy" in result.out
    assert "  version: 1.4.0" in result.out
    assert "  gitops/vap      sha256:" in result.out
    found = json.loads(cmpolicy("inspect", place, "--output", "json").out)
    assert found["schema"] == "cmpolicy.inspect/v1"
    assert [each["name"] for each in found["artifacts"]] == ["kyverno", "gitops/kyverno", "vap", "gitops/vap"]
    assert found["digest"] == json.loads(cmpolicy("publish", place, "--output", "json").out)["digest"]


def test_a_bundle_crosses_an_air_gap(cmpolicy: Run, place: str, built: Path, registry: FakeRegistry) -> None:
    assert cmpolicy("copy", place, "oci-layout:policies.tar").code == 0
    assert cmpolicy("tags", "oci-layout:policies.tar").out == "1.4.0\n"
    before = dict(registry.manifests)
    registry.manifests.clear()
    registry.blobs.clear()
    back = cmpolicy("copy", "oci-layout:policies.tar", place.rpartition(":")[0])
    assert back.code == 0
    assert registry.manifests == before
    assert cmpolicy("pull", "oci-layout:policies.tar", "--out", "pulled").code == 0
    assert tree(built / "pulled") == tree(built / "dist")


def test_tags_are_listed(cmpolicy: Run, place: str) -> None:
    assert cmpolicy("copy", place, place.replace("1.4.0", "stable")).code == 0
    assert cmpolicy("tags", place.rpartition(":")[0]).out == "1.4.0\nstable\n"
    found = json.loads(cmpolicy("tags", place, "--output", "json").out)
    assert found == {"schema": "cmpolicy.tags/v1", "tags": ["1.4.0", "stable"]}


def test_annotations_are_those_that_were_asked_for(
    cmpolicy: Run, place: str, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1764000000")
    options = [
        "--source",
        "https://example.com/p",
        "--licenses",
        "MIT",
        "--version",
        "9",
        "--annotation",
        "vendor=Acme",
    ]
    assert cmpolicy("publish", place, *options).code == 0
    found = json.loads(cmpolicy("inspect", place, "--output", "json").out)["annotations"]
    words = {key.removeprefix("org.opencontainers.image."): text for key, text in found.items()}
    assert words.pop("description")
    assert words == {
        "created": "2025-11-24T16:00:00Z",
        "source": "https://example.com/p",
        "licenses": "MIT",
        "version": "9",
        "vendor": "Acme",
    }


@pytest.mark.parametrize("epoch", ["soon", "-1", "1.5", "253402300800"])
def test_a_date_that_is_none_is_told(cmpolicy: Run, built: Path, monkeypatch: pytest.MonkeyPatch, epoch: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    result = cmpolicy("publish", "oci-layout:x:1")
    assert result.code == 2
    assert "not the seconds since 1970" in result.err


def test_a_bundle_that_was_changed_is_not_published(cmpolicy: Run, built: Path, registry: FakeRegistry) -> None:
    (built / "dist/vap/policies/my-first.yaml").write_text("changed")
    result = cmpolicy("publish", f"oci://{registry.host}/acme/policies:1")
    assert result.code == 2
    assert "`dist/vap/policies/my-first.yaml` is not what was built" in result.err
    assert not registry.asked


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["publish", "registry.example/a:1"], "is no reference"),
        (["publish", "oci://registry.example/a"], "names no tag to write to"),
        (["publish", "oci-layout:x:1", "--from", "none"], "holds no bundle of this cmpolicy"),
        (["publish", "oci-layout:x:1", "--target", "opa"], "opa"),
        (["publish", "oci-layout:x:1", "--annotation", "vendor"], "is no annotation"),
        (["pull", "oci://registry.example/a"], "neither a tag nor a digest"),
        (["pull", "oci-layout:none"], "is not there"),
        (["inspect", "oci-layout:none.tar"], "no such file"),
        (["copy", "oci-layout:none", "oci-layout:x"], "is not there"),
        (["tags", "oci://"], "names no registry"),
        (["pull", "oci://127.0.0.1:1/a:1", "--timeout", "0"], "--timeout"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_done_is_told(cmpolicy: Run, built: Path, arguments: list[str], said: str) -> None:
    before = tree(built)
    result = cmpolicy(*arguments)
    assert result.code == 2
    assert result.out == ""
    assert said in result.err
    assert "bug" not in result.err
    assert json.loads(cmpolicy(*arguments, "--output", "json").out)["schema"] == "cmpolicy.problems/v1"
    assert tree(built) == before


def test_a_registry_that_is_not_there_is_told_in_time(cmpolicy: Run, built: Path) -> None:
    result = cmpolicy("pull", "oci://127.0.0.1:1/a:1", "--timeout", "3")
    assert result.code == 2
    assert "did not end within 3 s: connection refused" in result.err


def test_a_published_bundle_is_a_side_of_a_comparison(cmpolicy: Run, place: str, built: Path) -> None:
    write_rule(built, "first", FINE.replace(">= minimum", "> minimum"))
    assert cmpolicy("build", "--target", "vap", "--target", "kyverno", "--out", "new").code == 0
    for old in (place, "dist"):
        result = cmpolicy("diff", old, "new", "--output", "json")
        assert result.code == 1
        assert [each["rule"] for each in json.loads(result.out)["changes"]] == ["my-first"]
    against_working_tree = cmpolicy("diff", place)
    assert against_working_tree.code == 1
    assert f"{place} -> working tree" in against_working_tree.out


def test_comparing_reads_the_rules_alone(cmpolicy: Run, place: str, registry: FakeRegistry) -> None:
    registry.asked.clear()
    assert cmpolicy("diff", place, place).code == 0
    assert len(registry.asked) == 2 * 4


def test_a_layout_above_the_working_folder_is_no_range_of_revisions(cmpolicy: Run, place: str, built: Path) -> None:
    assert cmpolicy("copy", place, "oci-layout:../policies.tar").code == 0
    assert cmpolicy("diff", "oci-layout:../policies.tar").code == 0


def test_a_side_that_is_not_there_is_told(cmpolicy: Run, place: str) -> None:
    result = cmpolicy("diff", place.replace("1.4.0", "9"), "dist")
    assert result.code == 2
    assert "is not there" in result.err


def test_being_terminated_ends_what_is_under_way(built: Path, registry: FakeRegistry) -> None:
    asked, done = Event(), Event()

    def silence(handler: Handler) -> bool:
        if handler.command != "HEAD":
            return False
        asked.set()
        done.wait(120)
        return handler.hang_up()

    registry.fault = silence
    process = start("publish", f"oci://{registry.host}/acme/policies:1", cwd=built)
    try:
        assert asked.wait(30)
        process.send_signal(signal.SIGTERM)
        result = finish(process)
    finally:
        done.set()
    assert result == Result(143, "", "")
    assert not registry.manifests


def test_a_terminal_obeys_nothing_that_others_wrote(cmpolicy: Run, tmp_path: Path) -> None:
    made = sample(tmp_path / "made")
    builds = {
        target: replace(build, revision="\x1b]0;x\x07", parameters={"x": "\x9b31m\u202e"})
        for target, build in made.record.builds.items()
    }
    record = replace(made.record, builds=builds)
    odd = replace(made, record=record, record_text=record.text().encode())
    with open_layout(Local(tmp_path / "odd"), write=True) as store:
        publish(store, artifacts_of(odd, Labels()), "1.4.0", iter)
    pulled = cmpolicy("pull", f"oci-layout:{tmp_path / 'odd'}", "--out", str(tmp_path / "pulled"))
    assert (pulled.code, "revision \\x1b]0;x\\x07" in pulled.out) == (0, True)
    shown = cmpolicy("inspect", f"oci-layout:{tmp_path / 'odd'}", "--output", "json")
    assert shown.code == 0
    assert shown.out.isascii()
    assert json.loads(shown.out)["targets"]["vap"]["parameters"] == {"x": "\x9b31m\u202e"}


def test_http_is_not_allowed_to_two_registries_at_once(cmpolicy: Run) -> None:
    result = cmpolicy("copy", "oci://a.invalid/x:1", "oci://b.invalid/x", "--plain-http")
    assert result.code == 2
    assert "`--plain-http` would be for both `a.invalid` and `b.invalid`" in result.err


@pytest.mark.parametrize("host", ["docker.io", "index.docker.io", "registry-1.docker.io"])
def test_docker_hub_takes_no_bundle_and_is_not_asked(cmpolicy: Run, place: str, host: str) -> None:
    there = f"oci://{host}/acme/policies:1.4.0"
    for command in (["publish", there], ["copy", place, there]):
        result = cmpolicy(*command)
        assert (result.code, result.out) == (2, "")
        assert "Docker Hub takes no repository below `acme/policies`" in result.err
        assert "more than two parts" in result.err


def test_no_number_of_seconds_is_refused(cmpolicy: Run, workspace: Path) -> None:
    result = cmpolicy("tags", "oci-layout:nowhere", "--timeout", "nan")
    assert result.code == 2
    assert "`nan` is no number of seconds" in result.err
