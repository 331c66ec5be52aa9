"""Sigstore bundles: read as signed, and refused after any change."""

from __future__ import annotations

import base64
import json

import pytest
from cmpolicy.content import canonical
from cmpolicy.sign.bundle import encoded, manifest_annotations, sign_bundle, verify_bundles
from cmpolicy.sign.keys import PublicKey
from cmpolicy.sign.pem import read_public
from cmpolicy.sign.statement import PAYLOAD_TYPE, PROVENANCE, SIGNED, STATEMENT, Statement, signed
from cmpolicy.sign.strict import NotVerified, write_base64
from cmpolicy.values import Json
from hypothesis import given
from hypothesis import strategies as st

from tests.sign.samples import (
    BUNDLE,
    COSIGN,
    COSIGN_DIGEST,
    DIGEST,
    KEY,
    OTHER_DIGEST,
    OTHER_KEY,
    Document,
    changed,
    verify,
)

PROVEN = Statement(DIGEST, PROVENANCE, {"buildDefinition": {"n": 1, "text": "é"}})


def enveloped(payload: bytes, payload_type: str = PAYLOAD_TYPE) -> bytes:
    """A bundle whose key has signed this payload."""
    signature = KEY.sign(encoded(payload_type, payload))
    envelope: Json = {
        "payload": write_base64(payload),
        "payloadType": payload_type,
        "signatures": [{"sig": write_base64(signature)}],
    }
    document: Document = json.loads(BUNDLE)
    document["dsseEnvelope"] = envelope
    return canonical(document)


def refusal(content: bytes, key: PublicKey = KEY.public, digest: str = DIGEST, kind: str = SIGNED) -> str:
    with pytest.raises(NotVerified) as raised:
        verify(content, key, digest, kind)
    return str(raised.value)


def test_what_is_signed_is_verified() -> None:
    assert verify(BUNDLE) == signed(DIGEST)
    assert verify(sign_bundle(KEY, PROVEN), kind=PROVENANCE) == PROVEN


def test_a_bundle_has_the_shape_of_sigstores() -> None:
    document: Document = json.loads(BUNDLE)
    assert document["mediaType"] == "application/vnd.dev.sigstore.bundle.v0.3+json"
    assert document["verificationMaterial"] == {"publicKey": {"hint": KEY.public.hint}}
    assert json.loads(base64.b64decode(document["dsseEnvelope"]["payload"])) == {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"digest": {"sha256": "5b" * 32}}],
        "predicateType": "https://sigstore.dev/cosign/sign/v1",
        "predicate": {},
    }


def test_the_manifest_of_a_bundle_tells_what_is_in_it() -> None:
    assert manifest_annotations(PROVEN) == {
        "dev.sigstore.bundle.content": "dsse-envelope",
        "dev.sigstore.bundle.predicateType": "https://slsa.dev/provenance/v1",
    }


def test_what_is_signed_has_its_type_and_lengths_before_it() -> None:
    # The example of the specification of DSSE.
    assert encoded("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


def test_the_same_statement_has_the_same_bundle() -> None:
    assert sign_bundle(KEY, signed(DIGEST)) == BUNDLE


def test_another_key_is_named() -> None:
    told = refusal(BUNDLE, OTHER_KEY.public)
    assert told == f"the bundle is signed with the key `{KEY.public.hint}`, and not `{OTHER_KEY.public.hint}`"


def test_a_hint_alone_is_not_believed() -> None:
    claimed = changed(BUNDLE, ["verificationMaterial", "publicKey", "hint"], lambda _: OTHER_KEY.public.hint)
    assert refusal(claimed, OTHER_KEY.public).startswith("the signature is not one of the key")


def test_another_digest_is_named() -> None:
    assert refusal(BUNDLE, digest=OTHER_DIGEST) == f"the statement is about {DIGEST}, and not about {OTHER_DIGEST}"


def test_a_statement_of_another_kind_is_none() -> None:
    assert refusal(BUNDLE, kind=PROVENANCE) == f"the statement says `{SIGNED}`, and not `{PROVENANCE}`"


@pytest.mark.parametrize("kind", ["application/json", "application/vnd.in-toto+jsonx", ""])
def test_another_payload_type_is_refused_even_if_it_is_signed(kind: str) -> None:
    assert refusal(enveloped(signed(DIGEST).payload(), kind)) == f"the payload is `{kind}`, and not `{PAYLOAD_TYPE}`"


STATED: Document = json.loads(signed(DIGEST).payload())


@pytest.mark.parametrize(
    ("payload", "told"),
    [
        (b"no JSON", "the statement: it is no JSON"),
        (b"[]", "the statement: `[]` is no map"),
        (signed(DIGEST).payload().replace(b"{", b'{"_type":"x",', 1), "the statement: `_type` stands twice"),
        (canonical(STATED | {"_type": "https://in-toto.io/Statement/v2"}),
         f"the statement is of the type `https://in-toto.io/Statement/v2`, and not `{STATEMENT}`"),
        (canonical(STATED | {"subject": []}), f"the statement is about nothing, and not about {DIGEST}"),
        (canonical(STATED | {"subject": {}}), "the statement: `subject` is no list"),
        (canonical(STATED | {"subject": [{"name": DIGEST}]}), "the statement: `digest` is missing"),
        (canonical(STATED | {"subject": [{"digest": {"sha512": "5b" * 32}}]}),
         "the statement: a subject has another digest than one of `sha256`"),
        (canonical(STATED | {"subject": [{"digest": {"sha256": "5B" * 32}}]}),
         f"the statement is about sha256:{'5B' * 32}, and not about {DIGEST}"),
        (canonical(STATED | {"subject": [{"digest": {"sha256": "5b" * 32 + "00"}}]}),
         "the statement: the digest of a subject is none of `sha256`"),
        (canonical(STATED | {"predicate": []}), "the statement: `[]` is no map"),
        (canonical({key: value for key, value in STATED.items() if key != "predicateType"}),
         "the statement: `predicateType` is missing"),
    ],
)  # fmt: skip
def test_a_statement_that_is_not_one_is_refused_even_if_it_is_signed(payload: bytes, told: str) -> None:
    assert refusal(enveloped(payload)) == told


def test_one_of_several_subjects_is_enough() -> None:
    subjects = [{"digest": {"sha256": "00" * 32}}, {"name": "n", "digest": {"sha256": "5b" * 32}}]
    assert verify(enveloped(canonical(STATED | {"subject": subjects}))) == signed(DIGEST)


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (["mediaType"], "application/vnd.dev.sigstore.bundle+json;version=0.2", "the bundle: its media type is "),
        (["verificationMaterial"], {"certificate": {"rawBytes": ""}}, "the bundle: it is signed with a certificate"),
        (["verificationMaterial"], {}, "the bundle: `publicKey` is missing"),
        (["verificationMaterial", "publicKey"], {"hint": 3}, "the bundle: `hint` is no text"),
        (["verificationMaterial", "publicKey"], {"rawBytes": ""}, "the bundle: `rawBytes` is no field that"),
        (["dsseEnvelope", "signatures"], [], "the bundle: it holds 0 signatures, and a bundle has one"),
        (["dsseEnvelope", "signatures"], [{"sig": ""}], "the signature is not one of the key"),
        (["dsseEnvelope", "signatures"], [{"sig": "AAA"}], "the bundle: `sig`: it is no base64"),
        (["dsseEnvelope", "signatures"], [{"keyid": ""}], "the bundle: `sig` is missing"),
        (["dsseEnvelope", "signatures"], [{"sig": "", "alg": "none"}], "the bundle: `alg` is no field that"),
        (["dsseEnvelope", "payload"], "", "the signature is not one of the key"),
        (["dsseEnvelope", "payload"], None, "the bundle: `payload` is no text"),
    ],
)  # fmt: skip
def test_a_bundle_that_was_changed_is_refused(path: list[str], value: Json, told: str) -> None:
    assert refusal(changed(BUNDLE, path, lambda _: value)).startswith(told)


@pytest.mark.parametrize("place", ["", "verificationMaterial", "dsseEnvelope"])
def test_a_field_that_nobody_knows_is_refused_wherever_it_stands(place: str) -> None:
    document: Document = json.loads(BUNDLE)
    (document[place] if place else document)["more"] = 1
    assert refusal(canonical(document)) == "the bundle: `more` is no field that this cmpolicy knows"


def test_more_signatures_than_one_are_refused() -> None:
    twice = changed(BUNDLE, ["dsseEnvelope", "signatures"], lambda signatures: signatures * 2)
    assert refusal(twice) == "the bundle: it holds 2 signatures, and a bundle has one"


def test_base64_that_was_cut_is_refused() -> None:
    cut = changed(BUNDLE, ["dsseEnvelope", "payload"], lambda text: text.rstrip("=")[:-1])
    assert refusal(cut) == "the bundle: `payload`: it is no base64"


def test_a_key_that_stands_twice_is_refused() -> None:
    twice = BUNDLE.replace(b'"payloadType"', b'"payload":"","payloadType"')
    assert refusal(twice) == "the bundle: `payload` stands twice"


def test_a_bundle_of_a_file_is_none_of_a_statement() -> None:
    document: Document = json.loads(BUNDLE)
    document["messageSignature"] = document.pop("dsseEnvelope")
    assert refusal(canonical(document)) == "the bundle: it signs a file, and holds no statement"


def test_entries_of_a_log_do_not_matter() -> None:
    logged = changed(BUNDLE, ["verificationMaterial"], lambda material: material | {"tlogEntries": [{}]})
    assert verify(logged) == signed(DIGEST)


@given(st.integers(0, len(BUNDLE) - 1), st.integers(1, 255))
def test_any_byte_that_is_another_makes_it_fail(place: int, flip: int) -> None:
    content = bytearray(BUNDLE)
    content[place] ^= flip
    with pytest.raises(NotVerified):
        verify(bytes(content))


@given(st.integers(0, len(BUNDLE) - 1))
def test_any_bundle_that_was_cut_fails(length: int) -> None:
    with pytest.raises(NotVerified):
        verify(BUNDLE[:length])


@given(st.integers(0, 63), st.sampled_from("0123456789abcdef"))
def test_any_other_digest_fails(place: int, digit: str) -> None:
    value = "5b" * 32
    other = value[:place] + digit + value[place + 1 :]
    if other != value:
        with pytest.raises(NotVerified):
            verify(BUNDLE, digest=f"sha256:{other}")


@given(st.integers(0, len(KEY.public.der) - 1), st.integers(0, 7))
def test_any_key_with_another_bit_fails(place: int, bit: int) -> None:
    der = bytearray(KEY.public.der)
    der[place] ^= 1 << bit
    body = base64.encodebytes(bytes(der)).decode()
    content = f"-----BEGIN PUBLIC KEY-----\n{body}-----END PUBLIC KEY-----\n"
    with pytest.raises((ValueError, NotVerified)):
        verify(BUNDLE, read_public(content.encode()))


@pytest.mark.parametrize("digest", ["", "5b" * 32, "sha512:" + "5b" * 64, "sha256:" + "5B" * 32, DIGEST + "\n"])
def test_what_is_no_digest_is_not_signed(digest: str) -> None:
    with pytest.raises(ValueError, match="is no digest to sign"):
        sign_bundle(KEY, signed(digest))


@pytest.mark.parametrize(("name", "kind"), [("signed", SIGNED), ("attested", PROVENANCE)])
def test_what_cosign_signs_is_verified(name: str, kind: str) -> None:
    content, key = (COSIGN / f"{name}.sigstore.json").read_bytes(), read_public((COSIGN / "cosign.pub").read_bytes())
    assert verify(content, key, COSIGN_DIGEST, kind).digest == COSIGN_DIGEST
    assert "signature is not" in refusal(changed(content, ["verificationMaterial", "publicKey", "hint"], lambda _: ""))
    assert "is about" in refusal(content, key, OTHER_DIGEST, kind)


def test_one_bundle_of_several_is_enough() -> None:
    others = [
        b"",
        sign_bundle(OTHER_KEY, signed(DIGEST)),
        sign_bundle(KEY, PROVEN),
        sign_bundle(KEY, signed(OTHER_DIGEST)),
    ]
    assert verify_bundles([*others, BUNDLE], KEY.public, DIGEST, SIGNED) == signed(DIGEST)
    with pytest.raises(NotVerified) as raised:
        verify_bundles(others, KEY.public, DIGEST, SIGNED)
    assert str(raised.value).split("; ") == [
        "the bundle: it is no JSON",
        f"the bundle is signed with the key `{OTHER_KEY.public.hint}`, and not `{KEY.public.hint}`",
        f"the statement says `{PROVENANCE}`, and not `{SIGNED}`",
        f"the statement is about {OTHER_DIGEST}, and not about {DIGEST}",
    ]


def test_no_bundle_is_not_verified() -> None:
    with pytest.raises(NotVerified, match=f"^no bundle with `{PROVENANCE}` is attached to {DIGEST}$"):
        verify_bundles([], KEY.public, DIGEST, PROVENANCE)
