"""cosign's signatures before bundles: read as signed, and refused after any change."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from cmpolicy.content import canonical
from cmpolicy.sign.classic import KIND, SIGNATURE, Signed, sign_classic, tag_of, verify_classic, verify_classics
from cmpolicy.sign.keys import PublicKey
from cmpolicy.sign.pem import read_public
from cmpolicy.sign.strict import NotVerified, write_base64
from hypothesis import given
from hypothesis import strategies as st

from tests.sign.samples import COSIGN, COSIGN_DIGEST, DIGEST, KEY, OTHER_DIGEST, OTHER_KEY, Document

REFERENCE = "registry.example/acme/policies"
SIGNED = sign_classic(KEY, REFERENCE, DIGEST)
PAYLOAD: Document = json.loads(SIGNED.payload)


def refusal(signed: Signed, key: PublicKey = KEY.public, digest: str = DIGEST) -> str:
    with pytest.raises(NotVerified) as raised:
        verify_classic(signed, key, digest)
    return str(raised.value)


def resigned(payload: bytes) -> Signed:
    return Signed(payload, write_base64(KEY.sign(payload)))


def critical(**changes: Document) -> bytes:
    return canonical(PAYLOAD | {"critical": PAYLOAD["critical"] | changes})


def test_what_is_signed_is_verified() -> None:
    assert verify_classic(SIGNED, KEY.public, DIGEST) == REFERENCE


def test_the_payload_is_that_of_cosign() -> None:
    cosign = (COSIGN / "classic.json").read_bytes()
    reference = json.loads(cosign)["critical"]["identity"]["docker-reference"]
    assert sign_classic(KEY, reference, COSIGN_DIGEST).payload == cosign


def test_what_cosign_signs_is_verified() -> None:
    manifest = json.loads((COSIGN / "classic.manifest.json").read_text())
    signed = Signed((COSIGN / "classic.json").read_bytes(), manifest["layers"][0]["annotations"][SIGNATURE])
    key = read_public((COSIGN / "cosign.pub").read_bytes())
    assert verify_classic(signed, key, COSIGN_DIGEST) == "127.0.0.1:5598/acme/other"
    assert refusal(signed, digest=COSIGN_DIGEST).startswith("the signature is not one of the key")


def test_the_tag_is_made_of_the_digest() -> None:
    assert tag_of(DIGEST) == f"sha256-{'5b' * 32}.sig"
    with pytest.raises(ValueError, match="is no digest to sign"):
        tag_of("1.4.0")


def test_another_key_is_refused() -> None:
    assert refusal(SIGNED, OTHER_KEY.public).startswith(
        f"the signature is not one of the key `{OTHER_KEY.public.hint}`"
    )


def test_another_digest_is_named() -> None:
    assert refusal(SIGNED, digest=OTHER_DIGEST) == f"the signature is for {DIGEST}, and not for {OTHER_DIGEST}"


def test_the_signature_of_another_payload_is_refused() -> None:
    other = sign_classic(KEY, REFERENCE, OTHER_DIGEST)
    assert refusal(replace(SIGNED, signature=other.signature)).startswith("the signature is not one of the key")


@pytest.mark.parametrize("signature", ["", "AAA", SIGNED.signature[:-4], SIGNED.signature + "\n", "é"])
def test_a_signature_that_was_cut_is_refused(signature: str) -> None:
    assert refusal(replace(SIGNED, signature=signature))


@pytest.mark.parametrize(
    ("payload", "told"),
    [
        (b"no JSON", "the signed payload: it is no JSON"),
        (critical(type="atomic container signature"),
         f"the signed payload is of the type `atomic container signature`, and not `{KIND}`"),
        (critical(image={}), "the signed payload: `docker-manifest-digest` is missing"),
        (critical(identity=None), "the signed payload: `null` is no map"),
        (critical(more=1), "the signed payload: `more` is no field that this cmpolicy knows"),
        (canonical(PAYLOAD | {"more": 1}), "the signed payload: `more` is no field that this cmpolicy knows"),
        (SIGNED.payload.replace(b'"optional"', b'"critical":{},"optional"'),
         "the signed payload: `critical` stands twice"),
    ],
)  # fmt: skip
def test_a_payload_that_is_none_is_refused_even_if_it_is_signed(payload: bytes, told: str) -> None:
    assert refusal(resigned(payload)) == told


@given(st.integers(0, len(SIGNED.payload) - 1), st.integers(1, 255))
def test_any_byte_of_the_payload_that_is_another_makes_it_fail(place: int, flip: int) -> None:
    payload = bytearray(SIGNED.payload)
    payload[place] ^= flip
    assert refusal(replace(SIGNED, payload=bytes(payload)))


@given(st.integers(0, len(SIGNED.signature) - 1), st.characters(max_codepoint=127))
def test_any_character_of_the_signature_that_is_another_makes_it_fail(place: int, character: str) -> None:
    other = SIGNED.signature[:place] + character + SIGNED.signature[place + 1 :]
    if other != SIGNED.signature:
        assert refusal(replace(SIGNED, signature=other))


def test_one_signature_of_several_is_enough() -> None:
    others = [sign_classic(OTHER_KEY, REFERENCE, DIGEST), sign_classic(KEY, REFERENCE, OTHER_DIGEST)]
    assert verify_classics([*others, SIGNED], KEY.public, DIGEST) == REFERENCE
    for found, told in (
        (others, f"; the signature is for {OTHER_DIGEST}, and not for {DIGEST}$"),
        ([], f"^no signature is at the tag `sha256-{'5b' * 32}.sig`$"),
    ):
        with pytest.raises(NotVerified, match=told):
            verify_classics(found, KEY.public, DIGEST)
