"""Blobs of all artifacts go up side by side, few are in memory, and nothing is asked for that cannot be there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from threading import Barrier, Lock

import pytest
from cmpolicy.diagnostics import CmpolicyError
from cmpolicy.oci.artifacts import Artifact, Labels, artifacts_of
from cmpolicy.oci.built import Built
from cmpolicy.oci.files import in_folder
from cmpolicy.oci.model import Held
from cmpolicy.oci.transfer import WORKERS, publish

from tests.oci.conftest import Client
from tests.oci.server import FakeRegistry, Handler
from tests.oci.test_registry import quiet

UPLOAD = "/blobs/uploads/"


def test_blobs_of_different_artifacts_go_up_at_the_same_time(
    registry: FakeRegistry, client: Client, artifacts: tuple[Artifact, ...]
) -> None:
    together, waited, lock = Barrier(2, timeout=20), set[str](), Lock()

    def wait(handler: Handler) -> bool:
        repository, mark, _ = handler.path.partition(UPLOAD)
        with lock:
            first = bool(mark) and handler.command == "PUT" and repository not in waited and len(waited) < 2
            waited.update([repository] if first else [])
        if first:
            together.wait()
        return False

    registry.fault = wait
    publish(client(), artifacts, "1.4.0", quiet)
    assert len(waited) == 2
    assert not together.broken


def test_manifests_come_after_every_blob(
    registry: FakeRegistry, client: Client, artifacts: tuple[Artifact, ...]
) -> None:
    publish(client(), artifacts, "1.4.0", quiet)
    kinds = ["manifest" if "/manifests/" in path else "blob" for path in registry.paths("PUT")]
    assert kinds == ["blob"] * kinds.count("blob") + ["manifest"] * len(artifacts)


def looked_up(registry: FakeRegistry) -> int:
    return len(registry.paths("HEAD"))


def test_a_first_publication_asks_for_no_blob_but_the_first(
    registry: FakeRegistry, client: Client, artifacts: tuple[Artifact, ...]
) -> None:
    publish(client(), artifacts[-1:], "1.4.0", quiet)
    assert looked_up(registry) == 1
    assert registry.blobs.keys() == {each.descriptor.digest for each in artifacts[-1].blobs}


def test_one_that_was_interrupted_goes_on_where_it_was(
    registry: FakeRegistry, client: Client, artifacts: tuple[Artifact, ...]
) -> None:
    bundle = artifacts[-1]
    publish(client(), [bundle], "1.4.0", quiet)
    registry.manifests.clear()
    del registry.blobs[bundle.manifest.layers[-1].digest]
    (moved,) = publish(client(), [bundle], "1.4.0", quiet)
    assert (moved.uploaded, moved.blobs) == (1, len(bundle.blobs))


def test_a_new_version_uploads_what_is_new(registry: FakeRegistry, client: Client, built: Built) -> None:
    publish(client(), artifacts_of(built, Labels()), "1.4.0", quiet)
    moved = publish(client(), artifacts_of(built, Labels({"version": "1.5.0"})), "1.5.0", quiet)
    # Of all blobs only `lock.json` tells other digests.
    assert [each.uploaded for each in moved] == [0] * (len(moved) - 1) + [1]


@pytest.mark.parametrize("status", [403, 405, 500])
def test_where_the_registry_lists_no_tags_every_blob_is_asked_for(
    registry: FakeRegistry, client: Client, artifacts: tuple[Artifact, ...], status: int
) -> None:
    registry.fault = lambda handler: "/tags/list" in handler.path and handler.answer(status)
    publish(client(), artifacts[-1:], "1.4.0", quiet)
    assert looked_up(registry) == len(artifacts[-1].blobs)


@dataclass
class Open:
    """How many contents were read and are not stored yet, and the most that there ever were."""

    now: int = 0
    most: int = 0


def test_no_more_contents_are_read_than_are_being_uploaded(
    registry: FakeRegistry, client: Client, artifacts: tuple[Artifact, ...]
) -> None:
    contents, lock = Open(), Lock()

    def counted(held: Held) -> Held:
        def read() -> bytes:
            with lock:
                contents.now += 1
                contents.most = max(contents.most, contents.now)
            return held.content

        return Held(held.descriptor, read)

    def stored(handler: Handler) -> bool:
        if handler.command == "PUT" and UPLOAD in handler.path:
            with lock:
                contents.now -= 1
        return False

    registry.fault = stored
    watched = [replace(each, blobs=tuple(map(counted, each.blobs))) for each in artifacts]
    publish(client(), watched, "1.4.0", quiet)
    assert contents.now == 0
    assert 0 < contents.most <= WORKERS < sum(len(each.blobs) for each in artifacts)


def test_a_file_that_changes_while_it_is_published_is_not(
    registry: FakeRegistry, client: Client, built: Built, tmp_path: Path
) -> None:
    artifacts = [each for each in artifacts_of(built, Labels()) if each.name == "vap"]
    (tmp_path / "dist/vap/policies/sample-one.yaml").write_text("changed")
    with pytest.raises(CmpolicyError, match=r"`.*sample-one\.yaml` is not what was built"):
        publish(client(), artifacts, "1.4.0", quiet)
    assert not registry.manifests


def test_what_is_packed_may_be_kept_in_files(built: Built, tmp_path: Path) -> None:
    (tmp_path / "held").mkdir()
    kept = artifacts_of(built, Labels(), in_folder(tmp_path / "held"))
    known = artifacts_of(built, Labels())
    assert [each.manifest for each in kept] == [each.manifest for each in known]
    assert [[b.content for b in each.blobs] for each in kept] == [[b.content for b in each.blobs] for each in known]
    packed = {each.descriptor.digest for each in known[-1].blobs if "tar+gzip" in each.descriptor.media_type}
    assert {f"sha256:{path.name}" for path in (tmp_path / "held").iterdir()} == packed


def test_what_is_packed_in_a_file_that_changes_is_not_published(
    registry: FakeRegistry, client: Client, built: Built, tmp_path: Path
) -> None:
    artifacts = artifacts_of(built, Labels(), in_folder(tmp_path))
    packed = next(path for path in tmp_path.iterdir() if path.is_file())
    packed.write_bytes(b"changed")
    with pytest.raises(CmpolicyError, match="holds 7 bytes"):
        publish(client(), artifacts, "1.4.0", quiet)
    assert ("acme/policies", "1.4.0") not in registry.manifests
