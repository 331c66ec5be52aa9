"""References are read as the distribution specification writes them, and nothing else passes for one."""

from __future__ import annotations

from pathlib import Path

import pytest
from cmpolicy.diagnostics import CmpolicyError
from cmpolicy.oci.reference import Local, Remote, is_loopback, need_tag, need_version, parse, with_tag

DIGEST = f"sha256:{'a' * 64}"


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("oci://ghcr.io/acme/policies:1.4.0", Remote("ghcr.io", "acme/policies", "1.4.0")),
        ("oci://localhost:5000/a", Remote("localhost:5000", "a")),
        ("oci://[::1]:5000/a:b", Remote("[::1]:5000", "a", "b")),
        (f"oci://r.example/a/b@{DIGEST}", Remote("r.example", "a/b", None, DIGEST)),
        (f"oci://r.example/a:1@{DIGEST}", Remote("r.example", "a", "1", DIGEST)),
        ("oci://docker.io/acme:1", Remote("docker.io", "library/acme", "1")),
        ("oci-layout:out", Local(Path("out"))),
        ("oci-layout:a/b:1.4.0", Local(Path("a/b"), "1.4.0")),
        (f"oci-layout:/a.tar:1@{DIGEST}", Local(Path("/a.tar"), "1", DIGEST)),
        ("oci-layout:C:/layout", Local(Path("C:/layout"))),
    ],
)
def test_a_reference_is_read_and_written_alike(spec: str, expected: Remote | Local) -> None:
    assert parse(spec) == expected
    assert parse(str(expected)) == expected


@pytest.mark.parametrize(
    "spec",
    [
        "ghcr.io/acme/policies:1.4.0",
        "oci://",
        "oci://ghcr.io",
        "oci://ghcr.io/",
        "oci://ghcr.io/Upper:1",
        "oci://ghcr.io/a:",
        "oci://ghcr.io/a:-x",
        "oci://ghcr.io/a/../b:1",
        "oci://ghcr.io:99999/a:1",
        "oci://user:secret@ghcr.io/a:1",
        "oci://ghcr.io/a?x=1:1",
        "oci://ghcr.io/a@sha256:abc",
        f"oci://ghcr.io/a@md5:{'a' * 32}",
        f"oci://ghcr.io/{'a' * 300}:1",
        "oci://gh cr.io/a:1",
        "oci-layout:",
        "oci-layout::1",
    ],
)
def test_anything_else_is_refused_with_the_form(spec: str) -> None:
    with pytest.raises(CmpolicyError) as caught:
        parse(spec)
    (problem,) = caught.value.diagnostics
    assert problem.code == "reference"
    assert "oci://HOST/REPOSITORY:TAG" in problem.help


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("localhost.example.com", False),
        ("127.0.0.1.example.com", False),
        ("10.0.0.1", False),
        ("0.0.0.0", False),
    ],
)
def test_loopback_is_what_never_leaves_the_machine(name: str, expected: bool) -> None:
    assert is_loopback(name) is expected


def test_a_version_is_asked_for() -> None:
    with pytest.raises(CmpolicyError, match="neither a tag nor a digest"):
        need_version(parse("oci://r.example/a"))
    with pytest.raises(CmpolicyError, match="no tag to write to"):
        need_tag(parse(f"oci://r.example/a:1@{DIGEST}"))
    assert need_tag(parse("oci://r.example/a:1")) == "1"


def test_a_tag_from_elsewhere_is_checked() -> None:
    place = parse("oci://registry.example/acme/policies")
    assert str(with_tag(place, "1.4.0")) == "oci://registry.example/acme/policies:1.4.0"
    with pytest.raises(CmpolicyError, match="has no tag"):
        with_tag(place, "../../../victim/manifests/stable")
