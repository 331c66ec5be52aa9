"""A bundle signed by an identity is good for that identity, that content and that log, and for nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cmpolicy.diagnostics import CmpolicyError
from cmpolicy.sign.identity import Identity
from cmpolicy.sign.keyless import KeylessSigner, keyless_signer, verify_keyless
from cmpolicy.sign.statement import PROVENANCE, SIGNED, Statement, signed
from cmpolicy.sign.strict import NotVerified

from tests.sign.sigstore_server import IDENTITY, ISSUER, Sigstore, serving_sigstore, token

DIGEST, OTHER_DIGEST = f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"


@pytest.fixture(scope="module")
def sigstore() -> Iterator[Sigstore]:
    with serving_sigstore() as found:
        yield found


@pytest.fixture(scope="module")
def config(sigstore: Sigstore, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sigstore") / "config.json"
    path.write_text(sigstore.trust_config())
    return path


@pytest.fixture(scope="module")
def signer(config: Path) -> KeylessSigner:
    return keyless_signer(config, {"SIGSTORE_ID_TOKEN": token()})


@pytest.fixture(scope="module")
def content(signer: KeylessSigner) -> bytes:
    """A bundle."""
    return signer.sign_bundle(signed(DIGEST))


def test_who_signed_is_told_by_the_certificate(signer: KeylessSigner, config: Path) -> None:
    assert signer.public == Identity(IDENTITY, ISSUER, config)


def test_a_bundle_is_good_for_who_signed_it(signer: KeylessSigner, content: bytes) -> None:
    assert verify_keyless(content, signer.public, DIGEST, SIGNED) == signed(DIGEST)


def test_a_statement_comes_back(signer: KeylessSigner) -> None:
    said = Statement(DIGEST, PROVENANCE, {"buildDefinition": {"é": [1, None, "x"]}})
    assert verify_keyless(signer.sign_bundle(said), signer.public, DIGEST, PROVENANCE) == said


def test_a_trusted_root_is_enough_to_verify(sigstore: Sigstore, content: bytes, tmp_path: Path) -> None:
    (tmp_path / "root.json").write_text(json.dumps(sigstore.trusted_root()))
    who = Identity(IDENTITY, ISSUER, tmp_path / "root.json")
    assert verify_keyless(content, who, DIGEST, SIGNED) == signed(DIGEST)


@pytest.mark.parametrize(
    ("name", "issuer", "digest", "kind", "said"),
    [
        ("https://github.com/evil", ISSUER, DIGEST, SIGNED, "not signed by `https://github.com/evil`"),
        (IDENTITY, "https://other.example", DIGEST, SIGNED, "not signed by"),
        ("", ISSUER, DIGEST, SIGNED, "not signed by"),
        (IDENTITY, "", DIGEST, SIGNED, "names nobody who vouches"),
        (IDENTITY, ISSUER, OTHER_DIGEST, SIGNED, f"and not about {OTHER_DIGEST}"),
        (IDENTITY, ISSUER, DIGEST, PROVENANCE, f"and not `{PROVENANCE}`"),
    ],
)
def test_it_is_good_for_nothing_else(
    config: Path, content: bytes, name: str, issuer: str, digest: str, kind: str, said: str
) -> None:
    with pytest.raises(NotVerified, match=said):
        verify_keyless(content, Identity(name, issuer, config), digest, kind)


def test_it_is_good_for_this_sigstore_only(content: bytes, tmp_path: Path) -> None:
    with serving_sigstore() as other:
        (tmp_path / "other.json").write_text(json.dumps(other.trusted_root()))
    with pytest.raises(NotVerified, match="not signed by"):
        verify_keyless(content, Identity(IDENTITY, ISSUER, tmp_path / "other.json"), DIGEST, SIGNED)


def entry(raw: Any) -> Any:
    return raw["verificationMaterial"]["tlogEntries"][0]


def unset(held: Any, name: str) -> None:
    del held[name]


def put(held: Any, name: str, value: object) -> None:
    held[name] = value


def flipped(held: Any, name: str) -> None:
    text = held[name]
    held[name] = f"{text[:40]}{'A' if text[40] != 'A' else 'B'}{text[41:]}"


SPOILT: dict[str, Callable[[Any], None]] = {
    "no entry of the log": lambda raw: put(raw["verificationMaterial"], "tlogEntries", []),
    "no proof": lambda raw: unset(entry(raw), "inclusionProof"),
    "another root": lambda raw: flipped(entry(raw)["inclusionProof"], "rootHash"),
    "another entry": lambda raw: flipped(entry(raw), "canonicalizedBody"),
    "another time": lambda raw: put(entry(raw), "integratedTime", str(int(entry(raw)["integratedTime"]) + 1)),
    "no promise": lambda raw: unset(entry(raw), "inclusionPromise"),
    "another promise": lambda raw: flipped(entry(raw)["inclusionPromise"], "signedEntryTimestamp"),
    "another payload": lambda raw: flipped(raw["dsseEnvelope"], "payload"),
    "another signature": lambda raw: flipped(raw["dsseEnvelope"]["signatures"][0], "sig"),
    "no signature": lambda raw: put(raw["dsseEnvelope"], "signatures", []),
    "no certificate": lambda raw: unset(raw["verificationMaterial"], "certificate"),
    "another certificate": lambda raw: flipped(raw["verificationMaterial"]["certificate"], "rawBytes"),
    "no envelope": lambda raw: unset(raw, "dsseEnvelope"),
    "another type": lambda raw: put(raw, "mediaType", "application/vnd.dev.sigstore.bundle.v9+json"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_what_is_spoilt_is_not_verified(signer: KeylessSigner, content: bytes, name: str) -> None:
    raw = json.loads(content)
    SPOILT[name](raw)
    with pytest.raises(NotVerified):
        verify_keyless(json.dumps(raw).encode(), signer.public, DIGEST, SIGNED)


@pytest.mark.parametrize("text", [b"", b"{}", b"[1]", b"\xff", b'{"mediaType": 1, "mediaType": 2}', b"{"])
def test_what_is_no_bundle_is_not_verified(signer: KeylessSigner, text: bytes) -> None:
    with pytest.raises(NotVerified):
        verify_keyless(text, signer.public, DIGEST, SIGNED)


def test_a_bundle_of_another_log_entry_is_not_verified(signer: KeylessSigner, content: bytes) -> None:
    raw, other = json.loads(content), json.loads(signer.sign_bundle(signed(OTHER_DIGEST)))
    raw["verificationMaterial"]["tlogEntries"] = other["verificationMaterial"]["tlogEntries"]
    with pytest.raises(NotVerified, match="log entry"):
        verify_keyless(json.dumps(raw).encode(), signer.public, DIGEST, SIGNED)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (token(seconds=-60), "no certificate to sign with"),
        ("x", "no certificate to sign with"),
        ("", "there is no identity token"),
    ],
)
def test_without_a_good_token_nothing_is_signed(
    config: Path, given: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SIGSTORE_ID_TOKEN", "GITHUB_ACTIONS", "GITLAB_CI", "CIRCLECI", "BUILDKITE"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(CmpolicyError, match=said):
        keyless_signer(config, {"SIGSTORE_ID_TOKEN": given})


def test_services_that_are_not_there_are_told(tmp_path: Path) -> None:
    with serving_sigstore() as gone:
        (tmp_path / "gone.json").write_text(gone.trust_config())
        lasting = keyless_signer(tmp_path / "gone.json", {"SIGSTORE_ID_TOKEN": token()})
    with pytest.raises(CmpolicyError, match="no certificate to sign with"):
        keyless_signer(tmp_path / "gone.json", {"SIGSTORE_ID_TOKEN": token()})
    with pytest.raises(CmpolicyError, match="it could not be signed"):
        lasting.sign_bundle(signed(DIGEST))


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"mediaType": "application/vnd.dev.sigstore.trustedroot+json"}'])
def test_a_file_that_is_no_configuration_is_told(content: bytes, tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.json").write_text(text)
    with pytest.raises(CmpolicyError):
        verify_keyless(content, Identity(IDENTITY, ISSUER, tmp_path / "bad.json"), DIGEST, SIGNED)
    with pytest.raises(CmpolicyError):
        keyless_signer(tmp_path / "bad.json", {"SIGSTORE_ID_TOKEN": token()})


def test_without_the_package_the_way_to_it_is_told() -> None:
    script = (
        "import sys; sys.modules['sigstore'] = None\n"
        "from cmpolicy.diagnostics import CmpolicyError\n"
        "try:\n    import cmpolicy.sign.keyless\nexcept CmpolicyError as error:\n    print(error.diagnostics[0].help)"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout == "install it with `pip install 'cmpolicy[keyless]'`\n"
