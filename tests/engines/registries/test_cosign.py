"""Cosign takes what cmpolicy signed, cmpolicy what cosign signed, and neither what was changed; no log is asked.

`docs/signing.md` has the commands.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from cmpolicy.oci.classics import with_signatures
from cmpolicy.oci.model import MANIFEST, NOTHING, Descriptor, Manifest, blob
from cmpolicy.oci.opened import Access, opened
from cmpolicy.oci.reference import parse
from cmpolicy.oci.store import Store, put_missing
from cmpolicy.sign.bundle import MEDIA_TYPE, sign_bundle
from cmpolicy.sign.classic import MEDIA_TYPE as CLASSIC_TYPE
from cmpolicy.sign.classic import SIGNATURE, Signed, sign_classic, tag_of
from cmpolicy.sign.statement import PROVENANCE, signed

from tests.cli.conftest import Run
from tests.engines.registries.conftest import TAG, Publish
from tests.engines.registries.tools import Tool
from tests.sign.samples import KEY, OTHER_DIGEST, Document, changed

pytestmark = pytest.mark.parametrize("registry", ["distribution-basic", "go-containerregistry"], indirect=True)
"""Without a list of referrers, and with one. go-containerregistry, which cosign uses, asks no service for tokens on loopback."""

FORMATS = {"bundle": (), "legacy": ("--new-bundle-format=false",)}
"""The signatures that `publish --signature-format` makes, and how cosign is told to read them."""
CLAIMS = {"bundle": "https://sigstore.dev/cosign/sign/v1", "legacy": "cosign container image signature"}
REFUSALS = {"bundle": "accepted signatures do not match threshold", "legacy": "invalid signature"}
"""What cosign says was signed, and of what another key signed."""
NO_LOG = "--insecure-ignore-tlog"
SLSA = ("--type", "slsaprovenance1")


@pytest.fixture(scope="session")
def cosign(binary: Callable[[str], Path]) -> Tool:
    return Tool(binary("cosign"))


@pytest.fixture
def own_keys(cosign: Tool, keys: Path) -> Path:
    """The same folder, with a pair of keys that cosign made, `theirs`."""
    cosign.good("generate-key-pair", "--output-key-prefix", "theirs")
    cosign.good("signing-config", "create", "--out", "none.json")
    return keys


def digests(cmpolicy: Run, reference: str) -> dict[str, str]:
    """Every manifest that was published, by its repository below the bundle's."""
    found = json.loads(cmpolicy("inspect", reference, "--output", "json").out)
    return {"": found["digest"], **{f"/{each['name']}": each["digest"] for each in found["artifacts"]}}


@pytest.mark.parametrize("form", FORMATS)
def test_cosign_verifies_every_manifest_that_was_signed(
    cosign: Tool, cmpolicy: Run, publish: Publish, keys: Path, place: str, form: str
) -> None:
    found = digests(cmpolicy, publish("--sign-key", "cosign.key", "--signature-format", form))
    assert len(found) == 5
    for name, digest in found.items():
        image, options = f"{place}{name}@{digest}", (NO_LOG, *FORMATS[form])
        claims = json.loads(cosign.good("verify", "--key", "cosign.pub", *options, image))
        assert {each["critical"]["image"]["docker-manifest-digest"] for each in claims} == {digest}
        assert CLAIMS[form] in {each["critical"]["type"] for each in claims}
        refused = cosign("verify", "--key", "other.pub", *options, image)
        assert refused.code != 0
        assert REFUSALS[form] in refused.err


def test_cosign_verifies_provenance_and_gives_what_cmpolicy_wrote(
    cosign: Tool, cmpolicy: Run, publish: Publish, keys: Path, place: str
) -> None:
    digest = digests(cmpolicy, publish("--sign-key", "cosign.key"))[""]
    statement = attested(cosign, f"{place}@{digest}")
    assert statement["subject"] == [{"digest": {"sha256": digest.removeprefix("sha256:")}}]
    assert statement["predicateType"] == "https://slsa.dev/provenance/v1"
    assert set(statement["predicate"]["buildDefinition"]["externalParameters"]["targets"]) == {"kyverno", "vap"}
    assert cosign("verify-attestation", "--key", "other.pub", NO_LOG, *SLSA, f"{place}@{digest}").code != 0


def attested(cosign: Tool, image: str) -> Document:
    """The statement of the only provenance that the key has signed."""
    (line,) = cosign.good("verify-attestation", "--key", "cosign.pub", NO_LOG, *SLSA, image).splitlines()
    return json.loads(base64.b64decode(json.loads(line)["payload"]))


SIGN = {
    "bundle": ("--signing-config", "none.json"),
    "legacy": ("--use-signing-config=false", "--tlog-upload=false", "--new-bundle-format=false"),
}


@pytest.mark.parametrize("form", SIGN)
@pytest.mark.parametrize("key", ["theirs", "cosign"])
def test_what_cosign_signed_is_verified(
    cosign: Tool, cmpolicy: Run, publish: Publish, own_keys: Path, place: str, form: str, key: str
) -> None:
    reference = publish()
    verify = ("verify", reference, "--without-provenance", "--key")
    assert cmpolicy(*verify, f"{key}.pub").code == 1
    digest = digests(cmpolicy, reference)[""]
    cosign.good("sign", "--yes", "--key", f"{key}.key", *SIGN[form], f"{place}@{digest}")
    found = cmpolicy(*verify, f"{key}.pub")
    assert (found.code, found.err) == (0, "")
    assert cmpolicy(*verify, "other.pub").code == 1
    assert cmpolicy("verify", reference, "--key", f"{key}.pub").code == 1
    pulled = cmpolicy("pull", reference, "--without-provenance", "--key", f"{key}.pub", "--out", "pulled")
    assert (pulled.code, pulled.err) == (0, "")


@pytest.mark.parametrize("form", SIGN)
@pytest.mark.parametrize("first", ["cmpolicy", "cosign"])
def test_signatures_of_both_stay_beside_each_other(
    cosign: Tool, cmpolicy: Run, publish: Publish, own_keys: Path, place: str, form: str, first: str
) -> None:
    reference = publish()
    image = f"{place}@{digests(cmpolicy, reference)['']}"
    for who in ("cmpolicy", "cosign") if first == "cmpolicy" else ("cosign", "cmpolicy"):
        if who == "cosign":
            cosign.good("sign", "--yes", "--key", "theirs.key", *SIGN[form], image)
        else:
            publish("--sign-key", "cosign.key", "--signature-format", form)
    copied = reference.replace("acme", "copied")
    assert cmpolicy("copy", reference, copied).code == 0
    for where in (reference, copied):
        for key in ("cosign", "theirs"):
            found = cmpolicy("verify", where, "--without-provenance", "--key", f"{key}.pub")
            assert (found.code, found.err) == (0, "")
            cosign.good("verify", "--key", f"{key}.pub", NO_LOG, *FORMATS[form], where.removeprefix("oci://"))
        assert cmpolicy("verify", where, "--key", "cosign.pub").code == 0


def test_provenance_that_cosign_attests_by_its_full_type_is_verified(
    cosign: Tool, cmpolicy: Run, publish: Publish, own_keys: Path, place: str
) -> None:
    """By its short name cosign drops what it does not know of the predicate, such as the objects."""
    reference = publish("--sign-key", "cosign.key")
    image = f"{place}@{digests(cmpolicy, reference)['']}"
    (own_keys / "predicate.json").write_text(json.dumps(attested(cosign, image)["predicate"]))
    cosign.good("sign", "--yes", "--key", "theirs.key", *SIGN["bundle"], image)
    attest = ("attest", "--yes", "--key", "theirs.key", "--predicate", "predicate.json", *SIGN["bundle"], image)
    cosign.good(*attest, *SLSA)
    assert "`cmpolicy_objects` is missing" in cmpolicy("verify", reference, "--key", "theirs.pub").err
    cosign.good(*attest, "--type", PROVENANCE)
    found = cmpolicy("verify", reference, "--key", "theirs.pub")
    assert (found.code, found.err) == (0, "")
    assert "2 rules, each object traced to its line" in found.out


def test_an_attestation_is_a_signature_for_cosign_alone(
    cosign: Tool, cmpolicy: Run, publish: Publish, own_keys: Path, place: str
) -> None:
    reference = publish()
    image = f"{place}@{digests(cmpolicy, reference)['']}"
    (own_keys / "predicate.json").write_text("{}")
    attest = (
        "--predicate",
        "predicate.json",
        "--signing-config",
        "none.json",
        "--type",
        "https://example.com/x",
        image,
    )
    cosign.good("attest", "--yes", "--key", "theirs.key", *attest)
    cosign.good("verify", "--key", "theirs.pub", NO_LOG, image)
    refused = cmpolicy("verify", reference, "--without-provenance", "--key", "theirs.pub")
    assert (refused.code, refused.out) == (1, "")


def test_a_tag_that_stands_for_something_else_now_is_refused(
    cosign: Tool, cmpolicy: Run, publish: Publish, other_dist: Path, keys: Path, place: str
) -> None:
    reference = publish("--sign-key", "cosign.key")
    assert cosign.good("verify", "--key", "cosign.pub", NO_LOG, f"{place}:{TAG}")
    publish(folder=other_dist)
    assert "no signatures found" in cosign("verify", "--key", "cosign.pub", NO_LOG, f"{place}:{TAG}").err
    refused = cmpolicy("verify", reference, "--key", "cosign.pub")
    assert (refused.code, refused.out) == (1, "")


def flipped(text: str) -> str:
    """Base64 with one bit of its last whole byte changed."""
    content = bytearray(base64.b64decode(text))
    content[-1] ^= 1
    return base64.b64encode(content).decode()


ENVELOPE = ("dsseEnvelope", "signatures", 0, "sig")
BUNDLES: dict[str, Callable[[str], bytes]] = {
    "good": lambda digest: sign_bundle(KEY, signed(digest)),
    "another signature": lambda digest: changed(sign_bundle(KEY, signed(digest)), ENVELOPE, flipped),
    "of another digest": lambda digest: sign_bundle(KEY, signed(OTHER_DIGEST)),
    "with this digest put in": lambda digest: changed(
        sign_bundle(KEY, signed(OTHER_DIGEST)),
        ("dsseEnvelope", "payload"),
        lambda _: base64.b64encode(signed(digest).payload()).decode(),
    ),
    "another type of payload": lambda digest: changed(
        sign_bundle(KEY, signed(digest)), ("dsseEnvelope", "payloadType"), lambda _: "application/json"
    ),
}
"""Bundles for the digest, only the first of which signs it."""
CLASSICS: dict[str, Callable[[str], Signed]] = {
    "good": lambda digest: sign_classic(KEY, "", digest),
    "another signature": lambda digest: Signed(
        sign_classic(KEY, "", digest).payload, flipped(sign_classic(KEY, "", digest).signature)
    ),
    "of another digest": lambda digest: sign_classic(KEY, "", OTHER_DIGEST),
    "with this digest put in": lambda digest: Signed(
        sign_classic(KEY, "", digest).payload, sign_classic(KEY, "", OTHER_DIGEST).signature
    ),
}


def attach_bundle(make: Callable[[str], bytes], store: Store, digest: str) -> None:
    layer, manifest = blob(make(digest), MEDIA_TYPE), store.manifest("", digest)
    subject = Descriptor(MANIFEST, digest, len(manifest))
    put_missing(store, "", (NOTHING, layer))
    store.attach("", Manifest(NOTHING.descriptor, (layer.descriptor,), MEDIA_TYPE, subject=subject).text())


def attach_classic(make: Callable[[str], Signed], store: Store, digest: str) -> None:
    content = make(digest)
    layer = blob(content.payload, CLASSIC_TYPE, {SIGNATURE: content.signature})
    config, manifest = with_signatures(None, (layer.descriptor,))
    put_missing(store, "", (config, layer))
    store.put_manifest("", tag_of(digest), manifest)


TAMPERED: dict[str, Callable[[Store, str], None]] = {
    **{f"bundle, {name}": partial(attach_bundle, make) for name, make in BUNDLES.items()},
    **{f"legacy, {name}": partial(attach_classic, make) for name, make in CLASSICS.items()},
}


@pytest.mark.parametrize("how", TAMPERED)
def test_both_refuse_what_was_changed(
    cosign: Tool, cmpolicy: Run, publish: Publish, keys: Path, place: str, how: str
) -> None:
    reference = publish()
    digest = digests(cmpolicy, reference)[""]
    with opened(parse(reference), Access(), write=True) as store:
        TAMPERED[how](store, digest)
    theirs = cosign("verify", "--key", "cosign.pub", NO_LOG, *FORMATS[how.partition(",")[0]], f"{place}@{digest}")
    ours = cmpolicy("verify", reference, "--without-provenance", "--key", "cosign.pub")
    good = how.endswith("good")
    assert (theirs.code == 0, ours.code) == (good, 0 if good else 1), theirs.err + ours.err
