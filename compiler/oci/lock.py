"""`lock.json`: the digests of what was published together with a bundle."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cmpolicy.content import shown
from cmpolicy.ir_json.read import DecodeError, each, text
from cmpolicy.oci.model import BadContent, Descriptor, read_descriptor, read_json

LOCK_FILE = "lock.json"
SCHEMA = "cmpolicy.lock/v1"
MOST_ARTIFACTS = 1000

_NAME = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*(?:/[a-z0-9]+(?:[-_.][a-z0-9]+)*)*")


@dataclass(frozen=True, slots=True)
class Locked:
    """A manifest that was published with the bundle; the name is its repository below the bundle's."""

    name: str
    media_type: str
    digest: str
    size: int
    artifact_type: str

    @property
    def descriptor(self) -> Descriptor:
        """What it should be."""
        return Descriptor(self.media_type, self.digest, self.size, {}, self.artifact_type)


def lock_text(locked: Sequence[Locked]) -> bytes:
    """The file."""
    artifacts = [{"name": each.name, **each.descriptor.document()} for each in locked]
    return (json.dumps({"schema": SCHEMA, "artifacts": artifacts}, indent=2) + "\n").encode()


def read_lock(content: bytes) -> tuple[Locked, ...]:
    """What is locked. Raises `BadContent`."""
    raw = read_json(content)
    try:
        if (schema := text(raw, "schema")) != SCHEMA:
            raise BadContent(f"`{LOCK_FILE}` has the schema `{shown(schema)}`, and this cmpolicy reads `{SCHEMA}`")
        listed = each(raw, "artifacts")
        if len(listed) > MOST_ARTIFACTS:
            raise BadContent(f"`{LOCK_FILE}` lists more than {MOST_ARTIFACTS} artifacts")
        found = []
        for entry in listed:
            name, descriptor = text(entry, "name"), read_descriptor(entry)
            if not _NAME.fullmatch(name):
                raise BadContent(f"`{LOCK_FILE}` lists `{shown(name)}`, which is no repository below the bundle's")
            kind = descriptor.artifact_type or ""
            found.append(Locked(name, descriptor.media_type, descriptor.digest, descriptor.size, kind))
        return tuple(found)
    except DecodeError as error:
        raise BadContent(f"`{LOCK_FILE}`: {error}") from error
