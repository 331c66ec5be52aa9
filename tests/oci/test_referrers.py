"""What is attached to a manifest is found again: by the referrers API, by the index at a tag, and in layouts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cmpolicy.diagnostics import CmpolicyError
from cmpolicy.oci.layout import Layout, open_layout
from cmpolicy.oci.model import INDEX, MANIFEST, NOTHING, Descriptor, Manifest, blob
from cmpolicy.oci.reference import Local
from cmpolicy.oci.referrers import MOST_LISTED
from cmpolicy.oci.store import Store

from tests.oci.conftest import Client
from tests.oci.server import FakeRegistry, digest_of

SUBJECT_TEXT = Manifest(NOTHING.descriptor, (NOTHING.descriptor,), "application/x").text()
SUBJECT = Descriptor(MANIFEST, digest_of(SUBJECT_TEXT), len(SUBJECT_TEXT))
TAG = SUBJECT.digest.replace(":", "-")


def attachment(word: str, subject: Descriptor = SUBJECT) -> bytes:
    return Manifest(NOTHING.descriptor, (NOTHING.descriptor,), "application/y", {"word": word}, subject).text()


FIRST, SECOND = attachment("first"), attachment("second")
OTHERS = attachment("others", blob(b"other", MANIFEST).descriptor)


@pytest.fixture
def store(any_store: Store) -> Store:
    """It holds the subject."""
    any_store.put_blob("", NOTHING)
    any_store.put_manifest("", "1.0", SUBJECT_TEXT)
    return any_store


def words(store: Store) -> set[str]:
    return {each.annotations["word"] for each in store.attached("", SUBJECT.digest)}


def test_what_is_attached_is_listed(store: Store) -> None:
    assert store.attached("", SUBJECT.digest) == ()
    for content in (FIRST, SECOND, OTHERS, FIRST):
        store.attach("", content)
    listed = {each.digest: each for each in store.attached("", SUBJECT.digest)}
    assert listed.keys() == {digest_of(FIRST), digest_of(SECOND)}
    assert all(each.artifact_type == "application/y" for each in listed.values())
    assert words(store) == {"first", "second"}
    assert store.manifest("", digest_of(FIRST)) == FIRST


def test_what_is_attached_is_no_version(store: Store) -> None:
    store.attach("", FIRST)
    store.put_manifest("", f"{TAG}.sig", SECOND)
    assert [tag for tag in store.tags() if tag != "1.0"] == []


def test_a_list_is_kept_only_where_the_registry_keeps_none(registry: FakeRegistry, client: Client) -> None:
    for registry.referrers in (True, False):
        client().attach("", FIRST)
        assert (("acme/policies", TAG) in registry.manifests) is not registry.referrers
    index = json.loads(registry.manifests["acme/policies", TAG])
    assert (index["mediaType"], [each["digest"] for each in index["manifests"]]) == (INDEX, [digest_of(FIRST)])
    put = next(each for each in registry.asked if each.method == "PUT" and each.path.endswith(TAG))
    assert put.headers["content-type"] == INDEX


def test_what_others_wrote_into_the_list_stays(registry: FakeRegistry, client: Client) -> None:
    theirs = {"mediaType": "application/theirs", "digest": "sha512:ab", "size": 1, "urls": ["x"], "data": "e30="}
    before = {"schemaVersion": 2, "mediaType": INDEX, "manifests": [theirs], "annotations": {"a": "b"}}
    registry.manifests["acme/policies", TAG] = json.dumps(before).encode()
    client().attach("", FIRST)
    after = json.loads(registry.manifests["acme/policies", TAG])
    assert after["manifests"][0] == theirs
    assert after["annotations"] == {"a": "b"}
    assert words(client()) == {"first"}


def test_lists_go_on_over_pages(registry: FakeRegistry, client: Client) -> None:
    registry.referrers, registry.page = True, 2
    expected = {str(number) for number in range(5)}
    for word in expected:
        client().attach("", attachment(word))
    registry.asked.clear()
    assert words(client()) == expected
    assert len(registry.asked) == 3


ENTRY = {"mediaType": MANIFEST, "digest": "sha256:" + "0" * 64, "size": 1}


@pytest.mark.parametrize(
    ("index", "said"),
    [
        (b"[]", "no index of manifests"),
        (b"no", "no JSON"),
        (b'{"manifests": 1}', "no index of manifests"),
        (FIRST, "no index of manifests, but"),
        (json.dumps({"manifests": [ENTRY] * (MOST_LISTED + 1)}).encode(), "lists more than 1000"),
    ],
    ids=["list", "text", "number", "manifest", "many"],
)
@pytest.mark.parametrize("api", [True, False], ids=["referrers", "tag"])
def test_hostile_indexes_are_told(registry: FakeRegistry, client: Client, index: bytes, said: str, api: bool) -> None:
    registry.manifests["acme/policies", TAG] = index
    if api:
        registry.fault = lambda handler: "/referrers/" in handler.path and handler.answer(200, index)
    with pytest.raises(CmpolicyError, match=said):
        client().attached("", SUBJECT.digest)


@pytest.mark.parametrize("index", [FIRST, b'{"manifests": [NaN]}', b'{"manifests": ["\\ud800"]}'])
def test_what_stands_at_the_tag_of_the_list_is_never_replaced_by_another_thing(
    registry: FakeRegistry, client: Client, index: bytes
) -> None:
    registry.manifests["acme/policies", TAG] = index
    with pytest.raises(CmpolicyError, match=r"index of manifests, but|is no JSON"):
        client().attach("", FIRST)
    assert registry.manifests["acme/policies", TAG] == index


def test_entries_that_cannot_be_checked_are_passed_over(registry: FakeRegistry, client: Client) -> None:
    odd = [None, {}, {**ENTRY, "size": -1}, {**ENTRY, "digest": "../x"}, {**ENTRY, "mediaType": INDEX}, ENTRY]
    registry.manifests["acme/policies", TAG] = json.dumps({"manifests": odd}).encode()
    assert [each.digest for each in client().attached("", SUBJECT.digest)] == [ENTRY["digest"]]


def test_a_list_without_end_is_told(registry: FakeRegistry, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cmpolicy.oci.registry.MOST_LISTED", 5)
    registry.referrers, registry.page = True, 2
    for number in range(9):
        client().attach("", attachment(str(number)))
    with pytest.raises(CmpolicyError, match="more than 5 manifests are attached"):
        client().attached("", SUBJECT.digest)


def test_what_cannot_be_read_in_a_layout_is_attached_to_nothing(tmp_path: Path) -> None:
    with open_layout(Local(tmp_path / "layout"), write=True) as store:
        store.put_blob("", NOTHING)
        store.attach("", FIRST)
    index = json.loads((tmp_path / "layout/index.json").read_bytes())
    index["manifests"] += [ENTRY, {**ENTRY, "digest": NOTHING.descriptor.digest, "size": 2}]
    (tmp_path / "layout/index.json").write_text(json.dumps(index))
    assert words(Layout(tmp_path / "layout", "layout")) == {"first"}
