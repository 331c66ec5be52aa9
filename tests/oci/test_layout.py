"""A layout on disk holds what a registry does; what comes out is what went in, or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cmpolicy.bundle.record import FILE, sha256
from cmpolicy.content import digest_of
from cmpolicy.diagnostics import CmpolicyError
from cmpolicy.oci import layout as layout_module
from cmpolicy.oci import pulled
from cmpolicy.oci.archive import gzip_stored, pack, unpack
from cmpolicy.oci.artifacts import BUNDLE, Artifact, Labels, artifacts_of
from cmpolicy.oci.built import Built, read_built
from cmpolicy.oci.layout import REF_NAME, Layout, only_tag, open_layout
from cmpolicy.oci.lock import Locked, lock_text
from cmpolicy.oci.model import MOST_MANIFEST_BYTES, TITLE, Manifest, blob
from cmpolicy.oci.pulled import pull, read_bundle
from cmpolicy.oci.reference import Local
from cmpolicy.oci.store import NotThere
from cmpolicy.oci.transfer import copy, publish


def quiet(items: Iterable[int]) -> Iterator[int]:
    yield from items


@pytest.fixture
def folder(tmp_path: Path, artifacts: tuple[Artifact, ...]) -> Path:
    with open_layout(Local(tmp_path / "layout"), write=True) as store:
        publish(store, artifacts, "1.4.0", quiet)
    return tmp_path / "layout"


def test_a_bundle_comes_out_as_it_went_in(folder: Path, built: Built) -> None:
    assert pull(Layout(folder, "layout"), "1.4.0")[1] == built


def test_targets_may_be_chosen(folder: Path, built: Built) -> None:
    _, found = pull(Layout(folder, "layout"), "1.4.0", ["vap"])
    assert found.targets == ("vap",)
    assert found.of("vap") == built.of("vap")
    assert {path.split("/")[0] for path in found.files} == {"vap"}
    assert json.loads(found.record_text)["targets"] == ["vap"]


def test_a_target_that_is_not_there_is_told(folder: Path) -> None:
    with pytest.raises(CmpolicyError, match="no target `opa`"):
        pull(Layout(folder, "layout"), "1.4.0", ["opa"])


def test_every_manifest_has_a_name_that_other_tools_find(folder: Path) -> None:
    index = json.loads((folder / "index.json").read_bytes())
    names = {each["annotations"]["org.opencontainers.image.ref.name"] for each in index["manifests"]}
    assert names >= {"1.4.0", "kyverno_1.4.0", "gitops-kyverno_1.4.0", "datree_1.4.0"}
    assert json.loads((folder / "oci-layout").read_bytes()) == {"imageLayoutVersion": "1.0.0"}


def test_a_layout_whose_index_does_not_tell_what_it_lists(folder: Path) -> None:
    index = json.loads((folder / "index.json").read_bytes())
    for each in index["manifests"]:
        del each["artifactType"]
    (folder / "index.json").write_text(json.dumps(index))
    assert Layout(folder, "layout").tags() == ("1.4.0",)


def test_publishing_what_is_there_writes_nothing(folder: Path, artifacts: tuple[Artifact, ...]) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    with open_layout(Local(folder), write=True) as store:
        moved = publish(store, artifacts, "1.4.0", quiet)
    assert [(each.there, each.uploaded) for each in moved] == [(True, 0)] * len(artifacts)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_another_tag_shares_the_blobs_and_both_are_listed(folder: Path, artifacts: tuple[Artifact, ...]) -> None:
    with open_layout(Local(folder), write=True) as store:
        assert sum(each.uploaded for each in publish(store, artifacts, "2.0.0", quiet)) == 0
        assert store.tags() == ("1.4.0", "2.0.0")


def test_a_copy_into_an_archive_and_back_is_the_same(folder: Path, tmp_path: Path, built: Built) -> None:
    archive = Local(tmp_path / "deep" / "air-gap.tar")
    with open_layout(archive, write=True) as store:
        copy(Layout(folder, "layout"), "1.4.0", store, "1.4.0", quiet)
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert unpack(archive.path.read_bytes()) == files
    with open_layout(archive) as store:
        assert pull(store, "1.4.0")[1] == built


def test_what_is_not_there_is_told_as_it_was_asked_for(folder: Path) -> None:
    layout, digest = Layout(folder, "layout"), f"sha256:{'0' * 64}"
    for name, version, told in (("vap", digest, digest), ("vap", "9", "vap_9"), ("", "9", "9")):
        with pytest.raises(NotThere, match=f"`layout` holds no `{told}`"):
            layout.manifest(name, version)


def test_an_archive_is_left_alone_when_something_fails(folder: Path, tmp_path: Path) -> None:
    archive = tmp_path / "air-gap.tar"
    archive.write_bytes(pack({"oci-layout": b'{"imageLayoutVersion":"1.0.0"}'}))
    before = archive.read_bytes()
    with pytest.raises(CmpolicyError, match=r"holds no `2\.0\.0`"), open_layout(Local(archive), write=True) as store:
        copy(Layout(folder, "layout"), "2.0.0", store, "2.0.0", quiet)
    assert archive.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_folder_of_something_else_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(CmpolicyError, match="a folder of something else"), open_layout(Local(tmp_path), write=True):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_what_is_no_layout_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "x.tar").write_bytes(b"no tar")
    (tmp_path / "y.tar").write_bytes(pack({"a": b""}))
    for name, said in {"none": "not there", "file": "is a file", "x.tar": "no tar", "y.tar": "no image layout"}.items():
        with pytest.raises(CmpolicyError, match=said), open_layout(Local(tmp_path / name)):
            pass


Spoil = Callable[[bytes], bytes]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [(lambda text: text[:-1], "should hold|other content"), (lambda text: text[:-1] + b"?", "other content")],
    ids=["cut", "changed"],
)
def test_a_blob_that_was_changed_is_refused(folder: Path, spoil: Spoil, said: str) -> None:
    for path in (folder / "blobs" / "sha256").iterdir():
        whole = path.read_bytes()
        if len(whole) > 2 and digest_of(whole) in _used(folder):
            path.write_bytes(spoil(whole))
            with pytest.raises(CmpolicyError, match=said):
                pull(Layout(folder, "layout"), "1.4.0")
            path.write_bytes(whole)


def _used(folder: Path) -> set[str]:
    """The digests that pulling reads: the bundle's manifest and layers, but its page."""
    bundle = read_bundle(Layout(folder, "layout"), "1.4.0")
    return {bundle.digest} | {each.digest for each in bundle.manifest.layers if each.title != "rules.md"}


def test_a_copy_holds_every_artifact_to_the_lock(folder: Path, tmp_path: Path, artifacts: tuple[Artifact, ...]) -> None:
    kyverno = next(each for each in artifacts if each.name == "kyverno")
    (folder / "blobs" / kyverno.digest.replace(":", "/")).write_bytes(b"{}")
    with (
        pytest.raises(CmpolicyError, match="other content"),
        open_layout(Local(tmp_path / "copy"), write=True) as store,
    ):
        copy(Layout(folder, "layout"), "1.4.0", store, "1.4.0", quiet)
    assert Layout(tmp_path / "copy", "copy").tags() == ()


def forged(folder: Path, title: str, content: bytes) -> None:
    """Put other content into the bundle's layer, with every digest on the way set right."""
    store = Layout(folder, "layout")
    bundle = read_bundle(store, "1.4.0").manifest
    made = blob(content, "application/octet-stream", {TITLE: title})
    store.put_blob("", made)
    layers = tuple(made.descriptor if each.title == title else each for each in bundle.layers)
    store.put_manifest("", "1.4.0", Manifest(bundle.config, layers, bundle.artifact_type).text())


def record(built: Built, **changes: object) -> bytes:
    return json.dumps({**json.loads(built.record_text), **changes}).encode()


@pytest.mark.parametrize(
    ("title", "content", "said"),
    [
        ("vap.tar.gz", b"no gzip", "no gzip"),
        ("vap.tar.gz", gzip_stored(pack({"policies/other.yaml": b""})), "not the file"),
        ("vap-tests.tar.gz", gzip_stored(pack({"tests/extra.yaml": b""})), "not the file|no list"),
        ("lock.json", b"[]", "is no map"),
        ("lock.json", b'{"schema": "cmpolicy.lock/v9", "artifacts": []}', "v9"),
        ("lock.json", b'{"schema": "cmpolicy.lock/v1", "artifacts": [{"name": "../x"}]}', "missing"),
        ("rules.json", b"{}", "not the one"),
        ("bundle.json", b"{}", "none that this cmpolicy reads"),
        ("bundle.json", b"[" * 100_000, "none that this cmpolicy reads"),
    ],
    ids=range(9),
)
def test_a_bundle_whose_parts_disagree_is_refused(folder: Path, title: str, content: bytes, said: str) -> None:
    forged(folder, title, content)
    with pytest.raises(CmpolicyError, match=said):
        pull(Layout(folder, "layout"), "1.4.0")


@pytest.mark.parametrize("target", ["../out", "/etc", "a/b", "", ".git", "bundle.json", "nul"])
def test_a_target_that_may_lead_out_is_refused(folder: Path, built: Built, target: str) -> None:
    builds = json.loads(built.record_text)["builds"]
    forged(folder, FILE, record(built, builds={**builds, target: builds["vap"]}))
    with pytest.raises(CmpolicyError, match=r"none that this cmpolicy reads|no plain path"):
        pull(Layout(folder, "layout"), "1.4.0")


def test_an_artifact_of_a_target_is_told_from_the_bundle(folder: Path) -> None:
    with pytest.raises(CmpolicyError, match=r"no bundle of cmpolicy, but `application/vnd.cmpolicy.target.v1`"):
        read_bundle(Layout(folder, "layout"), "kyverno_1.4.0")


def test_a_bundle_that_was_changed_since_it_was_built_is_not_published(tmp_path: Path, built: Built) -> None:
    (tmp_path / "dist/vap/policies/sample-one.yaml").write_text("changed")
    with pytest.raises(CmpolicyError, match="is not what was built"):
        artifacts_of(read_built(tmp_path / "dist"), Labels())


@pytest.mark.parametrize("target", ["../victim", "vap/../../victim", "nul"])
def test_a_folder_whose_record_leads_out_is_not_published(tmp_path: Path, built: Built, target: str) -> None:
    document = json.loads(built.record_text)
    entry = {"path": f"{target}/a.yaml", "sha256": sha256(b""), "rule": None, "target": target}
    changed = {
        "builds": {**document["builds"], target: document["builds"]["vap"]},
        "files": [*document["files"], entry],
    }
    (tmp_path / "dist" / FILE).write_bytes(record(built, **changed))
    path = tmp_path / "dist" / target / "a.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    with pytest.raises(CmpolicyError, match=r"none that this cmpolicy reads|no plain path"):
        read_built(tmp_path / "dist")


def renamed(folder: Path, old: str, new: str) -> None:
    """Give a manifest of the layout another name."""
    index = json.loads((folder / "index.json").read_bytes())
    for each in index["manifests"]:
        if each["annotations"][REF_NAME] == old:
            each["annotations"][REF_NAME] = new
    (folder / "index.json").write_text(json.dumps(index))


@pytest.mark.parametrize("name", ["../../../victim/manifests/stable", "a/b", "a?b", ".", "", "\x1b]0;x\x07", "é"])
def test_a_name_that_can_be_no_tag_is_passed_over(folder: Path, name: str) -> None:
    renamed(folder, "1.4.0", name)
    assert Layout(folder, "layout").tags() == ()
    with pytest.raises(CmpolicyError, match="no bundle with a tag"):
        only_tag(Layout(folder, "layout"), Local(folder))


def relocked(folder: Path, change: Callable[[list[Locked]], list[Locked]]) -> None:
    """Change what the bundle locks."""
    lock = read_bundle(Layout(folder, "layout"), "1.4.0").lock
    forged(folder, "lock.json", lock_text(change(list(lock))))


LOCKS: dict[str, tuple[Callable[[list[Locked]], list[Locked]], str]] = {
    "another repository": (
        lambda lock: [replace(lock[0], name="team-b"), *lock[1:]],
        "`team-b`, which is of no target",
    ),
    "twice": (lambda lock: [*lock, lock[0]], "twice"),
    "a bundle": (lambda lock: [replace(lock[0], artifact_type=BUNDLE), *lock[1:]], "lists a bundle"),
    "another kind": (
        lambda lock: [replace(lock[0], artifact_type="text/x"), *lock[1:]],
        "and the bundle locks `text/x`",
    ),
}


@pytest.mark.parametrize("name", LOCKS)
def test_a_copy_writes_only_what_belongs_to_the_bundle(folder: Path, tmp_path: Path, name: str) -> None:
    change, said = LOCKS[name]
    relocked(folder, change)
    with pytest.raises(CmpolicyError, match=said), open_layout(Local(tmp_path / "copy"), write=True) as store:
        copy(Layout(folder, "layout"), "1.4.0", store, "1.4.0", quiet)
    assert not (tmp_path / "copy" / "index.json").exists()


def test_an_artifact_replaces_no_bundle_of_the_same_name(folder: Path, artifacts: tuple[Artifact, ...]) -> None:
    with open_layout(Local(folder), write=True) as store:
        store.put_manifest("", "kyverno_2.0", artifacts[-1].manifest.text())
        with pytest.raises(CmpolicyError, match=r"is something else, `application/vnd\.cmpolicy\.bundle\.v1`"):
            publish(store, artifacts, "2.0", quiet)
        assert store.digest("", "kyverno_2.0") == artifacts[-1].digest


def test_no_two_artifacts_have_one_name(tmp_path: Path, artifacts: tuple[Artifact, ...]) -> None:
    ours = {each.name: each for each in artifacts}
    with open_layout(Local(tmp_path / "layout"), write=True) as store:
        # `kyverno` at `cel-1.0` and `kyverno-cel` at `1.0`
        publish(store, [ours["kyverno"]], "cel-1.0", quiet)
        publish(store, [ours["kyverno-cel"]], "1.0", quiet)
        assert store.digest("kyverno", "cel-1.0") == ours["kyverno"].digest
        assert store.digest("kyverno-cel", "1.0") == ours["kyverno-cel"].digest
        # A tag may hold what parts the two.
        publish(store, [ours["kyverno"]], "1_2", quiet)
        assert store.digest("kyverno", "1_2") == ours["kyverno"].digest


def test_the_archives_of_a_bundle_share_a_budget(folder: Path, built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    used = [
        len(pack({p: t for p, t in built.of(target).items() if not p.startswith("tests/")})) for target in built.targets
    ]
    monkeypatch.setattr(pulled, "MOST_BYTES", max(used) + 1)
    assert pull(Layout(folder, "layout"), "1.4.0", ["datree"])[1].targets == ("datree",)
    with pytest.raises(CmpolicyError, match="unpacks to more than"):
        pull(Layout(folder, "layout"), "1.4.0")
    monkeypatch.undo()
    monkeypatch.setattr(pulled, "MOST_FILES", 9)
    with pytest.raises(CmpolicyError, match=r"more than \d files"):
        pull(Layout(folder, "layout"), "1.4.0")


def test_a_bundle_of_too_many_targets_is_refused(folder: Path, built: Built) -> None:
    builds = json.loads(built.record_text)["builds"]
    many = {f"t{number}": builds["vap"] for number in range(100)}
    forged(folder, FILE, record(built, builds={**builds, **many}))
    with pytest.raises(CmpolicyError, match="more than 100 targets"):
        pull(Layout(folder, "layout"), "1.4.0")


@pytest.mark.parametrize("part", ["bundle.json", "index.json"])
def test_half_a_character_is_no_bug(folder: Path, built: Built, part: str) -> None:
    if part == FILE:
        builds = json.loads(built.record_text)["builds"]
        forged(folder, FILE, record(built, builds={**builds, "vap": {**builds["vap"], "revision": "\ud800"}}))
    else:
        index = json.loads((folder / part).read_bytes())
        index["manifests"][0]["annotations"]["x"] = "\ud800"
        (folder / part).write_text(json.dumps(index))
    with pytest.raises(CmpolicyError, match=r"no JSON|none that this cmpolicy reads"):
        pull(Layout(folder, "layout"), "1.4.0", ["kyverno"])


def test_a_large_index_is_not_read(folder: Path) -> None:
    path = folder / "index.json"
    path.write_bytes(path.read_bytes() + b" " * MOST_MANIFEST_BYTES)
    with pytest.raises(CmpolicyError, match="holds more than"):
        Layout(folder, "layout").tags()


def test_a_large_manifest_is_not_read(folder: Path) -> None:
    store = Layout(folder, "layout")
    made = blob(store.manifest("", "1.4.0") + b" " * MOST_MANIFEST_BYTES, "text/plain")
    store.put_blob("", made)
    with pytest.raises(CmpolicyError, match="holds more than"):
        read_bundle(store, made.descriptor.digest)


def test_a_blob_that_holds_something_else_is_replaced(folder: Path, artifacts: tuple[Artifact, ...]) -> None:
    wanted = artifacts[0].blobs[-1]
    (folder / "blobs" / wanted.descriptor.digest.replace(":", "/")).write_bytes(b"x" * wanted.descriptor.size)
    with open_layout(Local(folder), write=True) as store:
        publish(store, artifacts, "2.0", quiet)
        assert store.blob("", wanted.descriptor) == wanted.content


@pytest.mark.parametrize("name", ["blobs", "blobs/sha256"])
def test_a_layout_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    place, elsewhere = tmp_path / "linked", tmp_path / "elsewhere"
    elsewhere.mkdir()
    (place / name).parent.mkdir(parents=True)
    (place / name).symlink_to(elsewhere)
    (place / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
    with pytest.raises(CmpolicyError, match="leads elsewhere"), open_layout(Local(place), write=True):
        pass


def test_no_archive_is_written_that_could_not_be_read(
    tmp_path: Path, artifacts: tuple[Artifact, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout_module, "MOST_BLOB_BYTES", 20_000)
    with (
        pytest.raises(CmpolicyError, match="would hold more than"),
        open_layout(Local(tmp_path / "a.tar"), write=True) as store,
    ):
        publish(store, artifacts, "2.0", quiet)
    assert not (tmp_path / "a.tar").exists()


@pytest.mark.parametrize("paths", [("a.yaml", "A.yaml"), ("\xe9.yaml", "e\u0301.yaml"), ("a.yaml", "a.yaml")])
def test_files_that_are_one_on_some_systems_are_refused(folder: Path, built: Built, paths: tuple[str, str]) -> None:
    files = [{"path": f"vap/{path}", "sha256": sha256(b""), "rule": None, "target": "vap"} for path in paths]
    forged(folder, FILE, record(built, files=files))
    with pytest.raises(CmpolicyError, match="are one file on some systems"):
        pull(Layout(folder, "layout"), "1.4.0")
