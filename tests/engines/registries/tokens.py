"""A service that gives a registry's users tokens, as Distribution's documents have it. Its key is new each time."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from tests.oci.server import Server

ISSUER, SERVICE, KEY_NAME = "tests", "registry", "key"
SECONDS = 300


@dataclass(frozen=True, slots=True)
class Login:
    """Who somebody is, and whether he may write."""

    user: str
    password: str
    writes: bool = True

    @property
    def basic(self) -> str:
        return base64.b64encode(f"{self.user}:{self.password}".encode()).decode()

    @property
    def identity_token(self) -> str:
        return f"identity-of-{self.user}"


@dataclass
class Tokens:
    """The service: where it is, the key that it signs with, and the scopes that it gave tokens for."""

    logins: tuple[Login, ...]
    url: str = ""
    given: list[str] = field(default_factory=list)
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def jwks(self) -> Mapping[str, object]:
        """The public key, as registries read it."""
        point = self.key.public_key().public_numbers()
        coordinates = {name: _base64(value.to_bytes(32)) for name, value in (("x", point.x), ("y", point.y))}
        return {"keys": [{"kty": "EC", "crv": "P-256", "alg": "ES256", "kid": KEY_NAME, "use": "sig", **coordinates}]}

    def token(self, login: Login, scopes: list[str]) -> str:
        """A token for as much of the scopes as the user may have."""
        self.given += scopes
        now = int(time.time())
        claims = {"iss": ISSUER, "sub": login.user, "aud": SERVICE, "iat": now, "nbf": now, "exp": now + SECONDS}
        parts = ({"alg": "ES256", "typ": "JWT", "kid": KEY_NAME}, {**claims, "access": [*_access(login, scopes)]})
        signed = ".".join(_base64(json.dumps(part).encode()) for part in parts)
        numbers = decode_dss_signature(self.key.sign(signed.encode(), ec.ECDSA(SHA256())))
        return f"{signed}.{_base64(b''.join(number.to_bytes(32) for number in numbers))}"

    def login(self, header: str, form: Mapping[str, list[str]]) -> Login | None:
        """Who asks: by password in the header, or by identity token in the form."""
        tokens = form.get("refresh_token", []) if form.get("grant_type") == ["refresh_token"] else []
        return next(
            (each for each in self.logins if header == f"Basic {each.basic}" or each.identity_token in tokens), None
        )


class Handler(BaseHTTPRequestHandler):
    """Answers who asks for a token."""

    tokens: Tokens

    def log_message(self, format: str, *arguments: object) -> None:
        """Nobody reads it."""

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        form = parse_qs(body or urlsplit(self.path).query)
        login = self.tokens.login(self.headers.get("Authorization") or "", form)
        scopes = [scope for text in form.get("scope", []) for scope in text.split()]
        told = {} if login is None else {"token": (token := self.tokens.token(login, scopes)), "access_token": token}
        self.send_response(401 if login is None else 200)
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())

    do_GET = do_POST = _answer


@contextmanager
def serving_tokens(*logins: Login) -> Iterator[Tokens]:
    """The service, during the block."""
    tokens = Tokens(logins)
    with Server(("127.0.0.1", 0), type("Bound", (Handler,), {"tokens": tokens})) as server:
        tokens.url = f"http://127.0.0.1:{server.server_address[1]}/token"
        with server.running():
            yield tokens


def _access(login: Login, scopes: list[str]) -> Iterator[Mapping[str, object]]:
    """`repository:acme/policies:pull,push` as the registry reads it."""
    for scope in scopes:
        kind, _, rest = scope.partition(":")
        name, _, actions = rest.rpartition(":")
        allowed = [each for each in actions.split(",") if each == "pull" or login.writes]
        yield {"type": kind, "name": name, "actions": allowed}


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
