"""As Git's external diff: one file, before and after, with what its change means if it is a rule.

Git gives two versions of a file and nothing around them. What a rule needs of its pack, which is `__init__.py` and the
modules whose names start with an underscore, is taken from the working tree for both. Whole versions are what
`cmpolicy diff OLD NEW` compares.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from cmpolicy.diff import child
from cmpolicy.diff.compare import compare_sides
from cmpolicy.diff.git import REGULAR
from cmpolicy.diff.model import Report
from cmpolicy.diff.sides import Side, of_child
from cmpolicy.load import pack_folders
from cmpolicy.targets.protocol import Target

PLAIN, RENAMED = 7, 9
"""How many arguments Git gives: of a renamed file there are its new path and a text about it too."""
COUNTER = "GIT_DIFF_PATH_COUNTER"
"""The variable that is set where Git runs an external diff, and else is not."""
_FACTORY = "@rule"


@dataclass(frozen=True, slots=True)
class Version:
    """A file as it was or is: its path from the top of the working tree, its content, and its mode as Git writes it.

    The path is "" where there is no file.
    """

    path: str
    content: bytes
    mode: str

    @property
    def may_be_rule(self) -> bool:
        """Whether it stands and is named as a rule, and makes one."""
        name = PurePosixPath(self.path)
        named = name.suffix == ".py" and not name.name.startswith("_") and self.mode in REGULAR
        return named and _FACTORY.encode() in self.content

    @property
    def lines(self) -> list[str] | None:
        """The lines with their ends; None if it is no text."""
        try:
            return self.content.decode().splitlines(keepends=True)
        except UnicodeDecodeError:
            return None


def is_from_git(arguments: Sequence[str]) -> bool:
    """Whether these are what Git gives to an external diff."""
    return len(arguments) in (PLAIN, RENAMED) or (len(arguments) == 1 and COUNTER in os.environ)


def versions_of(arguments: Sequence[str]) -> tuple[Version, Version]:
    """The two versions of the file that Git names."""
    path, old_file, _, old_mode, new_file, _, new_mode, *renamed = arguments
    return _version(path, old_file, old_mode), _version(renamed[0] if renamed else path, new_file, new_mode)


def _version(path: str, file: str, mode: str) -> Version:
    if file == os.devnull or mode == ".":
        return Version("", b"", "")
    # A link is compared as Git does, by where it leads.
    content = os.fsencode(os.readlink(file)) if os.path.islink(file) else Path(file).read_bytes()
    return Version(path, content, mode)


def text_lines(old: Version, new: Version, renamed: str) -> Iterator[str]:
    """The difference as text, as Git shows it; `renamed` is what it says of a renamed file."""
    yield f"diff --git a/{old.path or new.path} b/{new.path or old.path}"
    yield from renamed.splitlines()
    if old.mode != new.mode:
        yield from _modes(old, new)
    before, after = old.lines, new.lines
    names = (f"a/{old.path}" if old.path else os.devnull, f"b/{new.path}" if new.path else os.devnull)
    if before is None or after is None:
        yield f"Binary files {names[0]} and {names[1]} differ"
        return
    for line in unified_diff(before, after, *names):
        yield line.removesuffix("\n")
        if not line.endswith("\n") and not line.startswith(("---", "+++", "@@")):
            yield "\\ No newline at end of file"


def _modes(old: Version, new: Version) -> Iterator[str]:
    if not old.path:
        yield f"new file mode {new.mode}"
    elif not new.path:
        yield f"deleted file mode {old.mode}"
    else:
        yield from (f"old mode {old.mode}", f"new mode {new.mode}")


def meaning(old: Version, new: Version, targets: Sequence[Target]) -> Report | None:
    """What the change means; None if neither version is a rule of a pack that is in the working tree.

    Raises `CmpolicyError` if the rules do not load.
    """
    if not old.may_be_rule and not new.may_be_rule:
        return None
    with TemporaryDirectory(prefix="cmpolicy-driver-") as scratch:
        sides = [_side(each, name, Path(scratch).resolve() / name) for name, each in (("old", old), ("new", new))]
    if sides[0] is None or sides[1] is None:
        return None
    # The version of a pack is no matter of one file.
    return replace(compare_sides(sides[0], sides[1], targets), versions=())


def _side(version: Version, name: str, root: Path) -> Side | None:
    """The rule alone in its pack; no rule where there is no file. None if its pack is not in the working tree."""
    if not version.may_be_rule:
        return Side(name, {None: {}})
    path = PurePosixPath(version.path)
    around = Path(path.parent).absolute()
    if pack_folders(around) != (around,):
        return None
    pack = root / around.name
    shutil.copytree(around, pack, symlinks=True, ignore=_others)
    (pack / path.name).write_bytes(version.content)
    return of_child(child.load([pack], root), name, str(path.parent.parent).removeprefix("."))


def _others(folder: str, names: list[str]) -> list[str]:
    """The names in the folder of a pack that are not copied: its rules, and what Python makes of modules."""
    is_pack = pack_folders(Path(folder)) == (Path(folder),)
    return [
        name
        for name in names
        if name == "__pycache__" or (is_pack and name.endswith(".py") and not name.startswith("_"))
    ]
