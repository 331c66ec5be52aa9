"""Whatever a registry does ends in a clear error, in bounded time, with nothing half-written and no secret told."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event
from traceback import format_exception

import pytest
from cmpolicy.diagnostics import CmpolicyError
from cmpolicy.oci import registry as registry_module
from cmpolicy.oci.artifacts import Labels, artifacts_of
from cmpolicy.oci.pulled import pull
from cmpolicy.oci.transfer import publish

from tests.oci.conftest import Client
from tests.oci.samples import BLOB, sample
from tests.oci.server import Act, FakeRegistry, Fault, Handler, blobs

SIZE = BLOB.descriptor.size


def quiet(items: Iterable[int]) -> Iterator[int]:
    yield from items


def endless(handler: Handler) -> None:
    handler.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    with suppress(OSError):
        while True:
            handler.wfile.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % SIZE
CONTENT: dict[str, tuple[Act, str]] = {
    "wrong digest": (lambda handler: handler.answer(200, b"CONTENT" * 1000), "other content, whose digest is"),
    "too short": (lambda handler: handler.answer(200, b"content"), "holds 7 bytes, and should hold 7000"),
    "too long": (lambda handler: handler.answer(200, BLOB.content + b"!"), "answers more than it should"),
    "endless": (endless, "answers more than it should"),
    "truncated": (lambda handler: handler.raw(HEAD + b"content"), r"failed 5 times: .*(broke off|incomplete)"),
    "compressed": (lambda handler: handler.answer(200, b"\x1f\x8b", Content_Encoding="gzip"), "holds 2 bytes"),
    "nothing": (lambda handler: handler.raw(b""), "failed 5 times"),
    "hung up": (lambda handler: handler.hang_up(), "failed 5 times"),
    "half a line": (lambda handler: handler.raw(b"HTTP/1.1 20"), "failed 5 times"),
    "half a header": (lambda handler: handler.raw(b"HTTP/1.1 200 OK\r\nContent-Le"), "failed 5 times|holds 0 bytes"),
    "no HTTP": (lambda handler: handler.raw(b"SSH-2.0-OpenSSH\r\n"), "failed 5 times"),
    "a long header": (lambda handler: handler.raw(b"HTTP/1.1 200 OK\r\nA: " + b"x" * 100_000), "failed 5 times"),
    "many headers": (
        lambda handler: handler.raw(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 1000 + b"\r\n"),
        "failed 5 times",
    ),
    "bad chunks": (
        lambda handler: handler.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        "failed 5",
    ),
    "500": (lambda handler: handler.answer(500), "answers 500"),
    "418": (
        lambda handler: handler.answer(418, b'{"errors": [{"code": "TEAPOT", "message": "a\x1b[31mb"}]}'),
        "answers 418",
    ),
    "403": (lambda handler: handler.answer(403), "forbids it"),
    "redirect to itself": (
        lambda handler: handler.answer(307, Location=handler.path),
        "leads on and on",
    ),
    "redirect to nowhere": (lambda handler: handler.answer(307), "is no address"),
    "redirect to a file": (lambda handler: handler.answer(307, Location="file:///etc/passwd"), "no address"),
    "redirect to another scheme": (
        lambda handler: handler.answer(307, Location="ftp://h.example/x"),
        "no address of a",
    ),
    "redirect out without encryption": (
        lambda handler: handler.answer(307, Location="http://192.0.2.1/x"),
        "without encryption",
    ),
    "redirect to a broken address": (lambda handler: handler.answer(307, Location="http://[::1/x"), "is no address"),
    "redirect to two hosts": (
        lambda handler: handler.answer(307, Location="http://a.example\\@127.0.0.1/x"),
        "no address",
    ),
    "redirect with a name": (lambda handler: handler.answer(307, Location="http://me:pw@127.0.0.1:1/x"), "no address"),
    "redirect with a space": (lambda handler: handler.answer(307, Location="/x y"), "no address"),
    "redirect in Latin": (lambda handler: handler.answer(307, Location="/\xe9"), "no address"),
}


@pytest.mark.parametrize("name", CONTENT)
def test_content_that_is_not_what_it_should_be_is_refused(held: FakeRegistry, client: Client, name: str) -> None:
    act, said = CONTENT[name]
    held.fault = blobs(act)
    with pytest.raises(CmpolicyError, match=said) as caught:
        client().blob("", BLOB.descriptor)
    assert "\x1b" not in str(caught.value)
    assert len(held.asked) <= 6


@pytest.mark.parametrize("name", ["truncated", "nothing", "hung up", "half a line", "500", "bad chunks"])
def test_what_may_pass_is_tried_again(held: FakeRegistry, client: Client, pauses: list[float], name: str) -> None:
    held.fault = blobs(CONTENT[name][0], times=2)
    assert client().blob("", BLOB.descriptor) == BLOB.content
    assert len(pauses) == 2
    assert 0 < pauses[0] < pauses[1] < 2


@pytest.mark.parametrize("name", ["wrong digest", "too long", "403", "418"])
def test_what_will_not_pass_is_asked_for_once(held: FakeRegistry, client: Client, name: str) -> None:
    held.fault = blobs(CONTENT[name][0])
    with pytest.raises(CmpolicyError):
        client().blob("", BLOB.descriptor)
    assert len(held.asked) == 1


# Being asked to wait


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    "headers",
    [
        {"Retry_After": "7"},
        {"Retry_After": "Wed, 25 Nov 2026 10:00:07 GMT", "Date": "Wed, 25 Nov 2026 10:00:00 GMT"},
    ],
    ids=["seconds", "date"],
)
def test_a_registry_says_when_to_come_again(
    held: FakeRegistry, client: Client, pauses: list[float], status: int, headers: dict[str, str]
) -> None:
    # The server has a date of its own, which the test's replaces.
    def busy(handler: Handler) -> None:
        lines = "".join(f"{name.replace('_', '-')}: {text}\r\n" for name, text in headers.items())
        handler.raw(f"HTTP/1.1 {status} Busy\r\nConnection: close\r\nContent-Length: 0\r\n{lines}\r\n".encode())

    held.fault = blobs(busy, times=1)
    assert client().blob("", BLOB.descriptor) == BLOB.content
    assert pauses == [7.0]


@pytest.mark.parametrize("asked", ["3600", "9" * 5000, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_nobody_waits_beyond_the_deadline(held: FakeRegistry, client: Client, pauses: list[float], asked: str) -> None:
    date = "Wed, 25 Nov 2026 10:00:00 GMT"
    held.fault = blobs(
        lambda handler: handler.raw(
            f"HTTP/1.1 429 Busy\r\nContent-Length: 0\r\nDate: {date}\r\nRetry-After: {asked}\r\n\r\n".encode()
        )
    )
    with pytest.raises(CmpolicyError, match=r"did not end within 60 s: it answers 429"):
        client().blob("", BLOB.descriptor)
    assert not pauses
    assert len(held.asked) == 1


@pytest.mark.parametrize("asked", ["", "-5", "soon", "1e9", "Wed, 99 Nov 2026 10:00:07 GMT"])
def test_what_is_no_time_is_passed_over(held: FakeRegistry, client: Client, pauses: list[float], asked: str) -> None:
    held.fault = blobs(lambda handler: handler.answer(503, Retry_After=asked), times=1)
    assert client().blob("", BLOB.descriptor) == BLOB.content
    assert pauses[0] < 1


def dripping(head: bytes, drop: bytes, done: Event) -> Act:
    def act(handler: Handler) -> None:
        with suppress(OSError):
            handler.raw(head)
            while not done.wait(0.05):
                handler.wfile.write(drop)
                handler.wfile.flush()
        handler.close_connection = True

    return act


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (HEAD, b"x"),
        (b"HTTP/1.1 200 OK\r\nA: ", b"x"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"x"),
        (b"", b""),
    ],
    ids=["body", "header", "continue", "chunk", "silence"],
)
def test_a_slow_registry_is_left_at_the_deadline(held: FakeRegistry, client: Client, head: bytes, drop: bytes) -> None:
    done = Event()
    held.fault = blobs(dripping(head, drop, done))
    try:
        with pytest.raises(CmpolicyError, match=r"did not end within 0\.5 s"):
            client(seconds=0.5).blob("", BLOB.descriptor)
    finally:
        done.set()


# Manifests and tags


def answering(part: str, status: int, body: bytes, **headers: str) -> Fault:
    return lambda handler: part in handler.path and handler.answer(status, body, **headers)


@pytest.mark.parametrize(
    ("body", "headers", "said"),
    [
        (b"{}", {}, "no image manifest"),
        (b'{"mediaType": "application/vnd.oci.image.index.v1+json", "manifests": []}', {}, "media type is"),
        (b'{"mediaType": "text/html"}', {}, "media type is"),
        (b"<html>sign in</html>", {}, "no JSON"),
        (b"x" * (4 * 2**20 + 1), {}, "answers more than it should"),
        (b"{}", {"Docker_Content_Digest": f"sha256:{'0' * 64}"}, "the registry says that its digest is"),
    ],
    ids=range(6),
)
def test_a_manifest_that_is_none_is_refused(
    registry: FakeRegistry, client: Client, body: bytes, headers: dict[str, str], said: str
) -> None:
    registry.fault = answering("/manifests/", 200, body, **headers)
    with pytest.raises(CmpolicyError, match=said):
        pull(client(), "1.4.0")


def test_another_manifest_than_the_pinned_one_is_refused(registry: FakeRegistry, client: Client) -> None:
    registry.fault = answering("/manifests/", 200, b"{}")
    with pytest.raises(CmpolicyError, match="another manifest was sent"):
        client().manifest("", f"sha256:{'a' * 64}")


def test_tags_that_never_end_are_refused(
    registry: FakeRegistry, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry_module, "MOST_TAGS", 50)
    count = iter(range(10_000))

    def more(handler: Handler) -> bool:
        body = json.dumps({"tags": [f"t{next(count)}" for _ in range(10)]}).encode()
        handler.answer(200, body, Link='</v2/acme/policies/tags/list?last=x>; rel="next"')
        return True

    registry.fault = more
    with pytest.raises(CmpolicyError, match="more than 50 tags"):
        client().tags()
    assert len(registry.asked) == 6


@pytest.mark.parametrize(
    ("body", "link", "expected"),
    [
        (b'{"tags": ["a"]}', '</v2/acme/policies/tags/list?last=a>; rel="next"', ("a",)),
        (b'{"tags": null}', "", ()),
        (b'{"tags": ["a\\u001b[31m"]}', "", ("a\ufffd[31m",)),
    ],
    ids=["circle", "null", "escape"],
)
def test_strange_lists_of_tags(
    registry: FakeRegistry, client: Client, body: bytes, link: str, expected: tuple[str, ...]
) -> None:
    registry.fault = answering("/tags/", 200, body, Link=link)
    assert client().tags() == expected


@pytest.mark.parametrize(
    ("body", "link", "said"),
    [
        (b"[]", "", "no map"),
        (b'{"tags": [1]}', "", "no list of texts"),
        (b'{"tags": ["a"]}', '<http://192.0.2.1/x>; rel="next"', "goes on at another registry"),
    ],
    ids=range(3),
)
def test_lists_of_tags_that_are_refused(
    registry: FakeRegistry, client: Client, body: bytes, link: str, said: str
) -> None:
    registry.fault = answering("/tags/", 200, body, Link=link)
    with pytest.raises(CmpolicyError, match=said):
        client().tags()


# Uploads


def counted(numbers: range, act: Act) -> Fault:
    """This happens to the requests of these numbers, from 0."""
    count = iter(range(100_000))
    return lambda handler: next(count) in numbers and bool(act(handler))


def test_a_connection_dropped_at_any_request_loses_nothing(
    registry: FakeRegistry, client: Client, tmp_path: Path
) -> None:
    built = sample(tmp_path / "dist")
    artifacts = artifacts_of(built, Labels())
    publish(client(), artifacts, "1", quiet)
    total = len(registry.asked)
    for number in range(0, total, 5):
        registry.manifests.clear()
        registry.blobs.clear()
        registry.fault = counted(range(number, number + 1), Handler.hang_up)
        publish(client(), artifacts, "1", quiet)
        registry.fault = None
        assert pull(client(), "1") == (artifacts[-1].digest, built)


def test_a_registry_that_fails_halfway_never_has_a_bundle(
    registry: FakeRegistry, client: Client, tmp_path: Path
) -> None:
    artifacts = artifacts_of(sample(tmp_path / "dist"), Labels())
    publish(client(), artifacts, "1", quiet)
    total = len(registry.asked)
    for number in range(0, total, 7):
        registry.manifests.clear()
        registry.blobs.clear()
        registry.fault = counted(range(number, 100_000), lambda handler: handler.answer(500))
        with pytest.raises(CmpolicyError, match="answers 500"):
            publish(client(), artifacts, "1", quiet)
        assert ("acme/policies", "1") not in registry.manifests
        for name, _ in registry.manifests:
            (artifact,) = [each for each in artifacts if f"acme/policies/{each.name}" == name]
            assert {each.digest for each in artifact.manifest.blobs} <= registry.blobs.keys()


def test_an_upload_whose_answer_is_lost_is_found_again(registry: FakeRegistry, client: Client) -> None:
    lost = [True]

    def lose(handler: Handler) -> bool:
        if handler.command == "PUT" and lost[0]:
            lost[0] = False
            registry.blobs[BLOB.descriptor.digest] = handler.asked.body
            return handler.hang_up()
        return handler.command == "PUT" and handler.answer(404)

    registry.fault = lose
    client().put_blob("", BLOB)
    assert registry.paths("POST") == ["/v2/acme/policies/blobs/uploads/"]


def test_an_upload_that_is_always_unknown_ends(registry: FakeRegistry, client: Client) -> None:
    registry.fault = lambda handler: handler.command == "PUT" and handler.answer(404)
    with pytest.raises(CmpolicyError, match="is not there"):
        client().put_blob("", BLOB)
    assert len(registry.paths("POST")) == 2


@pytest.mark.parametrize("location", [None, "", "ftp://x.example/", "http://192.0.2.1/up", "http://[::1/"])
def test_an_upload_that_leads_astray_is_refused(registry: FakeRegistry, client: Client, location: str | None) -> None:
    headers = {} if location is None else {"Location": location}
    registry.fault = lambda handler: handler.command == "POST" and handler.answer(202, b"", **headers)
    with pytest.raises(CmpolicyError, match=r"no address|without encryption"):
        client().put_blob("", BLOB)


def test_a_registry_that_stores_something_else_is_told(registry: FakeRegistry, client: Client) -> None:
    registry.fault = lambda handler: (
        handler.command == "PUT" and handler.answer(201, Docker_Content_Digest=f"sha256:{'0' * 64}")
    )
    with pytest.raises(CmpolicyError, match="stored something else"):
        client().put_manifest("", "1", b"{}")


@pytest.mark.parametrize("host", ["r.example:99999", "[::1", "me@r.example"])
def test_a_bad_address_is_told_without_its_query(held: FakeRegistry, client: Client, host: str) -> None:
    held.fault = blobs(lambda handler: handler.answer(307, Location=f"https://{host}/x?signature=secret"))
    with pytest.raises(CmpolicyError, match="is no address") as caught:
        client().blob("", BLOB.descriptor)
    assert "secret" not in "".join(format_exception(caught.value))
