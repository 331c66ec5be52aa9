"""Parts of an image reference, read off the string itself, so that no registry default differs between engines."""

from __future__ import annotations

from collections.abc import Sequence

from cmpolicy import regex
from cmpolicy.dsl.conditions import Condition, all_of, any_of
from cmpolicy.dsl.errors import author_error
from cmpolicy.dsl.expressions import String
from cmpolicy.dsl.refusals import Traced, constant_text, shown

_EXPLICIT_REGISTRY = "^(localhost|[^/]*[.:A-Z][^/]*)/"
_TAG = "^([^@]*/)?[^/@:]+:[^/@]+(@.+)?$"


class Image(Traced):
    """An image reference: `registry/repository:tag@digest`. Every test is false of an absent image."""

    __slots__ = ("_reference",)
    described = "image"
    instead = "ask `.has_tag()`, `.has_digest()`, `.is_latest()`, `.registry_in([...])` or `.name_is(...)`"

    def __init__(self, reference: String) -> None:
        self._reference = reference

    def has_digest(self) -> Condition:
        """It is pinned by a digest."""
        return self._reference.matches("@[^@]+$")

    def has_tag(self) -> Condition:
        """It names a tag; the port of a registry is none."""
        return self._reference.matches(_TAG)

    def is_latest(self) -> Condition:
        """It runs whatever is newest: no digest, and no tag or the tag `latest`."""
        tagged_latest = self._reference.matches(":latest$")
        return all_of(self._reference.exists(), ~self.has_digest(), any_of(~self.has_tag(), tagged_latest))

    def registry_in(self, registries: Sequence[str]) -> Condition:
        """It comes from one of these registries; without one in the reference that is `docker.io`."""
        if isinstance(registries, str | Traced) or not isinstance(registries, Sequence):
            remedy = 'write `.registry_in(["docker.io"])`'
            raise author_error("type", f"a list of registries is needed here, not {shown(registries)}", remedy)
        registries = [constant_text(registry, "a registry") for registry in registries]
        named = any_of(*(self._reference.starts_with(f"{registry}/") for registry in registries))
        if "docker.io" not in registries:
            return named
        return named | (self._reference.exists() & ~self._reference.matches(_EXPLICIT_REGISTRY))

    def name_is(self, *names: str) -> Condition:
        """The last part of its repository is one of these names, whatever registry, tag and digest."""
        choices = "|".join(regex.quote(constant_text(name, "a name")) for name in names)
        return self._reference.matches(f"(^|/)({choices})(:[^/@]*)?(@[^/]*)?$")


def image(reference: String) -> Image:
    """The parts of a container's image."""
    if not isinstance(reference, String):
        raise author_error(
            "type", f"an image is read from a field, not from {shown(reference)}", "give `container.image`"
        )
    return Image(reference)
