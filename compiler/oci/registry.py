"""A registry, as the distribution specification 1.1 has it. What it sends is held to digests and sizes, always."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from functools import cache, partial
from urllib.parse import quote, urlencode

from cmpolicy.content import digest_of, is_digest, shown
from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.ir_json.read import DecodeError, mapping, texts
from cmpolicy.oci.auth import Authorizer
from cmpolicy.oci.clock import Clock
from cmpolicy.oci.credentials import find
from cmpolicy.oci.http import Answer, Http, Request, origin, resolve
from cmpolicy.oci.model import (
    INDEX,
    MANIFEST,
    MOST_MANIFEST_BYTES,
    BadContent,
    Blob,
    Descriptor,
    read_json,
    read_manifest,
)
from cmpolicy.oci.reference import DOCKER_HUB, DOCKER_HUB_HOST, Remote, host_name
from cmpolicy.oci.referrers import MOST_LISTED, entry_of, is_about_another, read_index, referrers_tag, with_entry
from cmpolicy.oci.store import NotAsSaid, NotThere, telling

MOST_TAGS = 100_000
MOST_PAGES = 1000
PAGE = 1000
NO_REFERRERS = frozenset({400, 404, 405, 406, 501})
"""What registries answer that know nothing of referrers."""
_NEXT = re.compile(r'<([^<>]*)>\s*;[^,]*?\brel="?next\b')


class Registry:
    """The repositories of a bundle in a registry. Threads may share it."""

    def __init__(
        self, reference: Remote, clock: Clock, *, plain: bool, environment: Mapping[str, str] = os.environ
    ) -> None:
        self._reference = reference
        scheme = "http" if plain or reference.is_loopback else "https"
        host = DOCKER_HUB_HOST if reference.host == DOCKER_HUB else reference.host
        self._base = f"{scheme}://{host}"
        self._http = Http(clock, plain_host=host_name(host) if plain else "", environment=environment)
        # Helpers may ask people; one answer is for all repositories.
        search = cache(partial(find, reference.host, reference.repository, environment))
        self._authorizer = Authorizer(self._http, reference.host, search)

    def stop(self) -> None:
        """See `Store`."""
        self._http.stop()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def digest(self, name: str, version: str) -> str | None:
        """See `Store`."""
        # What the registry says of the digest is no proof of what it holds.
        content = self._manifest(name, version)
        return None if content is None else digest_of(content)

    def manifest(self, name: str, version: str) -> bytes:
        """See `Store`."""
        content = self._manifest(name, version)
        if content is None:
            raise self._missing(name, version)
        return content

    def _manifest(self, name: str, version: str) -> bytes | None:
        path, accept = _manifest_path(version), f"{MANIFEST}, {INDEX}"
        answer = self._ask(name, "GET", path, headers={"Accept": accept}, limit=MOST_MANIFEST_BYTES)
        if answer.status == 404:
            return None
        self._expect(answer, 200, name, version)
        with telling(self._shown(name, version)):
            found = digest_of(answer.body)
            if is_digest(version) and found != version:
                raise BadContent(f"another manifest was sent, whose digest is {found}")
            told = answer.headers.get("docker-content-digest", found)
            if told.startswith("sha256:") and told != found:
                raise BadContent(f"the registry says that its digest is {shown(told)}, and it is {found}")
        return answer.body

    def put_manifest(self, name: str, tag: str, content: bytes) -> None:
        """See `Store`."""
        self._put(name, tag, content, MANIFEST)

    def attach(self, name: str, content: bytes) -> None:
        """See `Store`. A registry that does not say that it has seen the subject gets the list from us."""
        with telling(self._shown(name, digest_of(content))):
            manifest = read_manifest(content)
            entry = entry_of(content, manifest)
        answer = self._put(name, digest_of(content), content, MANIFEST)
        subject = manifest.subject
        if subject is None or answer.headers.get("oci-subject") == subject.digest:
            return
        tag = referrers_tag(subject.digest)
        before = self._manifest(name, tag)
        with telling(self._shown(name, tag)):
            index = with_entry(before, entry)
        if index != before:
            self._put(name, tag, index, INDEX)

    def attached(self, name: str, digest: str) -> tuple[Descriptor, ...]:
        """See `Store`."""
        found: dict[str, Descriptor] = {}
        for answer in self._pages(name, f"/referrers/{digest}"):
            if answer.status in NO_REFERRERS:
                return self._listed(name, digest)
            self._expect(answer, 200, name, digest)
            before = len(found)
            with telling(f"{self._shown(name, digest)}, what is attached to it"):
                found.update({each.digest: each for each in read_index(answer.body)})
            if len(found) > MOST_LISTED:
                problem = f"`{self._shown(name, digest)}`: more than {MOST_LISTED} manifests are attached to it"
                raise NotAsSaid(Diagnostic("registry", problem))
            if len(found) == before:
                break
        return tuple(found.values())

    def _listed(self, name: str, digest: str) -> tuple[Descriptor, ...]:
        tag = referrers_tag(digest)
        index = self._manifest(name, tag)
        with telling(self._shown(name, tag)):
            return () if index is None else read_index(index)

    def _put(self, name: str, tag: str, content: bytes, media_type: str) -> Answer:
        answer = self._ask(name, "PUT", _manifest_path(tag), headers={"Content-Type": media_type}, body=content)
        self._expect(answer, 201, name, tag)
        told = answer.headers.get("docker-content-digest", "")
        if is_digest(told) and told != digest_of(content):
            problem = f"`{self._shown(name, tag)}`: the registry stored something else, {told}"
            raise NotAsSaid(Diagnostic("content", problem, help=f"{digest_of(content)} was sent"))
        return answer

    def is_new(self, name: str) -> bool:
        """See `Store`."""
        return self._ask(name, "GET", "/tags/list?n=1", limit=MOST_MANIFEST_BYTES).status == 404

    def has_blob(self, name: str, descriptor: Descriptor) -> bool:
        """See `Store`."""
        answer = self._ask(name, "HEAD", f"/blobs/{descriptor.digest}")
        if answer.status == 404:
            return False
        self._expect(answer, 200, name, descriptor.digest)
        return answer.headers.get("content-length", str(descriptor.size)) == str(descriptor.size)

    def blob(self, name: str, descriptor: Descriptor) -> bytes:
        """See `Store`."""
        answer = self._ask(name, "GET", f"/blobs/{descriptor.digest}", limit=descriptor.size)
        self._expect(answer, 200, name, descriptor.digest)
        with telling(self._shown(name, descriptor.digest)):
            return descriptor.check(answer.body)

    def put_blob(self, name: str, blob: Blob) -> None:
        """See `Store`. An upload whose end was lost is looked up before it is begun anew."""
        for _ in range(2):
            started = self._ask(name, "POST", "/blobs/uploads/", body=b"")
            self._expect(started, 202, name, blob.descriptor.digest)
            answer = self._upload(name, blob, started)
            if answer.status == 404 and not self.has_blob(name, blob.descriptor):
                continue
            if answer.status != 404:
                self._expect(answer, 201, name, blob.descriptor.digest)
            return
        raise self._unexpected(answer, name, blob.descriptor.digest)

    def _upload(self, name: str, blob: Blob, started: Answer) -> Answer:
        location = resolve(started.url, started.headers.get("location", ""))
        joint = "&" if "?" in location else "?"
        url = f"{location}{joint}{urlencode({'digest': blob.descriptor.digest})}"
        return self._send(
            name, Request("PUT", url, {"Content-Type": "application/octet-stream"}, blob.content), write=True
        )

    def tags(self) -> tuple[str, ...]:
        """See `Store`."""
        found: dict[str, None] = {}
        for answer in self._pages("", f"/tags/list?n={PAGE}"):
            self._expect(answer, 200, "")
            before = len(found)
            found.update(dict.fromkeys(self._read_tags(answer)))
            # A page that brings nothing new is no reason to ask for more.
            if len(found) == before:
                break
            if len(found) > MOST_TAGS:
                raise self._broken("", "", f"it lists more than {MOST_TAGS} tags")
        return tuple(sorted(tag for tag in found if not is_about_another(tag)))

    def _pages(self, name: str, path: str) -> Iterator[Answer]:
        """The pages of a list, as long as they name another; whoever reads them may have enough."""
        place = path.partition("?")[0]
        for _ in range(MOST_PAGES):
            answer = self._ask(name, "GET", path, limit=MOST_MANIFEST_BYTES)
            yield answer
            following = _NEXT.search(answer.headers.get("link", "")[:8192])
            if following is None:
                return
            path = f"{place}?{self._next_query(name, answer, following[1])}"
        raise self._broken(name, "", f"it has more than {MOST_PAGES} pages")

    def _read_tags(self, answer: Answer) -> tuple[str, ...]:
        try:
            raw = mapping(read_json(answer.body))
            return tuple(map(shown, texts(raw, "tags"))) if raw.get("tags") is not None else ()
        except (BadContent, DecodeError) as error:
            raise self._broken("", "", str(error)) from error

    def _next_query(self, name: str, answer: Answer, link: str) -> str:
        target = resolve(answer.url, link)
        if origin(target) != origin(self._base):
            raise self._broken(name, "", "the list goes on at another registry")
        return target.partition("?")[2]

    def _ask(
        self,
        name: str,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        limit: int = 2**14,
    ) -> Answer:
        url = f"{self._base}/v2/{quote(self._repository(name))}{path}"
        return self._send(name, Request(method, url, headers or {}, body, limit), write=method not in ("GET", "HEAD"))

    def _send(self, name: str, request: Request, *, write: bool) -> Answer:
        """The answer to a request, with what the registry wants to see. Only the registry's own host ever sees it."""
        if origin(request.url) != origin(self._base):
            return self._http.ask(request)
        scope = f"repository:{self._repository(name)}:pull{',push' if write else ''}"
        header = self._authorizer.header(scope)
        answer = self._http.ask(_with(request, header))
        # What another host asks for, to which the registry has led, is not its to ask.
        if answer.status != 401 or origin(answer.url) != origin(self._base):
            return answer
        header = self._authorizer.renew(scope, header, answer)
        answer = self._http.ask(_with(request, header))
        if answer.status == 401 and origin(answer.url) == origin(self._base):
            raise self._authorizer.refused(had=True)
        return answer

    def _repository(self, name: str) -> str:
        return f"{self._reference.repository}/{name}" if name else self._reference.repository

    def _shown(self, name: str, version: str) -> str:
        """Without a version, the repository."""
        mark = "@" if is_digest(version) else ":" if version else ""
        return f"{self._reference.host}/{self._repository(name)}{mark}{version}"

    def _expect(self, answer: Answer, status: int, name: str, version: str = "") -> None:
        if answer.status != status:
            raise self._unexpected(answer, name, version)

    def _unexpected(self, answer: Answer, name: str, version: str) -> CmpolicyError:
        match answer.status:
            case 404:
                return self._missing(name, version)
            case 401 | 403:
                what = self._shown(name, version)
                remedy = f"`docker login {self._reference.host}` as somebody who may"
                return CmpolicyError(Diagnostic("credentials", f"`{what}`: the registry forbids it", help=remedy))
            case status:
                return self._broken(name, version, f"the registry answers {status}{_said(answer)}")

    def _missing(self, name: str, version: str) -> CmpolicyError:
        lists = f"`cmpolicy tags oci://{self._reference.host}/{self._reference.repository}` lists what is there"
        remedy = lists if version else "is the name right? A repository is there once something is published in it"
        return NotThere(Diagnostic("registry", f"`{self._shown(name, version)}` is not there", help=remedy))

    def _broken(self, name: str, version: str, why: str) -> CmpolicyError:
        return CmpolicyError(Diagnostic("registry", f"`{self._shown(name, version)}`: {why}"))


def _manifest_path(version: str) -> str:
    return f"/manifests/{quote(version, safe=':')}"


def _with(request: Request, header: str | None) -> Request:
    headers = {**request.headers, **({"Authorization": header} if header else {})}
    return Request(request.method, request.url, headers, request.body, request.limit)


def _said(answer: Answer) -> str:
    """The code and message of the registry's first error."""
    try:
        (first, *_) = _errors(answer)
        parts = [shown(part) for key in ("code", "message") if isinstance(part := first.get(key), str) and part]
    except (BadContent, ValueError):
        return ""
    return f": {': '.join(parts)}" if parts else ""


def _errors(answer: Answer) -> list[Mapping[str, object]]:
    listed = mapping(read_json(answer.body)).get("errors")
    return [mapping(each) for each in listed] if isinstance(listed, list) else []
