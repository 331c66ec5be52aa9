"""An image layout: a folder that holds what a registry does, for air gaps; or the same as one `.tar`.

The manifests of a bundle are named in `index.json` by the annotation that tools look for: the bundle by its tag, the others by
their name and the tag, such as `kyverno_1.4.0`. `index.json` is replaced as a whole and last, so that a layout never names what
is not there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from cmpolicy.bundle.file import write_bytes
from cmpolicy.content import canonical, digest_of, is_digest, shown
from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.ir_json.read import DecodeError, each, text
from cmpolicy.oci.archive import pack, unpack
from cmpolicy.oci.artifacts import BUNDLE
from cmpolicy.oci.model import (
    INDEX,
    MANIFEST,
    MOST_BLOB_BYTES,
    MOST_MANIFEST_BYTES,
    BadContent,
    Blob,
    Descriptor,
    read_descriptor,
    read_json,
    read_manifest,
)
from cmpolicy.oci.reference import Local, is_tag
from cmpolicy.oci.referrers import MOST_LISTED, entry_of, is_about_another
from cmpolicy.oci.store import NotAsSaid, NotThere, Store, telling

MARKER = "oci-layout"
MARKER_TEXT = b'{"imageLayoutVersion":"1.0.0"}'
INDEX_FILE = "index.json"
MOST_INDEX_BYTES = MOST_MANIFEST_BYTES
REF_NAME = "org.opencontainers.image.ref.name"


class Layout:
    """A layout in a folder."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name
        self._writing = Lock()
        self._listing = Lock()

    def stop(self) -> None:
        """See `Store`: files are read and written in no time."""

    def digest(self, name: str, version: str) -> str | None:
        """See `Store`."""
        if is_digest(version):
            return version if self._path(version).is_file() else None
        found = (entry.digest for entry in self._index() if entry.annotations.get(REF_NAME) == ref_name(name, version))
        return next(found, None)

    def manifest(self, name: str, version: str) -> bytes:
        """See `Store`."""
        digest = self.digest(name, version)
        if digest is None:
            known = ", ".join(self.tags()) or "none"
            # A digest has no name here.
            asked = version if is_digest(version) else ref_name(name, version)
            problem = f"`{self._name}` holds no `{asked}`"
            raise NotThere(Diagnostic("layout", problem, help=f"its bundles: {known}"))
        return self._read(digest, MOST_MANIFEST_BYTES)

    def put_manifest(self, name: str, tag: str, content: bytes) -> None:
        """See `Store`."""
        self._write(content)
        manifest = read_manifest(content)
        about = {REF_NAME: ref_name(name, tag)}
        entry = Descriptor(MANIFEST, digest_of(content), len(content), about, manifest.artifact_type)
        with self._listing:
            listed = self._index()
            if not is_about_another(tag):
                self._check_kind(entry, listed)
            self._list(entry, [each for each in listed if each.annotations.get(REF_NAME) != about[REF_NAME]])

    def _check_kind(self, entry: Descriptor, listed: Sequence[Descriptor]) -> None:
        # Target `stable` at `2.0` and bundle `stable_2.0` have the same name.
        named = entry.annotations[REF_NAME]
        for other in listed:
            if other.annotations.get(REF_NAME) == named and (kind := self._kind(other)) != self._kind(entry):
                problem = f"`{named}` in `{self._name}` is something else, `{shown(kind)}`"
                raise CmpolicyError(Diagnostic("layout", problem, help="it stays; take another tag, or another layout"))

    def attach(self, name: str, content: bytes) -> None:
        """See `Store`. As other tools do it, the index lists it without a name."""
        with telling(digest_of(content)):
            entry = entry_of(content, read_manifest(content))
        self._write(content)
        with self._listing:
            listed = self._index()
            if all(each.digest != entry.digest for each in listed):
                self._list(entry, listed)

    def attached(self, name: str, digest: str) -> tuple[Descriptor, ...]:
        """See `Store`."""
        found = [each for each in self._index() if each.media_type == MANIFEST and self._subject(each) == digest]
        if len(found) > MOST_LISTED:
            problem = f"`{self._name}` holds more than {MOST_LISTED} manifests that are attached to {digest}"
            raise NotAsSaid(Diagnostic("layout", problem))
        return tuple(found)

    def _subject(self, entry: Descriptor) -> str | None:
        # What cannot be read is attached to nothing; other tools list what is elsewhere.
        with suppress(BadContent, NotAsSaid):
            if subject := read_manifest(self._read(entry.digest, MOST_MANIFEST_BYTES)).subject:
                return subject.digest
        return None

    def _list(self, entry: Descriptor, others: Sequence[Descriptor]) -> None:
        entries = sorted([*others, entry], key=lambda each: (each.annotations.get(REF_NAME, ""), each.digest))
        listed = [each.document() for each in entries]
        write_bytes(self._folder / MARKER, MARKER_TEXT)
        write_bytes(self._folder / INDEX_FILE, canonical({"schemaVersion": 2, "mediaType": INDEX, "manifests": listed}))

    def is_new(self, name: str) -> bool:
        """See `Store`: blobs are looked up in no time."""
        return False

    def has_blob(self, name: str, descriptor: Descriptor) -> bool:
        """See `Store`. What holds something else is not it, and is replaced."""
        with suppress(NotAsSaid):
            return len(self._read(descriptor.digest, descriptor.size)) == descriptor.size
        return False

    def blob(self, name: str, descriptor: Descriptor) -> bytes:
        """See `Store`."""
        with telling(self._name):
            return descriptor.check(self._read(descriptor.digest))

    def put_blob(self, name: str, blob: Blob) -> None:
        """See `Store`."""
        self._write(blob.content)

    def tags(self) -> tuple[str, ...]:
        """See `Store`: the bundles alone, and of their names those that a registry would take."""
        names = (entry.annotations.get(REF_NAME, "") for entry in self._index() if self._kind(entry) == BUNDLE)
        return tuple(sorted(filter(is_tag, names)))

    def _kind(self, entry: Descriptor) -> str:
        # Not every tool says in the index what it lists.
        if entry.artifact_type is not None or entry.media_type != MANIFEST:
            return entry.artifact_type or entry.media_type
        with telling(self._name):
            return read_manifest(self._read(entry.digest, MOST_MANIFEST_BYTES)).kind

    def _path(self, digest: str) -> Path:
        return self._folder / "blobs" / digest.replace(":", "/")

    def _read(self, digest: str, most: int = MOST_BLOB_BYTES) -> bytes:
        path = self._path(digest)
        with telling(self._name):
            if not path.is_file():
                raise BadContent(f"{digest} is not there")
            if path.stat().st_size > most:
                raise BadContent(f"{digest} holds more than {most} bytes")
            content = path.read_bytes()
            if (found := digest_of(content)) != digest:
                raise BadContent(f"{digest} holds other content, whose digest is {found}")
        return content

    def _write(self, content: bytes) -> None:
        path = self._path(digest_of(content))
        with self._writing:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_bytes(path, content)

    def _index(self) -> tuple[Descriptor, ...]:
        path = self._folder / INDEX_FILE
        if not path.is_file():
            return ()
        with telling(f"{self._name}/{INDEX_FILE}"):
            if path.stat().st_size > MOST_INDEX_BYTES:
                raise BadContent(f"it holds more than {MOST_INDEX_BYTES} bytes")
            try:
                return tuple(map(read_descriptor, each(read_json(path.read_bytes()), "manifests")))
            except DecodeError as error:
                raise BadContent(str(error)) from error


def ref_name(name: str, version: str) -> str:
    """How an artifact is called in a layout. No target's name has an underscore, so the first one parts name and tag."""
    return f"{name.replace('/', '-')}_{version}" if name else version


@contextmanager
def open_layout(reference: Local, *, write: bool = False) -> Iterator[Store]:
    """The layout, to read it or to write to it. Raises `CmpolicyError` if it is something else, or not there to be read.

    An archive is replaced as a whole when the block ends well, and left as it was when not.
    """
    if not reference.is_archive:
        _check_folder(reference.path, write)
        if write:
            reference.path.mkdir(parents=True, exist_ok=True)
        yield Layout(reference.path, str(reference.path))
        return
    with TemporaryDirectory(prefix="cmpolicy-layout-") as made:
        folder = Path(made)
        _unpack_archive(reference.path, folder, write)
        yield Layout(folder, str(reference.path))
        if write:
            reference.path.parent.mkdir(parents=True, exist_ok=True)
            write_bytes(reference.path, _packed(folder, reference.path))


def only_tag(store: Store, reference: Local) -> str:
    """The tag of the only bundle in a layout. Raises `CmpolicyError` if there are several, or none."""
    match store.tags():
        case (tag,):
            return tag
        case ():
            raise CmpolicyError(Diagnostic("layout", f"`{reference.path}` holds no bundle with a tag"))
        case tags:
            remedy = f"name one: {', '.join(str(replace(reference, tag=tag)) for tag in tags)}"
            raise CmpolicyError(Diagnostic("layout", f"`{reference.path}` holds {len(tags)} bundles", help=remedy))


def _check_folder(path: Path, write: bool) -> None:
    for link in (path / "blobs", path / "blobs" / "sha256"):
        if link.is_symlink():
            raise _no_layout(path, f"leads elsewhere: `{link}` is a link")
    with telling(str(path)):
        if (path / MARKER).is_file():
            _check_marker((path / MARKER).read_bytes())
            return
    if path.is_dir() and not write:
        raise _no_layout(path, "is no image layout: it has no file `oci-layout`")
    if path.is_dir() and os.listdir(path):
        raise _no_layout(path, "is a folder of something else")
    if path.exists() and not path.is_dir():
        raise _no_layout(path, "is a file; an archive is called `.tar`")
    if not write:
        raise _no_layout(path, "is not there")


def _no_layout(path: Path, why: str) -> CmpolicyError:
    return CmpolicyError(Diagnostic("layout", f"`{path}` {why}", help="name another folder or `.tar`"))


def _check_marker(content: bytes) -> None:
    try:
        version = text(read_json(content), "imageLayoutVersion")
    except DecodeError as error:
        raise BadContent(f"`{MARKER}`: {error}") from error
    if not version.startswith("1."):
        raise BadContent(f"its version is `{shown(version)}`, and cmpolicy reads 1")


def _unpack_archive(path: Path, folder: Path, write: bool) -> None:
    if not path.exists() and write:
        return
    with telling(str(path)):
        if path.is_file() and path.stat().st_size > MOST_BLOB_BYTES:
            raise BadContent(f"it holds more than {MOST_BLOB_BYTES} bytes")
        files = unpack(path.read_bytes())
        if MARKER not in files:
            raise BadContent(f"it is no image layout: it has no file `{MARKER}`")
        _check_marker(files[MARKER])
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def _packed(folder: Path, path: Path) -> bytes:
    content = pack(_files(folder))
    if len(content) > MOST_BLOB_BYTES:
        remedy = "it is as it was; a folder holds more, and another archive the next version"
        problem = f"`{path}` would hold more than the {MOST_BLOB_BYTES} bytes that cmpolicy reads"
        raise CmpolicyError(Diagnostic("layout", problem, help=remedy))
    return content


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
