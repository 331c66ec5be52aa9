"""A registry is used as the specification says, and what was published comes back."""

from __future__ import annotations

import base64
import json
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from cmpolicy.diagnostics import CmpolicyError
from cmpolicy.oci.artifacts import Artifact, Labels, artifacts_of
from cmpolicy.oci.built import Built
from cmpolicy.oci.clock import Clock
from cmpolicy.oci.http import Http, Request
from cmpolicy.oci.layout import open_layout
from cmpolicy.oci.model import blob
from cmpolicy.oci.pulled import pull
from cmpolicy.oci.reference import Local, Remote
from cmpolicy.oci.registry import Registry
from cmpolicy.oci.store import NotThere
from cmpolicy.oci.transfer import copy, publish

from tests.oci.conftest import Client
from tests.oci.server import FakeRegistry

BLOB = blob(b"content", "text/plain")


def quiet(items: Iterable[int]) -> Iterator[int]:
    yield from items


def test_a_bundle_comes_back(
    registry: FakeRegistry, client: Client, built: Built, artifacts: tuple[Artifact, ...]
) -> None:
    moved = publish(client(), artifacts, "1.4.0", quiet)
    assert {each.name for each in moved} == {each.name for each in artifacts}
    assert pull(client(), "1.4.0") == (artifacts[-1].digest, built)
    assert pull(client(), artifacts[-1].digest) == (artifacts[-1].digest, built)
    assert ("acme/policies/gitops/kyverno", "1.4.0") in registry.manifests


def test_publishing_what_is_there_uploads_nothing(
    registry: FakeRegistry, client: Client, artifacts: tuple[Artifact, ...]
) -> None:
    publish(client(), artifacts, "1.4.0", quiet)
    registry.asked.clear()
    assert all(each.there and not each.uploaded for each in publish(client(), artifacts, "1.4.0", quiet))
    assert {each.method for each in registry.asked} == {"GET"}


def test_a_tag_that_moves_is_told(registry: FakeRegistry, client: Client, built: Built) -> None:
    first = publish(client(), artifacts_of(built, Labels()), "main", quiet)
    second = publish(client(), artifacts_of(built, Labels({"vendor": "x"})), "main", quiet)
    assert [each.replaced for each in second] == [each.digest for each in first]


def test_the_bundle_is_named_last(registry: FakeRegistry, client: Client, artifacts: tuple[Artifact, ...]) -> None:
    publish(client(), artifacts, "1.4.0", quiet)
    assert registry.paths("PUT")[-1] == "/v2/acme/policies/manifests/1.4.0"


def test_a_bundle_is_copied_byte_for_byte(
    registry: FakeRegistry, client: Client, tmp_path: Path, artifacts: tuple[Artifact, ...]
) -> None:
    publish(client(), artifacts, "1.4.0", quiet)
    with open_layout(Local(tmp_path / "x.tar"), write=True) as layout:
        out = copy(client(), "1.4.0", layout, "1.4.0", quiet)
    before = dict(registry.manifests)
    registry.manifests.clear()
    registry.blobs.clear()
    with open_layout(Local(tmp_path / "x.tar")) as layout:
        assert [each.digest for each in copy(layout, "1.4.0", client(), "1.4.0", quiet)] == [e.digest for e in out]
    assert registry.manifests == before


def test_a_repository_that_is_not_there_is_told_by_its_name(registry: FakeRegistry, client: Client) -> None:
    registry.fault = lambda handler: "/tags/" in handler.path and handler.answer(404)
    with pytest.raises(NotThere, match=f"`{registry.host}/acme/policies` is not there") as caught:
        client().tags()
    assert "cmpolicy tags" not in caught.value.diagnostics[0].help
    registry.fault = lambda handler: "/tags/" in handler.path and handler.answer(418)
    with pytest.raises(CmpolicyError, match=f"`{registry.host}/acme/policies`: the registry answers 418"):
        client().tags()


def test_tags_are_listed_over_pages(registry: FakeRegistry, client: Client) -> None:
    registry.page = 2
    for tag in "edcba":
        registry.manifests["acme/policies", tag] = b"{}"
    assert client().tags() == ("a", "b", "c", "d", "e")
    assert len(registry.paths("GET")) == 3


def test_what_is_not_there_is_told(client: Client) -> None:
    with pytest.raises(CmpolicyError, match=r"acme/policies:9` is not there"):
        client().manifest("", "9")
    assert client().digest("", "9") is None


# Credentials


def docker(folder: Path, host: str, **entry: str) -> dict[str, str]:
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"auths": {host: entry}}))
    return {"DOCKER_CONFIG": str(folder)}


def encoded(user: str, password: str) -> str:
    return base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.mark.parametrize("tokens", [False, True], ids=["basic", "token"])
def test_credentials_let_in(registry: FakeRegistry, client: Client, tmp_path: Path, tokens: bool) -> None:
    registry.user, registry.password, registry.tokens = "me", "p:w é", tokens
    found = client(**docker(tmp_path / "docker", registry.host, auth=encoded("me", "p:w é")))
    found.put_blob("", BLOB)
    assert found.blob("", BLOB.descriptor) == b"content"
    assert registry.blobs == {BLOB.descriptor.digest: b"content"}


def test_tokens_are_asked_for_once_and_with_the_least_scope(registry: FakeRegistry, client: Client) -> None:
    registry.tokens = True
    found = client()
    registry.blobs[BLOB.descriptor.digest] = b"content"
    for _ in range(3):
        found.blob("", BLOB.descriptor)
    (token,) = [path for path in registry.paths("GET") if path.startswith("/token")]
    assert token.endswith("scope=repository%3Aacme%2Fpolicies%3Apull&service=fake")


def test_an_identity_token_is_exchanged(registry: FakeRegistry, client: Client, tmp_path: Path) -> None:
    registry.user, registry.password, registry.tokens = "me", "identity", True
    found = client(**docker(tmp_path / "docker", registry.host, auth=encoded("me", ""), identitytoken="identity"))
    assert found.digest("", "1") is None
    assert registry.paths("POST") == ["/token"]


@pytest.mark.parametrize(
    "key", ["{host}", "https://{host}", "https://{host}/v1/", "{host}/acme", "{host}/acme/policies"]
)
def test_keys_of_docker_and_podman_are_known(registry: FakeRegistry, client: Client, tmp_path: Path, key: str) -> None:
    registry.user, registry.password = "me", "pw"
    found = client(**docker(tmp_path / "docker", key.format(host=registry.host), auth=encoded("me", "pw")))
    assert found.digest("", "1") is None


def test_the_narrowest_key_wins(registry: FakeRegistry, client: Client, tmp_path: Path) -> None:
    registry.user, registry.password = "me", "pw"
    auths = {registry.host: {"auth": encoded("x", "y")}, f"{registry.host}/acme": {"auth": encoded("me", "pw")}}
    (tmp_path / "auth.json").write_text(json.dumps({"auths": auths}))
    assert client(REGISTRY_AUTH_FILE=str(tmp_path / "auth.json")).digest("", "1") is None


def test_podmans_file_is_read_where_docker_has_none(registry: FakeRegistry, client: Client, tmp_path: Path) -> None:
    registry.user, registry.password = "me", "pw"
    (tmp_path / "run" / "containers").mkdir(parents=True)
    entry = {"auths": {registry.host: {"username": "me", "password": "pw"}}}
    (tmp_path / "run" / "containers" / "auth.json").write_text(json.dumps(entry))
    assert client(XDG_RUNTIME_DIR=str(tmp_path / "run")).digest("", "1") is None


def helper(folder: Path, script: str) -> str:
    folder.mkdir()
    program = folder / "docker-credential-test"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return str(folder)


TOLD = """read host; [ "$1" = get ] || exit 9
[ "$host" = "HOST" ] && echo '{"ServerURL": "x", "Username": "USER", "Secret": "pw"}' && exit 0
echo "credentials not found in native keychain"; exit 1"""


@pytest.mark.parametrize("user", ["me", "<token>"])
@pytest.mark.parametrize("place", ["credHelpers", "credsStore"])
def test_helpers_are_asked(registry: FakeRegistry, client: Client, tmp_path: Path, place: str, user: str) -> None:
    registry.user, registry.password, registry.tokens = "me", "pw", True
    path = helper(tmp_path / "bin", TOLD.replace("HOST", registry.host).replace("USER", user))
    config = {place: "test" if place == "credsStore" else {registry.host: "test"}}
    (tmp_path / "config.json").write_text(json.dumps(config))
    assert client(DOCKER_CONFIG=str(tmp_path), PATH=f"{path}:/bin:/usr/bin").digest("", "1") is None


@pytest.mark.parametrize("keeps", [True, False])
def test_a_helper_is_asked_once(
    registry: FakeRegistry, client: Client, tmp_path: Path, artifacts: tuple[Artifact, ...], keeps: bool
) -> None:
    registry.tokens = True
    script = f'echo "$1" >> "{tmp_path / "asked"}"\n{TOLD.replace("HOST", registry.host if keeps else "other")}'
    path = helper(tmp_path / "bin", script)
    (tmp_path / "config.json").write_text('{"credsStore": "test"}')
    publish(client(DOCKER_CONFIG=str(tmp_path), PATH=f"{path}:/bin:/usr/bin"), artifacts, "1.4.0", quiet)
    assert len([each for each in registry.asked if each.path.startswith("/token")]) > len(artifacts)
    assert (tmp_path / "asked").read_text() == "get\n"


def test_a_helper_that_keeps_nothing_for_the_registry_is_no_error(
    client: Client, tmp_path: Path, registry: FakeRegistry
) -> None:
    path = helper(tmp_path / "bin", TOLD)
    registry.tokens = True
    (tmp_path / "config.json").write_text('{"credsStore": "test"}')
    assert client(DOCKER_CONFIG=str(tmp_path), PATH=f"{path}:/bin:/usr/bin").digest("", "1") is None


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("{", "not as docker and podman write it"),
        ('{"auths": []}', "not as docker and podman write it"),
        ('{"auths": {"HOST": {"auth": "!secret!"}}}', "not as docker and podman write it"),
        ('{"credHelpers": {"HOST": "../x"}}', "not as docker and podman write it"),
        ('{"credHelpers": {"HOST": "none-such"}}', "cannot be run"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_without_what_it_holds(
    registry: FakeRegistry, client: Client, tmp_path: Path, config: str, said: str
) -> None:
    registry.user = "me"
    (tmp_path / "config.json").write_text(config.replace("HOST", registry.host))
    with pytest.raises(CmpolicyError, match=said) as caught:
        client(DOCKER_CONFIG=str(tmp_path)).digest("", "1")
    assert "secret" not in str(caught.value)


def test_without_credentials_the_way_to_them_is_told(registry: FakeRegistry, client: Client) -> None:
    registry.user = "me"
    with pytest.raises(CmpolicyError, match="asks for credentials") as caught:
        client().digest("", "1")
    assert caught.value.diagnostics[0].help.startswith(f"`docker login {registry.host}`")


def test_wrong_credentials_are_told_and_not_shown(registry: FakeRegistry, client: Client, tmp_path: Path) -> None:
    registry.user, registry.password = "me", "pw"
    with pytest.raises(CmpolicyError, match="refuses the credentials") as caught:
        client(**docker(tmp_path / "docker", registry.host, auth=encoded("me", "secret"))).digest("", "1")
    assert "secret" not in str(caught.value)
    assert len(registry.asked) == 2


# Where it may be asked


def test_http_is_for_this_machine_unless_it_is_allowed() -> None:
    http = Http(Clock(5), environment={})
    for address in ("http://registry.example/v2/", "http://192.0.2.1/v2/"):
        with pytest.raises(CmpolicyError, match="without encryption"):
            http.ask(Request("GET", address, {}))


def test_a_proxy_is_used_but_not_for_this_machine(
    registry: FakeRegistry, other: FakeRegistry, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://user:pw@{other.host}")
    http = Http(Clock(5), plain_host="registry.example", environment={})
    assert client(plain=True).digest("", "1") is None
    assert not other.asked
    other.fault = lambda handler: handler.answer(200, b"by proxy")
    assert http.ask(Request("GET", "http://registry.example/v2/", {})).body == b"by proxy"
    assert other.asked[0].path == "http://registry.example/v2/"
    assert other.asked[0].headers["proxy-authorization"] == f"Basic {encoded('user', 'pw')}"
    monkeypatch.setenv("no_proxy", "registry.example")
    with pytest.raises(CmpolicyError):
        http.ask(Request("GET", "http://registry.example:1/v2/", {}))


LEADS = {
    "redirect": lambda handler: handler.answer(307, Location="http://elsewhere.example/x"),
    "token": lambda handler: handler.answer(401, WWW_Authenticate='Bearer realm="http://elsewhere.example/token"'),
    "upload": lambda handler: handler.answer(202, Location="http://elsewhere.example/upload"),
}


@pytest.mark.parametrize("leads", LEADS)
def test_plain_http_is_for_the_registry_and_not_for_where_it_leads(
    other: FakeRegistry, monkeypatch: pytest.MonkeyPatch, leads: str, tmp_path: Path
) -> None:
    for name in ("http_proxy", "no_proxy"):
        monkeypatch.setenv(name, f"http://{other.host}" if name == "http_proxy" else "")
    place = Remote("registry.example", "acme/policies")
    registry = Registry(place, Clock(5), plain=True, environment={"HOME": str(tmp_path)})
    assert registry.digest("", "1") is None
    other.asked.clear()
    other.fault = LEADS[leads]
    with pytest.raises(CmpolicyError, match=r"`elsewhere\.example` is asked for without encryption"):
        registry.put_blob("", BLOB) if leads == "upload" else registry.digest("", "1")
    assert len(other.asked) == 1
    registry.close()


@pytest.mark.parametrize("name", ["CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"])
def test_a_bundle_of_certificates_that_cannot_be_read_is_told(tmp_path: Path, name: str) -> None:
    http = Http(Clock(5), environment={name: str(tmp_path / "none.pem")})
    with pytest.raises(CmpolicyError, match=f"which `{name}` names"):
        http.ask(Request("GET", "https://127.0.0.1:1/v2/", {}))


def test_a_version_stays_in_its_repository(registry: FakeRegistry, client: Client) -> None:
    assert client().digest("", "../../other/manifests/1?x#y") is None
    assert registry.paths("GET") == ["/v2/acme/policies/manifests/..%2F..%2Fother%2Fmanifests%2F1%3Fx%23y"]
