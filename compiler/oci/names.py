"""The names in a bundle's record: they become folders, files and repositories, and may have been written by others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from unicodedata import normalize

from cmpolicy.bundle.record import FILE, Record
from cmpolicy.content import shown
from cmpolicy.oci.archive import safe_path
from cmpolicy.oci.model import BadContent

MOST_TARGETS = 100
_TARGET = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def check_record(record: Record) -> None:
    """Raise `BadContent` unless every name may stand below a folder, and everything has the type that `build` gives it."""
    if not record.builds or not _has_types(record) or not all(map(_TARGET.fullmatch, record.builds)):
        raise BadContent(f"`{FILE}` is none that this cmpolicy reads")
    if len(record.builds) > MOST_TARGETS:
        raise BadContent(f"`{FILE}` names more than {MOST_TARGETS} targets")
    for path in (*record.builds, *(entry.path for entry in record.files)):
        safe_path(path)
    if not all(each.target in record.builds and each.path.startswith(f"{each.target}/") for each in record.files):
        raise BadContent(f"`{FILE}` is none that this cmpolicy reads: a file is of no target")
    _check_clashes([entry.path for entry in record.files])


def _check_clashes(paths: Sequence[str]) -> None:
    """Raise `BadContent` if two paths are one file where case or the Unicode normal form makes no difference."""
    found: dict[str, str] = {}
    for path in paths:
        if (other := found.setdefault(normalize("NFC", path.casefold()), path)) is not path:
            raise BadContent(f"`{shown(path)}` and `{shown(other)}` are one file on some systems")


def _has_types(record: Record) -> bool:
    builds = record.builds.values()
    texts = [text for entry in record.files for text in (entry.path, entry.sha256, entry.target)]
    given = [entry.rule for entry in record.files] + [build.revision for build in builds]
    strings = [*texts, *(text for text in given if text is not None), *(build.cmpolicy for build in builds)]
    return all(isinstance(each, str) for each in strings) and all(isinstance(each.enforce, bool) for each in builds)
