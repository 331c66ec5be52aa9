"""A small registry on this machine that behaves, or misbehaves in the way that a test asks for."""

from __future__ import annotations

import base64
import hashlib
import json
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TypeAlias
from urllib.parse import parse_qs, urlsplit

CERTIFICATE = Path(__file__).parent / "tls.pem"
"""Of 127.0.0.1, made for these tests and signed by itself, with its key; valid until 2126."""
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"


@dataclass
class Asked:
    """A request that came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def is_blob(self) -> bool:
        return "/blobs/sha256:" in self.path


@dataclass
class FakeRegistry:
    """What the registry holds, who may come in, and what has been asked."""

    port: int = 0
    blobs: dict[str, bytes] = field(default_factory=dict)
    manifests: dict[tuple[str, str], bytes] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    fault: Fault | None = None
    """What happens to a request instead of an answer; it returns whether it answered."""
    user: str = ""
    password: str = ""
    tokens: bool = False
    """Whether tokens are asked for, which are given to the user, or to everybody if there is none."""
    page: int = 1000
    referrers: bool = False
    """Whether the registry knows what is attached to a manifest; if not, clients keep the lists."""

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def paths(self, method: str) -> list[str]:
        return [each.path for each in self.asked if each.method == method]


class Handler(BaseHTTPRequestHandler):
    """Answers one request after the other on a connection."""

    protocol_version = "HTTP/1.1"
    # An answer in one piece: in two, the second waits until the client has acknowledged the first.
    wbufsize = 2**16
    registry: FakeRegistry
    asked: Asked

    def log_message(self, format: str, *arguments: object) -> None:
        """Tests look at `asked`."""

    def _any(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.asked = Asked(self.command, self.path, headers, self.rfile.read(length))
        self.registry.asked.append(self.asked)
        if len(self.asked.body) < length:
            # The client gave up: what is cut off is never stored.
            self.hang_up()
            return
        if self.registry.fault is not None and self.registry.fault(self):
            return
        if self._let_in():
            self._route(urlsplit(self.path).path)

    do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = _any

    def answer(self, status: int, body: bytes = b"", **headers: str) -> bool:
        """Answer as it should be."""
        self.send_response(status)
        sent = {"Content-Length": str(len(body)), **{name.replace("_", "-"): text for name, text in headers.items()}}
        for name, text in sent.items():
            self.send_header(name, text)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        return True

    def raw(self, content: bytes) -> None:
        """Send these bytes and no others, and hang up."""
        self.close_connection = True
        with suppress(OSError):
            self.wfile.write(content)
            self.wfile.flush()

    def hang_up(self) -> bool:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        return True

    def _let_in(self) -> bool:
        registry, given = self.registry, self.asked.headers.get("authorization", "")
        path = urlsplit(self.path).path
        if path == "/token":
            self._token(given)
            return False
        wanted = "Bearer good" if registry.tokens else _basic(registry)
        if not (registry.tokens or registry.user) or given == wanted:
            return True
        realm = f'Bearer realm="http://{registry.host}/token",service="fake"' if registry.tokens else 'Basic realm="x"'
        self.answer(401, b"{}", WWW_Authenticate=realm)
        return False

    def _token(self, given: str) -> None:
        form = parse_qs(self.asked.body.decode())
        by_identity = form.get("refresh_token") == [self.registry.password] and form.get("grant_type") == [
            "refresh_token"
        ]
        if self.registry.user and given != _basic(self.registry) and not by_identity:
            self.answer(401)
        else:
            self.answer(200, json.dumps({"token": "good"}).encode())

    def _route(self, path: str) -> None:
        repository, _, rest = path.removeprefix("/v2/").rpartition("/blobs/uploads/")
        if repository:
            self._upload(rest)
            return
        for part, serve in (
            ("/blobs/", self._blob),
            ("/manifests/", self._manifest),
            ("/tags/", self._tags),
            ("/referrers/", self._referrers),
        ):
            repository, _, rest = path.removeprefix("/v2/").rpartition(part)
            if repository:
                serve(repository, rest)
                return
        self.answer(404)

    def _upload(self, rest: str) -> None:
        if self.command == "POST":
            self.answer(202, Location=f"{urlsplit(self.path).path}1?state=a%2Fb")
            return
        digest = parse_qs(urlsplit(self.path).query)["digest"][0]
        if digest != digest_of(self.asked.body):
            self.answer(400, b'{"errors": [{"code": "DIGEST_INVALID", "message": "it differs"}]}')
            return
        self.registry.blobs[digest] = self.asked.body
        self.answer(201)

    def _blob(self, repository: str, digest: str) -> None:
        found = self.registry.blobs.get(digest)
        self.answer(404) if found is None else self.answer(200, found)

    def _manifest(self, repository: str, reference: str) -> None:
        held = self.registry.manifests
        if self.command == "PUT":
            digest = digest_of(self.asked.body)
            held[repository, reference] = held[repository, digest] = self.asked.body
            subject = json.loads(self.asked.body).get("subject") if self.registry.referrers else None
            seen = {"OCI_Subject": subject["digest"]} if subject else {}
            self.answer(201, Docker_Content_Digest=digest, **seen)
            return
        found = held.get((repository, reference))
        if found is None:
            self.answer(404, b'{"errors": [{"code": "MANIFEST_UNKNOWN"}]}')
        else:
            self.answer(200, found, Content_Type=MANIFEST, Docker_Content_Digest=digest_of(found))

    def _referrers(self, repository: str, digest: str) -> None:
        if not self.registry.referrers:
            self.answer(404)
            return
        held = {text for (name, _), text in self.registry.manifests.items() if name == repository}
        listed = [_entry(text) for text in held if json.loads(text).get("subject", {}).get("digest") == digest]
        listed.sort(key=lambda each: str(each["digest"]))
        start = int(parse_qs(urlsplit(self.path).query).get("start", ["0"])[0])
        end = start + self.registry.page
        link = {"Link": f'<?start={end}>; rel="next"'} if end < len(listed) else {}
        index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": listed[start:end]}
        self.answer(200, json.dumps(index).encode(), Content_Type=INDEX, **link)

    def _tags(self, repository: str, rest: str) -> None:
        tags = sorted(tag for name, tag in self.registry.manifests if name == repository and ":" not in tag)
        if not tags:
            self.answer(404, b'{"errors": [{"code": "NAME_UNKNOWN"}]}')
            return
        last = parse_qs(urlsplit(self.path).query).get("last", [""])[0]
        later = [tag for tag in tags if tag > last]
        page = later[: self.registry.page]
        link = {"Link": f'</v2/{repository}/tags/list?last={page[-1]}>; rel="next"'} if len(later) > len(page) else {}
        self.answer(200, json.dumps({"name": repository, "tags": page}).encode(), **link)


def _entry(text: bytes) -> dict[str, object]:
    manifest = json.loads(text)
    about = {key: manifest[key] for key in ("artifactType", "annotations") if key in manifest}
    return {"mediaType": MANIFEST, "digest": digest_of(text), "size": len(text), **about}


Fault: TypeAlias = Callable[[Handler], bool]
Act: TypeAlias = Callable[[Handler], object]


def blobs(act: Act, times: int = 1000) -> Fault:
    """This happens to so many requests for content."""
    left = [times]

    def fault(handler: Handler) -> bool:
        if handler.command != "GET" or "/blobs/sha256:" not in handler.path or not left[0]:
            return False
        left[0] -= 1
        act(handler)
        return True

    return fault


def _basic(registry: FakeRegistry) -> str:
    return f"Basic {base64.b64encode(f'{registry.user}:{registry.password}'.encode()).decode()}"


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


class Server(ThreadingHTTPServer):
    """Threads end with their connections, and say nothing when a client hangs up."""

    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no error of the server."""

    @contextmanager
    def running(self) -> Iterator[None]:
        """Answer requests in a thread of its own until the block ends."""
        thread = Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield
        finally:
            self.shutdown()
            thread.join()


@contextmanager
def serving(*, encrypted: bool = False) -> Iterator[FakeRegistry]:
    """A registry that runs during the block."""
    registry = FakeRegistry()
    handler = type("Bound", (Handler,), {"registry": registry})
    with Server(("127.0.0.1", 0), handler) as server:
        if encrypted:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        registry.port = server.server_address[1]
        with server.running():
            yield registry
