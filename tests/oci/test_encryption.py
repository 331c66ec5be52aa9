"""What is encrypted stays so, and goes to nobody who cannot prove who he is."""

from __future__ import annotations

from collections.abc import Iterator
from traceback import format_exception

import pytest
from cmpolicy.diagnostics import CmpolicyError
from cmpolicy.oci.auth import Authorizer
from cmpolicy.oci.clock import Clock
from cmpolicy.oci.credentials import Credentials
from cmpolicy.oci.http import Answer, Http, Request

from tests.oci.server import CERTIFICATE, FakeRegistry, serving

TRUSTED = {"CURL_CA_BUNDLE": str(CERTIFICATE)}


@pytest.fixture
def encrypted() -> Iterator[FakeRegistry]:
    with serving(encrypted=True) as found:
        yield found


@pytest.fixture
def http(pauses: list[float]) -> Iterator[Http]:
    """A client that trusts the tests' certificate, and may ask over http."""
    found = Http(Clock(30, pauses.append), plain_host="registry.example", environment=TRUSTED)
    yield found
    found.close()


def get(registry: FakeRegistry) -> Request:
    return Request("GET", f"https://{registry.host}/v2/acme/policies/tags/list", {"Authorization": "Basic x"})


def test_a_bundle_of_certificates_is_trusted(encrypted: FakeRegistry, http: Http) -> None:
    assert http.ask(get(encrypted)).status == 404
    assert encrypted.paths("GET") == ["/v2/acme/policies/tags/list"]


def test_a_server_without_a_trusted_certificate_is_not_asked(encrypted: FakeRegistry, pauses: list[float]) -> None:
    http = Http(Clock(30, pauses.append), environment={})
    with pytest.raises(CmpolicyError, match="cannot prove who it is") as caught:
        http.ask(get(encrypted))
    assert "SSL_CERT_FILE" in caught.value.diagnostics[0].help
    assert (encrypted.asked, pauses) == ([], [])


def test_a_certificate_of_another_name_is_not_trusted(encrypted: FakeRegistry, http: Http) -> None:
    request = Request("GET", f"https://localhost:{encrypted.port}/v2/", {})
    with pytest.raises(CmpolicyError, match="cannot prove who it is"):
        http.ask(request)
    assert encrypted.asked == []


def test_a_redirect_out_of_encryption_is_not_followed(
    encrypted: FakeRegistry, registry: FakeRegistry, http: Http
) -> None:
    encrypted.fault = lambda handler: handler.answer(307, Location=f"http://{registry.host}/x")
    with pytest.raises(CmpolicyError, match="without encryption"):
        http.ask(get(encrypted))
    assert registry.asked == []


def test_a_redirect_to_another_port_has_no_credentials(encrypted: FakeRegistry, http: Http) -> None:
    with serving(encrypted=True) as second:
        encrypted.fault = lambda handler: handler.answer(307, Location=f"https://{second.host}/x")
        assert http.ask(get(encrypted)).status == 404
        assert ["authorization" in each.headers for each in second.asked] == [False]


def test_credentials_are_not_sent_for_a_token_without_encryption(registry: FakeRegistry, http: Http) -> None:
    authorizer = Authorizer(http, "registry.example", lambda: Credentials("me", "pw"))
    challenge = {"www-authenticate": f'Bearer realm="http://{registry.host}/token"'}
    with pytest.raises(CmpolicyError, match="without encryption"):
        authorizer.renew("repository:a:pull", None, Answer(401, challenge, b"", "https://registry.example/v2/"))
    assert registry.asked == []


def test_a_server_that_speaks_no_tls_is_tried_again_and_told(registry: FakeRegistry, http: Http) -> None:
    with pytest.raises(CmpolicyError, match="failed 5 times"):
        http.ask(get(registry))
    assert registry.asked == []


PROXIES = [
    "socks5://127.0.0.1:1",
    "http://[::1",
    "http://me:secret@[::1",
    "http://me:secret@a host:1",
    "http://me:secret@h:99999",
    "http://me:secr/et@h:1",
]


@pytest.mark.parametrize("proxy", PROXIES)
def test_a_proxy_that_cannot_be_used_is_told(http: Http, monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("https_proxy", proxy)
    with pytest.raises(CmpolicyError, match="cannot be used") as caught:
        http.ask(Request("GET", "https://registry.example/v2/", {}))
    assert "secr" not in "".join(format_exception(caught.value))
