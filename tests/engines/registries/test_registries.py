"""What cmpolicy does with a registry, on real ones: with a list of referrers and without, open, with passwords, with tokens."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Result, Run, tree
from tests.engines.registries.conftest import TAG, Publish, Registries
from tests.engines.registries.places import READER, WRITER, Registry, docker_config
from tests.engines.registries.tokens import Login

NAMES = ["kyverno", "gitops/kyverno", "vap", "gitops/vap"]
LIST = re.compile(r"/manifests/sha256-[0-9a-f]{64}$")
"""The tag of the list for registries that keep none."""


def told(result: Result) -> Any:
    """The document that a command printed."""
    assert (result.code, result.err) == (0, "")
    return json.loads(result.out)


def test_what_is_pulled_is_what_was_published(cmpolicy: Run, publish: Publish, dist: Path, tmp_path: Path) -> None:
    assert cmpolicy("pull", publish(), "--out", "pulled").code == 0
    assert tree(tmp_path / "pulled") == tree(dist)


def test_digests_are_those_of_a_layout_on_disk(cmpolicy: Run, publish: Publish, dist: Path) -> None:
    layout = told(cmpolicy("publish", f"oci-layout:here:{TAG}", "--from", str(dist), "--output", "json"))
    found = told(cmpolicy("inspect", publish(), "--output", "json"))
    assert found["digest"] == layout["digest"]
    assert [each["name"] for each in found["artifacts"]] == NAMES
    assert [each["digest"] for each in found["artifacts"]] == [each["digest"] for each in layout["artifacts"][:-1]]


def test_publishing_again_uploads_nothing(registry: Registry, cmpolicy: Run, publish: Publish, dist: Path) -> None:
    reference = publish()
    before = registry.writes()
    result = cmpolicy("publish", reference, "--from", str(dist))
    assert result.out.count("already there\n") == len(NAMES) + 1
    assert "Everything was there already; nothing was uploaded." in result.out
    assert registry.writes() == before != []


def test_a_tag_that_is_moved_is_told_and_its_digest_stays(
    cmpolicy: Run, publish: Publish, place: str, dist: Path, other_dist: Path, tmp_path: Path
) -> None:
    digest = told(cmpolicy("inspect", publish(), "--output", "json"))["digest"]
    moved = told(cmpolicy("publish", f"oci://{place}:{TAG}", "--from", str(other_dist), "--output", "json"))
    assert moved["artifacts"][-1]["replaced"] == digest != moved["digest"]
    assert cmpolicy("pull", f"oci://{place}@{digest}", "--out", "pulled").code == 0
    assert tree(tmp_path / "pulled") == tree(dist)


def test_tags_are_those_of_bundles(cmpolicy: Run, publish: Publish, keys: Path, place: str) -> None:
    reference = publish("--sign-key", "cosign.key")
    assert cmpolicy("copy", reference, f"oci://{place}:stable").code == 0
    assert told(cmpolicy("tags", f"oci://{place}", "--output", "json"))["tags"] == [TAG, "stable"]


def test_what_is_not_there_is_told(cmpolicy: Run, place: str) -> None:
    for command, what in (("tags", place), ("inspect", f"{place}:{TAG}"), ("pull", f"{place}:{TAG}")):
        result = cmpolicy(command, f"oci://{what}")
        assert (result.code, result.out) == (2, "")
        assert f"`{what}` is not there" in result.err


def test_what_is_signed_verifies_with_its_key_alone(cmpolicy: Run, publish: Publish, dist: Path, keys: Path) -> None:
    reference = publish("--sign-key", "cosign.key")
    good = cmpolicy("verify", reference, "--key", "cosign.pub")
    assert (good.code, good.err) == (0, "")
    assert "digests ok (5 of 5)" in good.out
    assert cmpolicy("pull", reference, "--key", "cosign.pub", "--out", "pulled").code == 0
    assert tree(keys / "pulled") == tree(dist)
    for command in (["verify", reference], ["pull", reference, "--out", "refused"]):
        bad = cmpolicy(*command, "--key", "other.pub")
        assert (bad.code, bad.out) == (1, "")
        assert "signature" in bad.err
    assert not (keys / "refused").exists()


def test_signing_again_attaches_nothing(registry: Registry, cmpolicy: Run, publish: Publish, keys: Path) -> None:
    publish("--sign-key", "cosign.key")
    before = registry.writes()
    reference = publish("--sign-key", "cosign.key")
    assert registry.writes() == before
    publish("--sign-key", "other.key")
    assert registry.writes() != before
    assert [cmpolicy("verify", reference, "--key", f"{key}.pub").code for key in ("cosign", "other")] == [0, 0]


def test_what_is_attached_is_asked_of_the_registry_that_lists_it(
    registry: Registry, cmpolicy: Run, publish: Publish, keys: Path
) -> None:
    """Neither registry says on writing that it lists it, so it gets the list from us, as the specification has it."""
    reference = publish("--sign-key", "cosign.key", "--signature-format", "bundle")
    before = len(registry.program.requests())
    assert cmpolicy("verify", reference, "--key", "cosign.pub").code == 0
    asked = registry.program.requests()[before:]
    assert any("/referrers/sha256:" in each for each in asked)
    assert any(LIST.search(each) for each in asked) is not registry.referrers


def test_a_bundle_crosses_an_air_gap_with_its_signatures(
    cmpolicy: Run, publish: Publish, registries: Registries, place: str, keys: Path
) -> None:
    digest = told(cmpolicy("inspect", publish("--sign-key", "cosign.key"), "--output", "json"))["digest"]
    assert cmpolicy("copy", f"oci://{place}:{TAG}", "oci-layout:policies.tar").code == 0
    for name in ("go-containerregistry", "distribution-token"):
        there = f"oci://{registries(name).place()}"
        assert told(cmpolicy("copy", "oci-layout:policies.tar", there, "--output", "json"))["digest"] == digest
        assert cmpolicy("verify", f"{there}:{TAG}", "--key", "cosign.pub").code == 0


def test_a_bundle_is_copied_to_any_registry(
    cmpolicy: Run, publish: Publish, registries: Registries, place: str, keys: Path
) -> None:
    publish("--sign-key", "cosign.key")
    for name in ("go-containerregistry", "distribution-basic"):
        there = f"oci://{registries(name).place()}:9"
        result = cmpolicy("copy", f"oci://{place}:{TAG}", there)
        assert (result.code, result.err) == (0, "")
        assert cmpolicy("verify", there, "--key", "cosign.pub").code == 0


def test_two_published_bundles_are_compared(cmpolicy: Run, publish: Publish, other_dist: Path) -> None:
    old, new = publish(), publish(folder=other_dist, tag="1.5.0")
    assert cmpolicy("diff", old, old).code == 0
    result = cmpolicy("diff", old, new, "--output", "json")
    assert (result.code, result.err) == (1, "")
    assert {each["rule"] for each in json.loads(result.out)["changes"]} == {"cm-webhook-replicas"}


WANTS_LOGIN = ("distribution-basic", "distribution-token")
ENTRIES = {
    "none": ({}, "asks for credentials"),
    "another password": ({"auth": Login(WRITER.user, "wrong").basic}, "refuses the credentials"),
    "another identity": ({"identitytoken": "of nobody"}, "credentials"),
}
"""What docker's file has for the registry, and what is said of it."""


@pytest.mark.parametrize("name", WANTS_LOGIN)
@pytest.mark.parametrize("entry", ENTRIES)
def test_who_is_not_let_in_is_told(
    cmpolicy: Run, registries: Registries, dist: Path, logged_in: Path, name: str, entry: str
) -> None:
    registry = registries(name)
    auth, said = ENTRIES[entry]
    docker_config(logged_in, {registry.host: auth})
    before = registry.program.requests()
    reference = f"oci://{registry.place()}:{TAG}"
    for command in (["publish", reference, "--from", str(dist)], ["pull", reference, "--out", "pulled"]):
        result = cmpolicy(*command)
        assert (result.code, result.out) == (2, "")
        assert said in result.err
    # Every manifest is asked for before anything is uploaded, and nobody asks again and again.
    assert {each.split()[0] for each in registry.program.requests()[len(before) :]} == {"GET"}


def test_who_may_read_pulls_and_publishes_nothing(
    cmpolicy: Run, registries: Registries, dist: Path, other_dist: Path, logged_in: Path
) -> None:
    registry = registries("distribution-token")
    reference = f"oci://{registry.place()}:{TAG}"
    assert cmpolicy("publish", reference, "--from", str(dist)).code == 0
    docker_config(logged_in, {registry.host: {"auth": READER.basic}})
    assert cmpolicy("pull", reference, "--out", "pulled").code == 0
    assert cmpolicy("publish", reference, "--from", str(dist)).code == 0
    refused = cmpolicy("publish", reference, "--from", str(other_dist))
    assert (refused.code, refused.out) == (2, "")
    assert "refuses the credentials" in refused.err
    assert cmpolicy("pull", reference, "--out", "again").code == 0
    assert tree(logged_in.parent / "again") == tree(dist)


def test_an_identity_token_lets_in(cmpolicy: Run, registries: Registries, dist: Path, logged_in: Path) -> None:
    registry = registries("distribution-token")
    docker_config(logged_in, {registry.host: {"identitytoken": WRITER.identity_token}})
    reference = f"oci://{registry.place()}:{TAG}"
    assert cmpolicy("publish", reference, "--from", str(dist)).code == 0
    assert cmpolicy("pull", reference, "--out", "pulled").code == 0


def test_a_token_is_asked_for_once_for_each_repository_and_right(
    cmpolicy: Run, registries: Registries, dist: Path
) -> None:
    registry = registries("distribution-token")
    assert registry.tokens is not None
    place = registry.place()
    given = registry.tokens.given
    given.clear()
    assert cmpolicy("publish", f"oci://{place}:{TAG}", "--from", str(dist)).code == 0
    name = place.partition("/")[2]
    repositories = [name, *(f"{name}/{each}" for each in NAMES)]
    assert sorted(given) == sorted(
        f"repository:{each}:{right}" for each in repositories for right in ("pull", "pull,push")
    )
