"""`publish --keyless`, and `verify` and `pull` with `--identity`, on services of the tests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.oci.server import FakeRegistry
from tests.sign.sigstore_server import IDENTITY, ISSUER, Sigstore, serving_sigstore, token

TRUST = ("--trust-config", "sigstore.json")
WHO = ("--identity", IDENTITY, "--issuer", ISSUER, *TRUST)


@pytest.fixture
def sigstore(built: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sigstore]:
    monkeypatch.setenv("SIGSTORE_ID_TOKEN", token())
    with serving_sigstore() as found:
        (built / "sigstore.json").write_text(found.trust_config())
        yield found


@pytest.fixture
def where(registry: FakeRegistry) -> str:
    return f"oci://{registry.host}/acme/policies:1.4.0"


def test_what_an_identity_signed_is_verified(cmpolicy: Run, sigstore: Sigstore, where: str) -> None:
    result = cmpolicy("publish", where, "--keyless", *TRUST)
    assert (result.code, result.err) == (0, "")
    assert "; signed, provenance attached" in result.out
    # A signature for each of five manifests, and provenance.
    assert len(sigstore.entries) == 6
    verified = cmpolicy("verify", where, *WHO)
    assert (verified.code, verified.err) == (0, "")
    assert verified.out.startswith(f"signature ok ({IDENTITY}, by {ISSUER}) · provenance: ")
    told = json.loads(cmpolicy("verify", where, *WHO, "--output", "json").out)
    assert (told["verified"], told["key"], told["identity"]) == (True, None, {"name": IDENTITY, "issuer": ISSUER})


def test_publishing_again_signs_nothing_anew(cmpolicy: Run, sigstore: Sigstore, where: str) -> None:
    assert cmpolicy("publish", where, "--keyless", *TRUST).code == 0
    logged = len(sigstore.entries)
    result = cmpolicy("publish", where, "--keyless", *TRUST)
    assert result.out.count("signed already") == 5
    assert len(sigstore.entries) == logged


def test_another_identity_signs_beside_it(
    cmpolicy: Run, sigstore: Sigstore, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cmpolicy("publish", where, "--keyless", *TRUST).code == 0
    monkeypatch.setenv("SIGSTORE_ID_TOKEN", token("https://github.com/other"))
    assert cmpolicy("publish", where, "--keyless", *TRUST).code == 0
    assert cmpolicy("verify", where, *WHO).code == 0
    assert cmpolicy("verify", where, "--identity", "https://github.com/other", "--issuer", ISSUER, *TRUST).code == 0


def test_what_somebody_else_signed_is_not_written(cmpolicy: Run, sigstore: Sigstore, where: str, built: Path) -> None:
    assert cmpolicy("publish", where, "--keyless", *TRUST).code == 0
    other = ("--identity", "https://github.com/evil", "--issuer", ISSUER, *TRUST)
    for command in (("verify", where, *other), ("pull", where, "--out", "pulled", *other)):
        result = cmpolicy(*command)
        assert (result.code, result.out) == (1, "")
        assert "it is not signed by `https://github.com/evil`" in result.err
    assert not (built / "pulled").exists()
    assert cmpolicy("pull", where, "--out", "pulled", *WHO).code == 0
    assert (built / "pulled" / "bundle.json").exists()


def test_a_copy_is_verified_without_services(cmpolicy: Run, sigstore: Sigstore, where: str, built: Path) -> None:
    assert cmpolicy("publish", where, "--keyless", *TRUST).code == 0
    assert cmpolicy("copy", where, "oci-layout:gap.tar").code == 0
    (built / "root.json").write_text(json.dumps(sigstore.trusted_root()))
    who = ("--identity", IDENTITY, "--issuer", ISSUER, "--trust-config", "root.json")
    asked = len(sigstore.entries)
    assert cmpolicy("verify", "oci-layout:gap.tar", *who).code == 0
    assert len(sigstore.entries) == asked


def test_without_a_token_nothing_is_published(
    cmpolicy: Run, sigstore: Sigstore, where: str, registry: FakeRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SIGSTORE_ID_TOKEN", "GITHUB_ACTIONS", "GITLAB_CI", "CIRCLECI", "BUILDKITE"):
        monkeypatch.delenv(name, raising=False)
    result = cmpolicy("publish", where, "--keyless", *TRUST)
    assert (result.code, result.out, registry.asked) == (2, "", [])
    assert "there is no identity token to sign with" in result.err
    assert "`id-token: write`" in result.err


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("publish WHERE --keyless --sign-key cosign.key", "exclude each other"),
        ("publish WHERE --trust-config sigstore.json", "is for `--keyless`"),
        ("publish WHERE --keyless --signature-format legacy", "in the format of bundles only"),
        ("verify WHERE", "it is not told who must have signed"),
        ("verify WHERE --identity me", "given together"),
        ("verify WHERE --issuer me", "given together"),
        ("verify WHERE --key cosign.pub --identity me --issuer me", "without `--key`"),
        ("pull WHERE --trust-config sigstore.json", "is for `--identity`"),
        ("pull WHERE --identity me", "given together"),
        ("pull WHERE --without-provenance", "neither is given"),
    ],
)
def test_it_must_be_clear_who_signs(cmpolicy: Run, built: Path, where: str, command: str, said: str) -> None:
    result = cmpolicy(*command.replace("WHERE", where).split())
    assert result.code == 2
    assert said in result.err
