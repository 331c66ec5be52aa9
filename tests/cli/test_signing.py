"""`cmpolicy publish --sign-key`, `verify`, and `pull --key`: what is signed is found good, and nothing else is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cmpolicy.sign.files import write_pair

from tests.cli.conftest import Run
from tests.oci.server import FakeRegistry
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
