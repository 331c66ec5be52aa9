"""When an image is pulled where nobody says: always if its tag is `latest`, else if it is not there."""

from __future__ import annotations

import re

_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_LABEL = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_DOMAIN = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?", re.ASCII)
_REPOSITORY = re.compile(
    rf"(?P<path>{_COMPONENT}(?:/{_COMPONENT})*)(?::(?P<tag>\w[\w.-]{{0,127}}))?(?:@(?P<digest>.+))?", re.ASCII
)
_DIGEST = re.compile("sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}")
_LIKE_AN_ID = re.compile("[a-f0-9]{64}")
_HUB = ("docker.io", "index.docker.io")
_LONGEST_PATH = 255


def pull_policy(image: str) -> str:
    """The policy of a container or volume with this image; one that is no reference counts as one with another tag."""
    return "Always" if _is_latest(image) else "IfNotPresent"


def _is_latest(image: str) -> bool:
    """Read as github.com/distribution/reference reads it."""
    domain, repository = _split(image)
    found = _REPOSITORY.fullmatch(repository)
    if found is None or not _DOMAIN.fullmatch(domain) or _LIKE_AN_ID.fullmatch(image):
        return False
    if len(found["path"]) > _LONGEST_PATH or (found["digest"] and not _DIGEST.fullmatch(found["digest"])):
        return False
    return found["tag"] == "latest" if found["tag"] else not found["digest"]


def _split(image: str) -> tuple[str, str]:
    """The registry, and what follows it."""
    first, slash, rest = image.partition("/")
    is_domain = bool(slash) and (first == "localhost" or not {".", ":"}.isdisjoint(first) or first != first.lower())
    domain, repository = (first, rest) if is_domain else (_HUB[0], image)
    return domain, f"library/{repository}" if domain in _HUB and "/" not in repository else repository
