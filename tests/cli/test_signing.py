"""`cmpolicy publish --sign-key`, `verify`, and `pull --key`: what is signed is found good, and nothing else is."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from cmpolicy.oci.model import MANIFEST, Descriptor
from cmpolicy.oci.opened import Access, opened
from cmpolicy.oci.reference import parse
from cmpolicy.oci.signing import Format, Signer, sign
from cmpolicy.sign.files import write_pair

from tests.cli.conftest import Run, tree
from tests.oci.server import FakeRegistry, Handler
from tests.sign.samples import KEY, OTHER_KEY

PASSWORD = "open sesame"


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COSIGN_PASSWORD", PASSWORD)


@pytest.fixture
def keys(built: Path) -> Path:
    """The working folder, with the files of two keys."""
    write_pair(built / "cosign", KEY, PASSWORD.encode())
    write_pair(built / "other", OTHER_KEY, PASSWORD.encode())
    return built


@pytest.fixture
def where(registry: FakeRegistry) -> str:
    return f"oci://{registry.host}/acme/policies:1.4.0"


@pytest.fixture
def place(keys: Path, where: str, cmpolicy: Run) -> str:
    """Where the bundle is published and signed."""
    assert cmpolicy("publish", where, "--sign-key", "cosign.key").code == 0
    return where


def test_publishing_tells_what_it_signed(cmpolicy: Run, keys: Path, where: str) -> None:
    result = cmpolicy("publish", where, "--sign-key", "cosign.key")
    assert (result.code, result.err) == (0, "")
    lines = result.out.splitlines()[:5]
    assert all(line.endswith("; signed") for line in lines[:-1])
    assert lines[-1].endswith("; signed, provenance attached")


def test_publishing_again_signs_nothing_anew(cmpolicy: Run, place: str, registry: FakeRegistry) -> None:
    registry.asked.clear()
    result = cmpolicy("publish", place, "--sign-key", "cosign.key")
    assert {each.method for each in registry.asked} == {"GET"}
    assert result.out.count("already there; signed already") == 5
    assert "signed already, provenance attached already\nEverything was there already" in result.out
    assert {each["status"] for each in attached(cmpolicy, place)} == {"there"}


def attached(cmpolicy: Run, place: str, *options: str) -> list[dict[str, str]]:
    """What publishing once more tells of the bundle."""
    found = json.loads(cmpolicy("publish", place, "--sign-key", "cosign.key", "--output", "json", *options).out)
    return [{str(key): str(value) for key, value in each.items()} for each in found["artifacts"][-1]["attached"]]


def test_the_format_is_the_one_that_was_asked_for(cmpolicy: Run, keys: Path, where: str) -> None:
    found = attached(cmpolicy, where, "--signature-format", "bundle")
    assert [(each["kind"], each["status"]) for each in found] == [("signature", "pushed"), ("provenance", "pushed")]
    found = attached(cmpolicy, where, "--signature-format", "legacy")
    assert [(each["kind"], each["status"]) for each in found] == [
        ("legacy-signature", "pushed"),
        ("provenance", "there"),
    ]


@pytest.mark.parametrize(
    ("key", "said"), [("none.key", "no such file"), ("cosign.pub", "it is a public key"), ("dist", "is a directory")]
)
def test_a_key_that_cannot_sign_is_told_before_anything_is_published(
    cmpolicy: Run, keys: Path, where: str, registry: FakeRegistry, key: str, said: str
) -> None:
    result = cmpolicy("publish", where, "--sign-key", key)
    assert result.code == 2
    assert said in result.err
    assert not registry.asked


def test_a_wrong_password_is_told_before_anything_is_published(
    cmpolicy: Run, keys: Path, where: str, registry: FakeRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COSIGN_PASSWORD", "no")
    result = cmpolicy("publish", where, "--sign-key", "cosign.key")
    assert result.code == 2
    assert "the password is wrong" in result.err
    assert not registry.asked


def test_what_is_signed_is_verified(cmpolicy: Run, place: str) -> None:
    result = cmpolicy("verify", place, "--key", "cosign.pub")
    assert (result.code, result.err) == (0, "")
    signature, traced, digests = result.out.strip().split(" · ")
    assert signature == f"signature ok (P-256, key {KEY.public.hint[:8]}…)"
    assert traced.startswith("provenance: commit ")
    assert ", 2 rules, " in traced
    assert digests == "digests ok (5 of 5)"


def test_verifying_for_scripts(cmpolicy: Run, place: str) -> None:
    found = json.loads(cmpolicy("verify", place, "--key", "cosign.pub", "--output", "json").out)
    assert (found["schema"], found["verified"], found["key"]) == ("cmpolicy.verify/v1", True, KEY.public.hint)
    assert found["digest"] == json.loads(cmpolicy("inspect", place, "--output", "json").out)["digest"]
    names = [(each["check"], each["artifact"]) for each in found["checks"]]
    assert names[:3] == [("signature", ""), ("files", ""), ("provenance", "")]
    assert names[3:] == [("digest", name) for name in ("kyverno", "gitops/kyverno", "vap", "gitops/vap")]
    assert {(each["ok"], each["problem"]) for each in found["checks"]} == {(True, None)}
    assert found["provenance"]["rules"] == 2
    assert found["provenance"]["objects"] == 6


def test_what_another_key_signed_is_exit_code_1_and_named(cmpolicy: Run, place: str, keys: Path) -> None:
    before = tree(keys)
    result = cmpolicy("verify", place, "--key", "other.pub")
    assert (result.code, result.out) == (1, "")
    assert "error[verify]: signature not verified: the bundle is signed with the key" in result.err
    assert "error[verify]: provenance not verified" in result.err
    found = cmpolicy("verify", place, "--key", "other.pub", "--output", "json")
    assert found.code == 1
    told = json.loads(found.out)
    assert told["verified"] is False
    assert [each["check"] for each in told["checks"] if not each["ok"]] == ["signature", "provenance"]
    assert told["provenance"] is None
    assert tree(keys) == before


def test_a_signature_alone_is_enough_where_it_is_said_so(cmpolicy: Run, keys: Path, where: str) -> None:
    assert cmpolicy("publish", where).code == 0
    digest = json.loads(cmpolicy("inspect", where, "--output", "json").out)["digest"]
    with opened(parse(where), Access(), write=True) as store:
        subject = Descriptor(MANIFEST, digest, len(store.manifest("", digest)))
        sign(store, "", subject, Signer(KEY, Format.BUNDLE, ""))
    result = cmpolicy("verify", where, "--key", "cosign.pub")
    assert result.code == 1
    assert f"provenance not verified: no provenance is attached to {digest}" in result.err
    result = cmpolicy("verify", where, "--key", "cosign.pub", "--without-provenance")
    assert (result.code, result.err) == (0, "")
    assert "provenance" not in result.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["oci://127.0.0.1:1/a:1", "--key", "none.pub"], "no such file"),
        (["oci://127.0.0.1:1/a:1", "--key", "cosign.key"], "it is a private key"),
        (["oci://127.0.0.1:1/a", "--key", "cosign.pub"], "neither a tag nor a digest"),
        (["oci-layout:none", "--key", "cosign.pub"], "is not there"),
        (["oci://127.0.0.1:1/a:1", "--key", "cosign.pub", "--timeout", "0.5"], "did not end within 0.5 s"),
        (["oci://127.0.0.1:1/a:1"], "--key"),
    ],
)
def test_what_nobody_knows_is_exit_code_2(cmpolicy: Run, keys: Path, arguments: list[str], said: str) -> None:
    result = cmpolicy("verify", *arguments)
    assert (result.code, result.out) == (2, "")
    assert said in result.err


def test_what_is_verified_is_pulled(cmpolicy: Run, place: str, keys: Path) -> None:
    result = cmpolicy("pull", place, "--key", "cosign.pub", "--out", "pulled")
    assert (result.code, result.err) == (0, "")
    assert tree(keys / "pulled") == tree(keys / "dist")
    assert cmpolicy("pull", place, "--key", "cosign.pub", "--target", "vap", "--out", "one").code == 0
    assert cmpolicy("pull", place, "--target", "vap", "--out", "same").code == 0
    assert tree(keys / "one") == tree(keys / "same")


def another_key(registry: FakeRegistry) -> str:
    return "other.pub"


def another_manifest(registry: FakeRegistry) -> str:
    registry.manifests["acme/policies/vap", "1.4.0"] = b"{}"
    return "cosign.pub"


def other_files(registry: FakeRegistry) -> str:
    for digest, content in registry.blobs.items():
        if b"policies/my-first.yaml" in content and content.startswith(b"\x1f\x8b"):
            registry.blobs[digest] = content[:-1] + b"?"
    return "cosign.pub"


def unsigned(registry: FakeRegistry) -> str:
    for name, reference in list(registry.manifests):
        if reference.startswith("sha256-"):
            del registry.manifests[name, reference]
    return "cosign.pub"


def unproven(registry: FakeRegistry) -> str:
    """What names the provenance in the list of what is attached says something else."""
    for (name, reference), content in list(registry.manifests.items()):
        if name == "acme/policies" and reference.startswith("sha256-") and not reference.endswith(".sig"):
            changed = content.replace(b"https://slsa.dev/provenance/v1", b"https://slsa.dev/provenance/v0")
            registry.manifests[name, reference] = changed
    return "cosign.pub"


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (another_key, "signature not verified: the bundle is signed with the key"),
        (another_manifest, "digest of `vap` not verified: the tag `1.4.0` of `vap` stands for"),
        (other_files, "files not verified"),
        (unsigned, "signature not verified: no signature is attached"),
        (unproven, "provenance not verified: no provenance is attached"),
    ],
)
@pytest.mark.parametrize("out", ["dist", "new"])
def test_what_is_not_verified_is_not_pulled(
    cmpolicy: Run,
    place: str,
    keys: Path,
    registry: FakeRegistry,
    spoil: Callable[[FakeRegistry], str],
    said: str,
    out: str,
) -> None:
    before, key = tree(keys), spoil(registry)
    result = cmpolicy("pull", place, "--key", key, "--out", out)
    assert (result.code, result.out) == (1, "")
    assert said in result.err
    found = cmpolicy("pull", place, "--key", key, "--out", out, "--output", "json")
    assert found.code == 1
    assert json.loads(found.out)["schema"] == "cmpolicy.problems/v1"
    assert tree(keys) == before
    assert not (keys / "new").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--key", "none.pub"], "no such file"),
        (["--key", "cosign.key"], "it is a private key"),
        (["--without-provenance"], "is for `--key`"),
        (["--key", "cosign.pub", "--target", "opa"], "has no target `opa`"),
    ],
)
def test_a_pull_that_cannot_be_verified_writes_nothing(
    cmpolicy: Run, place: str, keys: Path, options: list[str], said: str
) -> None:
    result = cmpolicy("pull", place, "--out", "new", *options)
    assert (result.code, result.out) == (2, "")
    assert said in result.err
    assert not (keys / "new").exists()


def tags(manifests: Mapping[tuple[str, str], bytes]) -> set[tuple[str, str]]:
    return {(name, reference) for name, reference in manifests if ":" not in reference}


def test_signatures_cross_an_air_gap(cmpolicy: Run, place: str, registry: FakeRegistry) -> None:
    assert cmpolicy("copy", place, "oci-layout:policies.tar").code == 0
    assert cmpolicy("tags", "oci-layout:policies.tar").out == "1.4.0\n"
    assert cmpolicy("verify", "oci-layout:policies.tar", "--key", "cosign.pub").code == 0
    before = dict(registry.manifests)
    registry.manifests.clear()
    registry.blobs.clear()
    back = cmpolicy("copy", "oci-layout:policies.tar", place.rpartition(":")[0])
    assert back.code == 0
    assert back.out.count("; signed") == 5
    assert tags(registry.manifests) == tags(before)
    assert cmpolicy("verify", place, "--key", "cosign.pub").code == 0
    again = cmpolicy("copy", "oci-layout:policies.tar", place)
    assert "Everything was there already; nothing was uploaded." in again.out


def test_inspecting_shows_what_is_attached(cmpolicy: Run, place: str) -> None:
    lines = cmpolicy("inspect", place).out.splitlines()
    assert lines[-1] == "Attached, and not verified here: legacy-signature, provenance, signature"
    assert all(line.endswith("legacy-signature, signature") for line in lines[-5:-1])
    found = json.loads(cmpolicy("inspect", place, "--output", "json").out)["attached"]
    of_bundle = {each["kind"]: each["digest"] for each in found if each["artifact"] == ""}
    assert of_bundle.keys() == {"signature", "provenance", "legacy-signature"}
    assert of_bundle.items() == {each["kind"]: each["digest"] for each in attached(cmpolicy, place)}.items()
    assert len(found) == 3 + 2 * 4


def test_a_bundle_is_signed_in_a_layout(cmpolicy: Run, keys: Path) -> None:
    assert cmpolicy("publish", "oci-layout:x.tar:1", "--sign-key", "cosign.key").code == 0
    assert cmpolicy("verify", "oci-layout:x.tar", "--key", "cosign.pub").code == 0
    assert cmpolicy("verify", "oci-layout:x.tar", "--key", "other.pub").code == 1
    before = (keys / "x.tar").read_bytes()
    again = cmpolicy("publish", "oci-layout:x.tar:1", "--sign-key", "cosign.key")
    assert "nothing was uploaded" in again.out
    assert (keys / "x.tar").read_bytes() == before


def test_what_a_failure_left_unsigned_is_signed_by_publishing_again(
    cmpolicy: Run, keys: Path, where: str, registry: FakeRegistry
) -> None:
    def forbidden(handler: Handler) -> bool:
        refused = handler.command == "PUT" and handler.path.endswith(".sig") and "/policies/vap/" in handler.path
        return refused and handler.answer(403)

    registry.fault = forbidden
    result = cmpolicy("publish", where, "--sign-key", "cosign.key")
    assert (result.code, result.out) == (2, "")
    assert "the registry forbids it" in result.err
    registry.fault = None
    assert cmpolicy("publish", where, "--sign-key", "cosign.key").code == 0
    again = cmpolicy("publish", where, "--sign-key", "cosign.key")
    assert again.out.count("already there; signed already") == 5
    assert cmpolicy("verify", where, "--key", "cosign.pub").code == 0
