"""A bundle read back from where it was published, every file held to the digests on the way.

Nothing that is read is trusted: not the sizes, not the paths, not that two lists agree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from cmpolicy.bundle.record import FILE, RULES_FILE, read_record, sha256
from cmpolicy.bundle.rules import RuleBook, read_rule_book
from cmpolicy.content import digest_of, shown
from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.ir_json import DecodeError
from cmpolicy.oci.archive import MOST_BYTES, MOST_FILES, gunzip, unpack
from cmpolicy.oci.artifacts import BUNDLE, names_of
from cmpolicy.oci.built import Built, differing, only
from cmpolicy.oci.lock import LOCK_FILE, Locked, read_lock
from cmpolicy.oci.model import BadContent, Descriptor, Manifest, read_manifest, titled
from cmpolicy.oci.names import check_record
from cmpolicy.oci.store import Store, telling

MOST_RECORD_BYTES = 2**23
"""What a JSON file of a bundle may hold: it is read as a whole, and takes many times that in memory."""


@dataclass(frozen=True, slots=True)
class Published:
    """The manifest of a bundle, as it is stored and as it is read, its layers by their titles, and what it locks."""

    content: bytes
    manifest: Manifest
    layers: Mapping[str, Descriptor]
    lock: tuple[Locked, ...]

    @property
    def digest(self) -> str:
        """By which it is pinned."""
        return digest_of(self.content)

    @property
    def descriptor(self) -> Descriptor:
        """What a tag of it stands for."""
        return Descriptor(BUNDLE, self.digest, len(self.content))


def read_bundle(store: Store, version: str) -> Published:
    """The bundle of this tag or digest. Raises `CmpolicyError` if there is none, or something else."""
    content = store.manifest("", version)
    with telling(version):
        manifest = read_manifest(content)
    if manifest.kind != BUNDLE:
        remedy = "name the bundle itself: the other artifacts stand in repositories below it, and are for other tools"
        problem = f"`{version}` is no bundle of cmpolicy, but `{shown(manifest.kind)}`"
        raise CmpolicyError(Diagnostic("content", problem, help=remedy))
    with telling(version):
        layers = titled(manifest.layers)
        lock = read_lock(store.blob("", _layer(layers, LOCK_FILE)))
    return Published(content, manifest, layers, lock)


def _layer(layers: Mapping[str, Descriptor], title: str) -> Descriptor:
    if title not in layers:
        raise BadContent(f"it has no layer `{title}`")
    if title.endswith(".json") and layers[title].size > MOST_RECORD_BYTES:
        raise BadContent(f"`{title}` should hold {layers[title].size} bytes, and {MOST_RECORD_BYTES} is the most")
    return layers[title]


def read_about(store: Store, bundle: Published) -> Built:
    """What the bundle says of itself: its record and its rules, without a file."""
    with telling(bundle.digest):
        record_text = store.blob("", _layer(bundle.layers, FILE))
        rules_text = store.blob("", _layer(bundle.layers, RULES_FILE))
        about = _about(record_text, rules_text)
        _check_lock(bundle.lock, about.targets)
        return about


def _check_lock(lock: Sequence[Locked], targets: Sequence[str]) -> None:
    """Raise `BadContent` if something is locked that is not published with a bundle: copies would replace things by it."""
    names = [each.name for each in lock]
    if len(set(names)) < len(names):
        raise BadContent(f"`{LOCK_FILE}` lists an artifact twice")
    if others := sorted(set(names) - {name for target in targets for name in names_of(target)}):
        raise BadContent(f"`{LOCK_FILE}` lists `{shown(others[0])}`, which is of no target")
    if any(each.artifact_type == BUNDLE for each in lock):
        raise BadContent(f"`{LOCK_FILE}` lists a bundle")


def _about(record_text: bytes, rules_text: bytes) -> Built:
    with TemporaryDirectory(prefix="cmpolicy-pull-") as made:
        folder = Path(made)
        (folder / FILE).write_bytes(record_text)
        (folder / RULES_FILE).write_bytes(rules_text)
        record = read_record(folder)
        check_record(record)
        if record.rules != sha256(rules_text):
            raise BadContent(f"`{RULES_FILE}` is not the one that `{FILE}` names")
        return Built(record, _book(folder), record_text, rules_text, {})


def _book(folder: Path) -> RuleBook:
    try:
        return read_rule_book(folder)
    except DecodeError as error:
        raise BadContent(f"`{RULES_FILE}`: {error}") from error


def pull(store: Store, version: str, targets: Sequence[str] = ()) -> tuple[str, Built]:
    """The digest and the bundle of this tag or digest, or of it these targets.

    Raises `CmpolicyError` if anything is not as it says.
    """
    published = read_bundle(store, version)
    about = read_about(store, published)
    chosen = choice(about, targets)
    with telling(published.digest):
        files = _files(store, published.layers, chosen)
        built = only(Built(about.record, about.book, about.record_text, about.rules_text, files), chosen)
        _check_files(built)
    return published.digest, built


def choice(built: Built, targets: Sequence[str]) -> tuple[str, ...]:
    """The targets, or all of the bundle if none is named. Raises `CmpolicyError` for one that it has not."""
    if missing := sorted(set(targets) - set(built.targets)):
        remedy = f"it has {', '.join(built.targets)}"
        raise CmpolicyError(Diagnostic("pull", f"the bundle has no target `{missing[0]}`", help=remedy))
    return tuple(targets) or built.targets


def _files(store: Store, layers: Mapping[str, Descriptor], targets: Sequence[str]) -> Mapping[str, bytes]:
    """The files of the targets, which together hold no more than one archive may."""
    files: dict[str, bytes] = {}
    left = MOST_BYTES
    titles = [(target, f"{target}{tests}.tar.gz") for target in targets for tests in ("", "-tests")]
    for target, title in titles:
        if title in layers:
            tar = gunzip(store.blob("", layers[title]), left)
            left -= len(tar)
            found = {f"{target}/{path}": text for path, text in unpack(tar, MOST_FILES - len(files)).items()}
            if twice := files.keys() & found:
                raise BadContent(f"`{min(twice)}` is in two layers")
            files.update(found)
    return files


def _check_files(built: Built) -> None:
    if wrong := differing(built.record.files, built.files):
        raise BadContent(f"`{shown(wrong[0])}` is not the file that `{FILE}` names")
    if extra := built.files.keys() - {entry.path for entry in built.record.files}:
        raise BadContent(f"`{shown(min(extra))}` is in no list of `{FILE}`")
    for path, text in built.files.items():
        if not _is_text(text):
            raise BadContent(f"`{shown(path)}` is no text")


def _is_text(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
