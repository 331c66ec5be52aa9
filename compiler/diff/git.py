"""What a comparison asks of Git: which commit is meant, and the files of a folder in it. It changes no repository."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from cmpolicy.diagnostics import CmpolicyError, Diagnostic

MOST_BYTES = 2**26
"""What the files of a folder in a revision may hold together: more is no folder of rules."""
REGULAR = ("100644", "100755")
ELSEWHERE = {
    "120000": ("a link, which is not followed in a revision", "name the folder that it leads to"),
    "160000": ("a submodule: its files are in a repository of their own", "compare there, or compare two folders"),
}
"""What a path may be in a revision that has no files below it, by mode, and what to do."""
DEFAULT_BRANCHES = ("main", "master")


def split(spec: str) -> tuple[str, str]:
    """`REF:PATH` as the revision and the folder in the repository; without a path the folder that is like this one.

    `REF:./PATH` is from the working folder, as in Git.
    """
    ref, colon, path = spec.partition(":")
    _need_commit(ref)
    here = _git("rev-parse", "--show-prefix").strip().rstrip("/")
    if not colon:
        usual = "/".join(filter(None, (here, "policies")))
        return ref, usual if _has(ref, usual) else here
    if path.startswith(("./", "../")) or path == ".":
        path = _normal("/".join(filter(None, (here, path))))
    return ref, path.strip("/")


def _has(ref: str, path: str) -> bool:
    """Whether anything is there, if only a submodule whose files are not."""
    return _mode(ref, path) != ""


def _mode(ref: str, path: str) -> str:
    return _git("ls-tree", "-z", "--full-tree", ref, path).partition(" ")[0]


def _normal(path: str) -> str:
    kept: list[str] = []
    for part in PurePosixPath(path).parts:
        if part == ".." and kept:
            kept.pop()
        elif part not in (".", ".."):
            kept.append(part)
    return "/".join(kept)


def _need_commit(ref: str) -> None:
    if _asked("rev-parse", "--git-dir") is None:
        _need_ownership()
        remedy = "no Git repository is around the working folder; name a folder of rules or a bundle"
        raise CmpolicyError(Diagnostic("diff", f"`{ref}` is no folder, and no revision either", help=remedy))
    if not ref or ref.startswith("-") or _asked("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}") is None:
        remedy = "`git fetch` may bring it; a folder must be there, and a revision be one that `git rev-parse` knows"
        raise CmpolicyError(Diagnostic("diff", f"there is no folder and no revision `{ref}`", help=remedy))


def root() -> Path | None:
    """The root of the repository around the working folder; None if there is none."""
    found = _asked("rev-parse", "--show-toplevel")
    return Path(found) if found else None


def _need_ownership() -> None:
    """Tell of a repository that Git keeps away from, as it belongs to somebody else: containers of CI are full of them."""
    said = _refusal("rev-parse", "--git-dir")
    if "dubious ownership" in said or "safe.directory" in said:
        remedy = "`git config --global --add safe.directory FOLDER`, if you trust it"
        problem = Diagnostic("diff", "git keeps away from this repository: it belongs to another user", help=remedy)
        raise CmpolicyError(problem)


def extract(ref: str, path: str, into: Path) -> tuple[str, ...]:
    """Write the regular files below the folder in the revision. Raises `CmpolicyError` if the folder is not there.

    They are read as they were committed: no filter, attribute or link of the repository has a say. The paths of links and
    submodules are returned: they are not followed.
    """
    tree = f"{ref}^{{commit}}" if not path else f"{ref}:{path}"
    if path and _asked("cat-file", "-t", tree) != "tree":
        raise CmpolicyError(_no_folder(ref, path))
    every = list(_listed(tree))
    listed = [(file, size, name) for file, size, name, mode in every if mode in REGULAR]
    if sum(size for _, size, _ in listed) > MOST_BYTES:
        raise CmpolicyError(
            Diagnostic(
                "diff",
                f"`{path or '.'}` in `{ref}` is too large",
                help="name the folder of the rules, as in `main:policies`",
            )
        )
    for name, (file, _, _) in zip(_contents([name for _, _, name in listed]), listed, strict=True):
        target = into / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(name)
    return tuple(
        file for file, _, _, mode in every if mode not in REGULAR and PurePosixPath(file).suffix in ("", ".py")
    )


def _no_folder(ref: str, path: str) -> Diagnostic:
    if (mode := _mode(ref, path)) in ELSEWHERE:
        what, remedy = ELSEWHERE[mode]
        return Diagnostic("diff", f"`{path}` in `{ref}` is {what}", help=remedy)
    return Diagnostic("diff", f"there is no folder `{path}` in `{ref}`", help="the path is from the repository's root")


def _listed(tree: str) -> Iterator[tuple[str, int, str, str]]:
    """Path, size in bytes, object name and mode of each file below the tree."""
    for line in _git("ls-tree", "-r", "-z", "--long", "--full-tree", tree).split("\0"):
        if line:
            about, _, path = line.partition("\t")
            mode, _, name, size = about.split()
            if ".." not in PurePosixPath(path).parts:
                yield path, 0 if size == "-" else int(size), name, mode


def _contents(names: list[str]) -> Iterator[bytes]:
    done = _run(("cat-file", "--batch"), "\n".join([*names, ""]).encode())
    position = 0
    for _ in names:
        end = done.index(b"\n", position)
        about = done[position:end].split()
        if len(about) != len(("name", "type", "size")):
            remedy = "this clone has only a part of the files, and they could not be fetched"
            raise CmpolicyError(Diagnostic("diff", "a file of the revision is missing here", help=remedy))
        size = int(about[2])
        yield done[end + 1 : end + 1 + size]
        position = end + 1 + size + 1


def merge_base(one: str, other: str) -> str:
    """The commit where two revisions parted. Raises `CmpolicyError` if none is known."""
    _need_commit(one)
    _need_commit(other)
    found = _asked("merge-base", one, other)
    if found is not None:
        return found
    shallow = _asked("rev-parse", "--is-shallow-repository") == "true"
    why = "this clone is shallow and does not reach back to it" if shallow else "they have no history in common"
    remedy = "`git fetch --unshallow`, or name what to compare with" if shallow else "name what to compare with"
    raise CmpolicyError(Diagnostic("diff", f"`{one}` and `{other}` have no merge base here: {why}", help=remedy))


def default_branch() -> str:
    """The branch that changes go to: what `origin/HEAD` points to, else `main` or `master`. Raises `CmpolicyError`."""
    if (named := _asked("rev-parse", "--abbrev-ref", "--verify", "--quiet", "origin/HEAD")) is not None:
        return named
    for name in (*DEFAULT_BRANCHES, *(f"origin/{name}" for name in DEFAULT_BRANCHES)):
        if _asked("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}") is not None:
            return name
    raise CmpolicyError(
        Diagnostic("diff", "no default branch is known here", help="name what to compare with: `cmpolicy diff REF`")
    )


def _asked(*arguments: str) -> str | None:
    """What Git prints; None if it fails or is not there."""
    try:
        return _run(arguments).decode().strip()
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None


def _git(*arguments: str) -> str:
    try:
        return os.fsdecode(_run(arguments))
    except subprocess.CalledProcessError as error:
        raise CmpolicyError(Diagnostic("diff", f"git: {_said(error)[-1]}")) from error
    except FileNotFoundError as error:
        raise CmpolicyError(Diagnostic("diff", "git is not installed", help="name folders or bundles")) from error


def _said(error: subprocess.CalledProcessError) -> list[str]:
    return os.fsdecode(error.stderr).strip().splitlines() or ["failed"]


def _refusal(*arguments: str) -> str:
    """What Git says against it; nothing if it has nothing against it, or is not there."""
    try:
        _run(arguments)
    except subprocess.CalledProcessError as error:
        return "\n".join(_said(error))
    except OSError:
        return ""
    return ""


def _run(arguments: tuple[str, ...], given: bytes | None = None) -> bytes:
    return subprocess.run(["git", *arguments], input=given, capture_output=True, check=True).stdout
