"""HTTP to registries that may be slow, broken or hostile.

Every answer is bounded in time and size. What may be tried again is, a few times, with growing pauses or those that the
server asks for, and never beyond the deadline. Credentials go to the host that they are for and nowhere else; a
redirect to another host is followed without them, and never from https to http.
"""

from __future__ import annotations

import os
import random
import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from threading import Lock
from urllib.parse import SplitResult, urljoin, urlsplit

import urllib3
from cmpolicy import __version__
from cmpolicy.connections import BadProxy, proxied, proxy_of, reason
from cmpolicy.content import shown
from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.oci.clock import Clock
from cmpolicy.oci.reference import is_loopback
from cmpolicy.oci.sockets import Sockets
from urllib3.exceptions import HTTPError, LocationParseError, SSLError
from urllib3.util import Timeout

ATTEMPTS = 5
MOST_REDIRECTS = 5
CONNECT_SECONDS = 10.0
SILENT_SECONDS = 30.0
"""How long a server may say nothing before it is asked again."""
FIRST_PAUSE = 0.25
LATER = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers that say: try again."""
REDIRECTS = frozenset({301, 302, 303, 307, 308})
CHUNK = 2**16
POOLS = 8
MOST_ERROR_BYTES = 2**14
BUNDLE_VARIABLES = ("CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE")
"""Beside `SSL_CERT_FILE` and `SSL_CERT_DIR`, which OpenSSL reads itself."""
_ADDRESS = re.compile(r"[!-\[\]-~]+")
"""No space, backslash or control, nor anything but ASCII."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask; at most `limit` bytes of the answer are read."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None = None
    limit: int = MOST_ERROR_BYTES

    @property
    def what(self) -> str:
        """For messages."""
        return f"{self.method} {shown(_bare(self.url))}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said; names of headers are lower case. `url` is the one that answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


class Broken(Exception):
    """An answer that broke off, or never came; asking again may help."""


class Http:
    """Connections to servers, kept open between requests. Threads may share it.

    Over http only this machine is asked, and the host of this name if there is one: not where it leads.
    """

    def __init__(self, clock: Clock, *, plain_host: str = "", environment: Mapping[str, str] = os.environ) -> None:
        self._clock = clock
        self._plain_host = plain_host.lower()
        self._environment = environment
        self._sockets = Sockets(clock)
        self._managers: dict[tuple[str, str], urllib3.PoolManager] = {}
        self._lock = Lock()

    def stop(self) -> None:
        """End what other threads are asking; nothing can be asked afterwards."""
        self._clock.stopped.set()
        self._sockets.end()

    def close(self) -> None:
        """Close the connections."""
        self._sockets.close()
        for manager in self._managers.values():
            manager.clear()

    def ask(self, request: Request) -> Answer:
        """The answer, whatever its status, after as many attempts and redirects as it takes. Raises `CmpolicyError`."""
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._attempts(request)
            if answer.status not in REDIRECTS or request.method not in ("GET", "HEAD"):
                return answer
            request = self._redirected(request, answer)
        raise _failed(f"{request.what} leads on and on", "the registry redirects in circles")

    def _redirected(self, request: Request, answer: Answer) -> Request:
        target = resolve(answer.url, answer.headers.get("location", ""))
        kept = request.headers
        if origin(target) != origin(answer.url):
            kept = {name: value for name, value in kept.items() if name.lower() != "authorization"}
        return Request(request.method, target, kept, request.body, request.limit)

    def _attempts(self, request: Request) -> Answer:
        self._check(request)
        for attempt in range(ATTEMPTS):
            try:
                answer = self._once(request)
            except Broken as error:
                why, pause = str(error), _pause(attempt)
            else:
                if answer.status not in LATER:
                    return answer
                why, pause = f"it answers {answer.status}", _asked_pause(answer) or _pause(attempt)
                if attempt == ATTEMPTS - 1:
                    return answer
            if attempt < ATTEMPTS - 1:
                self._clock.wait(pause, request.what, why)
        raise _failed(
            f"{request.what} failed {ATTEMPTS} times: {why}", "see whether the registry can be reached from here"
        )

    def _check(self, request: Request) -> None:
        parts = _split(request.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise _failed(f"`{shown(_bare(request.url))}` is no address of a registry", "the registry sent it")
        if parts.scheme == "http" and parts.hostname != self._plain_host and not is_loopback(parts.hostname):
            raise _failed(
                f"`{shown(parts.netloc)}` is asked for without encryption",
                "`--plain-http` allows it for the registry itself; else only this machine is asked over http",
            )

    def _once(self, request: Request) -> Answer:
        timeout = Timeout(connect=CONNECT_SECONDS, read=min(SILENT_SECONDS, self._clock.left(request.what)))
        try:
            response = self._manager(request.url).request(
                request.method,
                request.url,
                body=request.body,
                headers={"User-Agent": f"cmpolicy/{__version__}", "Accept-Encoding": "identity", **request.headers},
                timeout=timeout,
                retries=False,
                redirect=False,
                preload_content=False,
                decode_content=False,
            )
        except SSLError as error:
            if "certificate" not in (why := reason(error)):
                raise Broken(why) from error
            remedy = "`SSL_CERT_FILE` names a file of certificates to trust"
            raise _failed(f"{request.what}: the server cannot prove who it is: {why}", remedy) from error
        except (HTTPError, LocationParseError, OSError, ValueError) as error:
            raise Broken(reason(error)) from error
        return self._read(request, response)

    def _read(self, request: Request, response: urllib3.BaseHTTPResponse) -> Answer:
        headers = {name.lower(): value for name, value in response.headers.items()}
        try:
            # Of an error only the beginning is wanted, and never more.
            good = response.status < 300
            body = self._body(request, response, request.limit if good else MOST_ERROR_BYTES, strict=good)
            # At the deadline connections end, and what is cut off may look whole.
            self._clock.left(request.what)
            length = headers.get("content-length", "")
            if good and request.method != "HEAD" and length.isdecimal() and len(body) != int(length):
                raise Broken(f"the answer broke off after {len(body)} of {int(length)} bytes")
        except (HTTPError, OSError, ValueError) as error:
            response.close()
            raise Broken(reason(error)) from error
        except BaseException:
            response.close()
            raise
        response.release_conn()
        return Answer(response.status, headers, body, request.url)

    def _body(self, request: Request, response: urllib3.BaseHTTPResponse, limit: int, *, strict: bool) -> bytes:
        chunks: list[bytes] = []
        for chunk in _chunks(response):
            self._clock.left(request.what)
            chunks.append(chunk)
            limit -= len(chunk)
            if limit < 0 and strict:
                raise _failed(f"{request.what} answers more than it should", "nothing of it was kept")
            if limit < 0:
                response.close()
                break
        return b"".join(chunks)

    def _manager(self, url: str) -> urllib3.PoolManager:
        key = urlsplit(url).scheme, proxy_of(url)
        with self._lock:
            if key not in self._managers:
                self._managers[key] = self._sockets.watched(_manager(*key, self._environment))
            return self._managers[key]


def _chunks(response: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    # What has arrived, and not what was asked for: or a server that sends a byte a second would never be noticed.
    while chunk := response.read1(CHUNK, decode_content=False):
        yield chunk


def _manager(scheme: str, proxy: str, environment: Mapping[str, str]) -> urllib3.PoolManager:
    # To read certificates takes a tenth of a second.
    if scheme == "http" and not proxy:
        return urllib3.PoolManager(num_pools=POOLS, maxsize=POOLS)
    context = _context(environment)
    if not proxy:
        return urllib3.PoolManager(num_pools=POOLS, maxsize=POOLS, ssl_context=context)
    return _proxied(proxy, context)


def _proxied(url: str, context: ssl.SSLContext) -> urllib3.PoolManager:
    try:
        return proxied(url, context, POOLS)
    except BadProxy as error:
        problem = f"the proxy `{error}` cannot be used"
        raise _failed(problem, "`HTTPS_PROXY` or `HTTP_PROXY` names it: write `http://HOST:PORT`") from None


def _context(environment: Mapping[str, str]) -> ssl.SSLContext:
    context = ssl.create_default_context()
    for name in BUNDLE_VARIABLES:
        if path := environment.get(name):
            try:
                context.load_verify_locations(cafile=path)
            except (OSError, ssl.SSLError) as error:
                problem = f"`{path}`, which `{name}` names, holds no certificates that can be read"
                raise _failed(problem, "unset it, or correct it") from error
    return context


def resolve(base: str, location: str) -> str:
    """The address that a `Location` header means. Raises `CmpolicyError` if it means none."""
    try:
        target = urljoin(base, location)
    except ValueError:
        raise _no_address(location) from None
    if not _ADDRESS.fullmatch(location) or not _split(target).hostname:
        raise _no_address(location)
    if _split(base).scheme == "https" and _split(target).scheme != "https":
        problem = f"the registry leads to `{shown(_bare(target))}`, without encryption"
        raise _failed(problem, "cmpolicy does not follow from https to http")
    return target


def _split(url: str) -> SplitResult:
    """The parts of an address that everybody takes apart alike. Raises `CmpolicyError` for others.

    Whoever reads `http://a.example\\@b.example/` must choose a host, and we are not the only ones who read it.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise _no_address(url) from None
    if not _ADDRESS.fullmatch(url) or "@" in parts.netloc:
        raise _no_address(url)
    return parts


def _no_address(url: str) -> CmpolicyError:
    return _failed(f"`{shown(_bare(url))}` is no address", "the registry sent it")


def _bare(url: str) -> str:
    """For messages, without what queries may hold: signatures of storage providers, states of uploads."""
    return url.partition("?")[0]


def origin(url: str) -> tuple[str, str, int | None]:
    """What credentials belong to: scheme, host and port."""
    parts = _split(url)
    return parts.scheme, parts.hostname or "", parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _pause(attempt: int) -> float:
    # Not all the clients of a registry that was down should come back at the same moment.
    return FIRST_PAUSE * 2.0**attempt * (0.75 + random.random() / 2)


def _asked_pause(answer: Answer) -> float | None:
    """The seconds that the server asks for: a number, or a date that is compared with the server's own."""
    asked = answer.headers.get("retry-after", "").strip()
    if asked.isdecimal():
        return float(asked[:9])
    with suppress(ValueError, TypeError, OverflowError):
        until = parsedate_to_datetime(asked) - parsedate_to_datetime(answer.headers.get("date", ""))
        return max(until.total_seconds(), 0.0)
    return None


def _failed(problem: str, remedy: str) -> CmpolicyError:
    return CmpolicyError(Diagnostic("registry", problem, help=remedy))
