"""No registry gets credentials that are another's, and what it asks for them in is read in one way."""

from __future__ import annotations

from pathlib import Path

import pytest
from cmpolicy.diagnostics import CmpolicyError
from cmpolicy.oci.auth import read_challenges

from tests.oci.conftest import Client
from tests.oci.samples import BLOB
from tests.oci.server import FakeRegistry, Handler, blobs
from tests.oci.test_registry import docker, encoded


def test_credentials_do_not_follow_to_another_host(
    held: FakeRegistry, other: FakeRegistry, client: Client, tmp_path: Path
) -> None:
    held.user, held.password = "me", "pw"
    other.blobs = held.blobs
    held.fault = lambda handler: (
        "authorization" in handler.asked.headers
        and handler.asked.is_blob
        and handler.answer(307, Location=f"http://{other.host}{handler.path}?signature=secret")
    )
    found = client(**docker(tmp_path / "docker", held.host, auth=encoded("me", "pw")))
    assert found.blob("", BLOB.descriptor) == BLOB.content
    (asked,) = other.asked
    assert "authorization" not in asked.headers


def test_another_host_is_not_given_credentials_when_it_asks(
    held: FakeRegistry, other: FakeRegistry, client: Client, tmp_path: Path
) -> None:
    other.user, other.password = "me", "pw"
    held.fault = blobs(lambda handler: handler.answer(307, Location=f"http://{other.host}{handler.path}?s=secret"))
    with pytest.raises(CmpolicyError, match="forbids it") as caught:
        client(**docker(tmp_path / "docker", held.host, auth=encoded("me", "pw"))).blob("", BLOB.descriptor)
    assert "secret" not in str(caught.value)
    assert ["authorization" in each.headers for each in other.asked] == [False]


def test_an_upload_at_another_host_has_no_credentials(
    registry: FakeRegistry, other: FakeRegistry, client: Client, tmp_path: Path
) -> None:
    registry.user, registry.password = "me", "pw"

    def elsewhere(handler: Handler) -> bool:
        if handler.command != "POST" or "authorization" not in handler.asked.headers:
            return False
        handler.answer(202, Location=f"http://{other.host}/v2/a/blobs/uploads/1")
        return True

    registry.fault = elsewhere
    client(**docker(tmp_path / "docker", registry.host, auth=encoded("me", "pw"))).put_blob("", BLOB)
    assert other.blobs == {BLOB.descriptor.digest: BLOB.content}
    assert ["authorization" in each.headers for each in other.asked] == [False]


@pytest.mark.parametrize("tokens", [False, True], ids=["basic", "token"])
def test_asking_for_credentials_again_and_again_ends(
    held: FakeRegistry, client: Client, tmp_path: Path, tokens: bool
) -> None:
    scheme = f'Bearer realm="http://{held.host}/token"' if tokens else "Basic"

    def never(handler: Handler) -> bool:
        return not handler.path.startswith("/token") and handler.answer(401, WWW_Authenticate=scheme)

    held.fault = never
    with pytest.raises(CmpolicyError, match="refuses the credentials"):
        client(**docker(tmp_path / "docker", held.host, auth=encoded("me", "pw"))).blob("", BLOB.descriptor)
    assert len([each for each in held.asked if each.is_blob]) == 2


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("", "asks for credentials"),
        ("Negotiate", "asks for credentials"),
        ("Bearer", "is no address"),
        ('Bearer realm="ftp://x.example/"', "no address of a registry"),
        ('Bearer realm="http://192.0.2.1/token"', "without encryption"),
        ("Bearer " + 'a="' * 2000, "is no address"),
    ],
    ids=["none", "unknown", "no realm", "another scheme", "plain", "long"],
)
def test_a_strange_challenge_is_told(held: FakeRegistry, client: Client, header: str, said: str) -> None:
    held.fault = lambda handler: handler.answer(401, WWW_Authenticate=header)
    with pytest.raises(CmpolicyError, match=said):
        client().blob("", BLOB.descriptor)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"token": 3}', b'{"token": "a\\r\\nHost: x"}', b"[" * 100_000], ids=range(6)
)
def test_a_token_that_is_none_is_told(held: FakeRegistry, client: Client, body: bytes) -> None:
    held.tokens = True
    held.fault = lambda handler: handler.path.startswith("/token") and handler.answer(200, body)
    with pytest.raises(CmpolicyError, match="gave none"):
        client().blob("", BLOB.descriptor)


@pytest.mark.parametrize("header", ["Bearer a" + "=b  b" * 200 + '=b "', "Bearer " + "a=aa" * 200 + '"'])
def test_a_challenge_with_many_readings_is_read_once(header: str) -> None:
    # Not a matter of speed: with readings to choose from, no test would see the end of it.
    assert "bearer" not in read_challenges(header)


def test_challenges_are_told_apart() -> None:
    header = 'Basic realm="a, b", Bearer realm="https://r.example/t?x=\\"y\\"" , service=s,scope="a:b,c", Digest'
    assert read_challenges(header) == {
        "basic": {"realm": "a, b"},
        "bearer": {"realm": 'https://r.example/t?x=\\"y\\"', "service": "s", "scope": "a:b,c"},
        "digest": {},
    }
