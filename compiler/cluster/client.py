"""Questions to an API server: JSON that is bounded in size, from a server that may be slow, busy or gone.

What may be asked again is, a few times, with growing pauses or those that the server asks for. Nothing is followed
elsewhere: credentials go to the server of the kubeconfig alone.
"""

from __future__ import annotations

import random
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit
from warnings import catch_warnings, simplefilter

import urllib3
from cmpolicy import __version__
from cmpolicy.cluster import tls
from cmpolicy.cluster.credentials import Credentials
from cmpolicy.cluster.kubeconfig import Entry, bad
from cmpolicy.cluster.problems import Expired, Lost, NotThere, TooLarge, Unread, problem
from cmpolicy.connections import BadProxy, proxied, proxy_of, reason
from cmpolicy.content import shown
from cmpolicy.ir_json.read import mapping
from cmpolicy.oci.reference import is_loopback
from cmpolicy.values import Json, JsonMap
from cmpolicy.yaml.json_text import read_answer
from cmpolicy.yaml.scalars import RefusedError
from urllib3.exceptions import HTTPError, InsecureRequestWarning, LocationParseError, SSLError
from urllib3.util import Timeout

ATTEMPTS = 5
BROKEN_ATTEMPTS = 3
"""Where no whole answer comes: more would only keep people waiting for a server that is gone."""
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
CONNECT_SECONDS = 10.0
SILENT_SECONDS = 60.0
"""How long a server may say nothing before it is asked again."""
LATER = frozenset({429, 500, 502, 503, 504})
"""Answers that say: try again."""
CHUNK = 2**16
MOST_BYTES = 2**24
"""Of an answer: 500 Pods of a usual size are a third of it, and one object is an eleventh at most."""
MOST_SAID = 300
"""Characters of what a server says that are shown."""
POOLS = 2
FORBIDDEN = "forbidden"
"""The code of the diagnostic for what may not be read."""


class _Broken(Exception):
    """An answer that broke off, or never came."""


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes
    is_whole: bool


class Client:
    """Asks the API server of a context. `pause` waits for so many seconds."""

    def __init__(self, credentials: Credentials, pause: Callable[[float], object] = time.sleep) -> None:
        self._credentials = credentials
        self._cluster = credentials.access.cluster
        self._server = _server(self._cluster)
        self._pause = pause
        self._manager: urllib3.PoolManager | None = None

    def close(self) -> None:
        """Close the connections."""
        if self._manager is not None:
            self._manager.clear()
        self._manager = None

    def get(self, path: str, query: Mapping[str, str | int] | None = None) -> JsonMap:
        """The JSON at a path of the API.

        Raises `Unread`, or one of those that stand for more: `NotThere`, `Expired`, `TooLarge`; `Lost` where nothing more
        can be asked, and `ConfigError` for credentials that cannot be read.
        """
        url = f"{self._server}{path}{f'?{urlencode(query)}' if query else ''}"
        answer = self._attempts(url)
        if answer.status == 401 and self._credentials.renew():
            self.close()
            answer = self._attempts(url)
        return self._read(answer)

    def _attempts(self, url: str) -> _Answer:
        for attempt in range(ATTEMPTS):
            try:
                answer = self._once(url)
            except _Broken as error:
                why, pause = str(error), None
                if attempt == BROKEN_ATTEMPTS - 1:
                    break
            else:
                if answer.status not in LATER or attempt == ATTEMPTS - 1:
                    return answer
                why, pause = "", _asked_pause(answer)
            self._pause(pause or FIRST_PAUSE * 2.0**attempt * (0.75 + random.random() / 2))
        raise self._lost(f"cannot be reached: {why}", "see whether `kubectl get nodes` works from here")

    def _once(self, url: str) -> _Answer:
        if self._credentials.are_over:
            self.close()
        headers = {"Accept": "application/json", "User-Agent": f"cmpolicy/{__version__}", **self._credentials.headers()}
        _check_encryption(self._server, self._cluster, headers)
        try:
            with catch_warnings():
                # Whoever wants no proof of the server said so in the kubeconfig.
                simplefilter("ignore", InsecureRequestWarning)
                response = self._connections().request(
                    "GET",
                    url,
                    headers={"Accept-Encoding": "gzip", **headers},
                    timeout=Timeout(connect=CONNECT_SECONDS, read=SILENT_SECONDS),
                    retries=False,
                    redirect=False,
                    preload_content=False,
                )
            return _answer(response)
        except SSLError as error:
            raise self._distrusted(reason(error)) from None
        except (HTTPError, LocationParseError, OSError, ValueError) as error:
            raise _Broken(reason(error)) from None

    def _distrusted(self, why: str) -> Exception:
        if "certificate" not in why:
            return _Broken(why)
        if "alert" in why:
            # The server says so of ours.
            return self._lost(f"refuses the client's certificate: {why}", self._credentials.remedy)
        remedy = "`certificate-authority-data` of the kubeconfig's cluster says whom to trust"
        return self._lost(f"cannot prove who it is: {why}", remedy)

    def _connections(self) -> urllib3.PoolManager:
        if self._manager is None:
            context = tls.context(self._cluster, self._credentials.certificate)
            name = self._cluster.text("tls-server-name") or None
            proxy = self._cluster.text("proxy-url") or proxy_of(self._server)
            self._manager = _proxied(proxy, context, name) if proxy else _direct(context, name)
        return self._manager

    def _read(self, answer: _Answer) -> JsonMap:
        if answer.status == 200:
            if not answer.is_whole:
                raise TooLarge(problem(f"an answer of more than {MOST_BYTES >> 20} MiB"))
            return _json(answer.body)
        status = _status(answer)
        match answer.status:
            case 401:
                raise self._lost("does not accept the credentials", self._credentials.remedy, "credentials")
            case 404:
                raise NotThere(problem("the cluster does not have it"))
            case 410:
                metadata = status.get("metadata")
                again = metadata.get("continue") if isinstance(metadata, Mapping) else None
                raise Expired(again if isinstance(again, str) else "")
        told = status.get("message")
        said = told[:MOST_SAID] if isinstance(told, str) else ""
        if answer.status == 403:
            raise Unread(problem(said or "it is forbidden", code=FORBIDDEN))
        raise Unread(problem(": ".join(filter(None, (f"the cluster answers {answer.status}", said)))))

    def _lost(self, what: str, remedy: str, code: str = "cluster") -> Lost:
        context, server = self._credentials.access.context, shown(self._server)
        return Lost(problem(f"the cluster of context `{context}` at `{server}` {what}", remedy, code))


def _server(cluster: Entry) -> str:
    server = cluster.text("server").rstrip("/")
    try:
        parts = urlsplit(server)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or parts.query:
        raise bad(f"{cluster.called}: its `server` is no address", "write `https://HOST:PORT`")
    return server


def _check_encryption(server: str, cluster: Entry, headers: Mapping[str, str]) -> None:
    parts = urlsplit(server)
    if parts.scheme == "http" and "Authorization" in headers and not is_loopback(parts.hostname or ""):
        raise bad(f"{cluster.called}: credentials are not sent without encryption", "write `https://` in its `server`")


def _direct(context: ssl.SSLContext, name: str | None) -> urllib3.PoolManager:
    return urllib3.PoolManager(num_pools=POOLS, maxsize=POOLS, ssl_context=context, server_hostname=name)


def _proxied(proxy: str, context: ssl.SSLContext, name: str | None) -> urllib3.PoolManager:
    try:
        return proxied(proxy, context, POOLS, name)
    except BadProxy as error:
        remedy = "write `http://HOST:PORT` as `proxy-url` of the kubeconfig's cluster, or in `HTTPS_PROXY`"
        raise bad(f"the proxy `{error}` cannot be used", remedy) from None


def _answer(response: urllib3.BaseHTTPResponse) -> _Answer:
    chunks: list[bytes] = []
    size = 0
    try:
        while size <= MOST_BYTES and (chunk := response.read(CHUNK, decode_content=True)):
            chunks.append(chunk)
            size += len(chunk)
    except BaseException:
        response.close()
        raise
    is_whole = size <= MOST_BYTES
    if is_whole:
        response.release_conn()
    else:
        response.close()
    headers = {name.lower(): value for name, value in response.headers.items()}
    return _Answer(response.status, headers, b"".join(chunks) if is_whole else b"", is_whole)


def _json(body: bytes) -> JsonMap:
    try:
        return mapping(read_answer(body))
    except (ValueError, RefusedError):
        raise Unread(problem("what the cluster answers is not what an API server says", "is it one?")) from None


def _status(answer: _Answer) -> JsonMap:
    """The `Status` that says why not, empty if there is none."""
    try:
        found: Json = read_answer(answer.body)
    except (ValueError, RefusedError):
        return {}
    return found if isinstance(found, Mapping) else {}


def _asked_pause(answer: _Answer) -> float | None:
    asked = answer.headers.get("retry-after", "").strip()
    return min(float(asked[:4]), LONGEST_PAUSE) if asked.isdecimal() else None
