"""Where a bundle is: in a registry, or in an image layout on disk.

`oci://HOST[:PORT]/REPOSITORY[:TAG][@DIGEST]` and `oci-layout:PATH[:TAG][@DIGEST]`; a layout whose path ends in `.tar` is
an archive. The grammar is that of the distribution specification.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from cmpolicy.content import is_digest
from cmpolicy.diagnostics import CmpolicyError, Diagnostic

REGISTRY = "oci://"
LAYOUT = "oci-layout:"
DOCKER_HUB = "docker.io"
DOCKER_HUB_HOST = "registry-1.docker.io"
DOCKER_HUB_NAMES = (DOCKER_HUB, "index.docker.io", DOCKER_HUB_HOST)

_HOST = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?"
)
_REPOSITORY = re.compile(r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")
LONGEST_REPOSITORY = 255


@dataclass(frozen=True, slots=True)
class Remote:
    """A repository of a registry, and a tag or digest in it if one is named."""

    host: str
    repository: str
    tag: str | None = None
    digest: str | None = None

    def __str__(self) -> str:
        return f"{REGISTRY}{self.host}/{self.repository}{_version(self.tag, self.digest)}"

    @property
    def is_loopback(self) -> bool:
        """Whether the registry is on this machine, so that nobody listens in between."""
        return is_loopback(host_name(self.host))


@dataclass(frozen=True, slots=True)
class Local:
    """An image layout, a folder or an archive, and a tag or digest in it if one is named."""

    path: Path
    tag: str | None = None
    digest: str | None = None

    def __str__(self) -> str:
        return f"{LAYOUT}{self.path}{_version(self.tag, self.digest)}"

    @property
    def is_archive(self) -> bool:
        """Whether it is one file."""
        return self.path.suffix == ".tar"


Reference = Remote | Local


def _version(tag: str | None, digest: str | None) -> str:
    return (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")


def host_name(host: str) -> str:
    """The host without its port and brackets."""
    return host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]


@lru_cache(maxsize=64)
def is_loopback(name: str) -> bool:
    """Whether the name or address is this machine's own."""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name.lower() == "localhost"


def is_reference(spec: str) -> bool:
    """Whether the text is meant as a reference, right or wrong."""
    return spec.startswith((REGISTRY, LAYOUT))


def parse(spec: str) -> Reference:
    """The reference that the text is. Raises `CmpolicyError`."""
    if spec.startswith(REGISTRY):
        return _remote(spec, spec.removeprefix(REGISTRY))
    if spec.startswith(LAYOUT):
        return _local(spec, spec.removeprefix(LAYOUT))
    raise _wrong(spec, "is no reference")


def _remote(spec: str, rest: str) -> Remote:
    rest, digest = _digest(spec, rest)
    host, slash, path = rest.partition("/")
    repository, colon, tag = path.partition(":")
    if not slash or not _HOST.fullmatch(host) or not _port(host):
        raise _wrong(spec, "names no registry")
    if not _REPOSITORY.fullmatch(repository) or len(repository) > LONGEST_REPOSITORY:
        raise _wrong(spec, f"has no repository: `{repository}` is not lower-case words that `/` and `.`, `_`, `-` part")
    if host == DOCKER_HUB and "/" not in repository:
        repository = f"library/{repository}"
    return Remote(host, repository, _tag(spec, tag) if colon else None, digest)


def _port(host: str) -> bool:
    port = host.rpartition(":")[2] if not host.endswith("]") and ":" in host else ""
    return not port or 0 < int(port) < 2**16


def _local(spec: str, rest: str) -> Local:
    rest, digest = _digest(spec, rest)
    path, colon, tag = rest.rpartition(":")
    # `C:\\layout` has no tag.
    if not colon or "/" in tag or "\\" in tag:
        path, tag = rest, ""
    if not path:
        raise _wrong(spec, "names no path")
    return Local(Path(path), _tag(spec, tag) if colon and path != rest else None, digest)


def _digest(spec: str, rest: str) -> tuple[str, str | None]:
    head, at, digest = rest.rpartition("@")
    if not at:
        return rest, None
    if not is_digest(digest):
        raise _wrong(spec, f"has no digest after `@`: `sha256:` and 64 of 0-9 and a-f, and not `{digest[:80]}`")
    return head, digest


def _tag(spec: str, tag: str) -> str:
    if not is_tag(tag):
        raise _wrong(spec, f"has no tag after `:`: letters, digits, `.`, `_` and `-`, and not `{tag[:80]}`")
    return tag


def _wrong(spec: str, why: str) -> CmpolicyError:
    remedy = f"write `{REGISTRY}HOST/REPOSITORY:TAG`, or `{LAYOUT}PATH:TAG` for a folder or a `.tar` on disk"
    return CmpolicyError(Diagnostic("reference", f"`{spec}` {why}", help=remedy))


def is_tag(text: str) -> bool:
    """Whether the text may be a tag. One that may not could lead to another place than the one that is named."""
    return _TAG.fullmatch(text) is not None


def with_tag(reference: Reference, tag: str) -> Reference:
    """The place of this tag. Raises `CmpolicyError` if it can be none: it may come from a layout of others."""
    return replace(reference, tag=_tag(str(reference), tag), digest=None)


def repository_of(reference: Reference) -> str:
    """`HOST/REPOSITORY`; empty for a layout, whose path is nobody else's business."""
    return f"{reference.host}/{reference.repository}" if isinstance(reference, Remote) else ""


def need_version(reference: Reference) -> None:
    """Raise `CmpolicyError` if neither a tag nor a digest is named: what `latest` is changes under people's hands."""
    if isinstance(reference, Remote) and reference.tag is None and reference.digest is None:
        remedy = f"`cmpolicy tags {reference}` lists the tags"
        raise CmpolicyError(Diagnostic("reference", f"`{reference}` names neither a tag nor a digest", help=remedy))


def need_nested(reference: Reference) -> None:
    """Raise `CmpolicyError` if the registry is known to keep no repositories below another, where the targets stand."""
    if isinstance(reference, Remote) and reference.host.lower() in DOCKER_HUB_NAMES:
        problem = f"Docker Hub takes no repository below `{reference.repository}`, and each target needs one"
        remedy = "publish to a registry whose repositories may have more than two parts, or to an image layout"
        raise CmpolicyError(Diagnostic("reference", problem, help=remedy))


def need_tag(reference: Reference) -> str:
    """The tag to write to. Raises `CmpolicyError` if none is named, or a digest is."""
    if reference.tag is None or reference.digest is not None:
        remedy = "name it as in `:1.4.0`; the digest follows from the content"
        raise CmpolicyError(Diagnostic("reference", f"`{reference}` names no tag to write to", help=remedy))
    return reference.tag
