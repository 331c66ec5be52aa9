"""What a registry wants to see before it answers: basic authentication, or a token of the service that it names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from threading import Lock
from urllib.parse import urlencode

from cmpolicy.content import shown
from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.ir_json.read import mapping
from cmpolicy.oci.credentials import Credentials
from cmpolicy.oci.http import Answer, Http, Request, resolve
from cmpolicy.oci.model import BadContent, read_json

CLIENT = "cmpolicy"
MOST_TOKEN_BYTES = 2**20

# What was read is never given back (`++`, `*+`): else a header of a few dozen bytes has more readings than there is time.
_CHALLENGE = re.compile(r'\s*+([A-Za-z]++)((?:\s*+,?+\s*+[A-Za-z_]++=(?:"(?:[^"\\]|\\.)*+"|[^\s,"]++))*+)\s*+(?:,|$)')
_PARAMETER = re.compile(r'([A-Za-z_]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')


class Authorizer:
    """The headers by which one registry lets in, found once for each scope. Threads may share it."""

    def __init__(self, http: Http, host: str, find: Callable[[], Credentials | None]) -> None:
        self._http = http
        self._host = host
        self._find = find
        self._headers: dict[str, str] = {}
        self._lock = Lock()

    def header(self, scope: str) -> str | None:
        """What has let in before; None if nothing was asked for yet."""
        with self._lock:
            return self._headers.get(scope)

    def renew(self, scope: str, refused: str | None, answer: Answer) -> str:
        """Another header than the refused one, by what the registry asks for. Raises `CmpolicyError` if there is none."""
        with self._lock:
            # Another thread may have been here first.
            if (now := self._headers.get(scope)) is not None and now != refused:
                return now
            self._headers[scope] = self._made(scope, answer)
            return self._headers[scope]

    def refused(self, had: bool) -> CmpolicyError:
        """What to tell when the registry is not content."""
        problem = f"`{self._host}` refuses the credentials" if had else f"`{self._host}` asks for credentials"
        return CmpolicyError(Diagnostic("credentials", problem, help=f"`docker login {self._host}`, or `podman login`"))

    def _made(self, scope: str, answer: Answer) -> str:
        challenges = read_challenges(answer.headers.get("www-authenticate", ""))
        credentials = self._find()
        if "bearer" in challenges:
            return f"Bearer {self._token(scope, challenges['bearer'], answer.url, credentials)}"
        if "basic" in challenges and credentials is not None and credentials.user:
            return credentials.basic
        raise self.refused(had=False)

    def _token(self, scope: str, asked: Mapping[str, str], url: str, credentials: Credentials | None) -> str:
        realm = resolve(url, asked.get("realm", ""))
        fields = {"scope": scope, **({"service": asked["service"]} if "service" in asked else {})}
        answer = self._http.ask(_token_request(realm, fields, credentials))
        if answer.status in (401, 403):
            raise self.refused(had=credentials is not None)
        if answer.status != 200:
            problem = f"`{shown(realm)}`, which gives tokens for `{self._host}`, answers {answer.status}"
            raise CmpolicyError(Diagnostic("credentials", problem))
        return self._read(answer.body)

    def _read(self, body: bytes) -> str:
        try:
            told = mapping(read_json(body))
            token = told.get("token") or told.get("access_token")
        except (BadContent, ValueError):
            token = None
        # It becomes a header: nothing but what headers hold.
        if not isinstance(token, str) or not re.fullmatch(r"[\x21-\x7e]+", token):
            raise CmpolicyError(Diagnostic("credentials", f"what gives tokens for `{self._host}` gave none"))
        return token


def _token_request(realm: str, fields: Mapping[str, str], credentials: Credentials | None) -> Request:
    if credentials is not None and credentials.identity_token:
        form = {"grant_type": "refresh_token", "refresh_token": credentials.identity_token, "client_id": CLIENT}
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return Request("POST", realm, kind, urlencode({**fields, **form}).encode(), MOST_TOKEN_BYTES)
    headers = {"Authorization": credentials.basic} if credentials is not None else {}
    separator = "&" if "?" in realm else "?"
    return Request("GET", f"{realm}{separator}{urlencode(fields)}", headers, None, MOST_TOKEN_BYTES)


def read_challenges(header: str) -> dict[str, dict[str, str]]:
    """What a `WWW-Authenticate` header offers: parameters by scheme, in lower case; the first of each scheme."""
    found: dict[str, dict[str, str]] = {}
    for scheme, rest in _CHALLENGE.findall(header[:8192]):
        found.setdefault(
            scheme.lower(), {name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(rest)}
        )
    return found
