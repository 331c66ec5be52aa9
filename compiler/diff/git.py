"""What a comparison asks of Git: which commit is meant, and the files of a folder in it. It changes no repository."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from cmpolicy.diagnostics import CmpolicyError, Diagnostic

MOST_BYTES = 2**26
"""What the files of a folder in a revision may hold together: more is no folder of rules."""
REGULAR = ("100644", "100755")
DEFAULT_BRANCHES = ("main", "master")


def split(spec: str) -> tuple[str, str]:
    """`REF:PATH` as the revision and the folder in the repository; without a path the folder that is like this one.

    `REF:./PATH` is from the working folder, as in Git.
    """
    ref, colon, path = spec.partition(":")
    _need_commit(ref)
    here = _git("rev-parse", "--show-prefix").strip().rstrip("/")
    if not colon:
        return ref, "/".join(filter(None, (here, "policies"))) if _has_folder(ref, here, "policies") else here
    if path.startswith(("./", "../")) or path == ".":
        path = _normal("/".join(filter(None, (here, path))))
    return ref, path.strip("/")


def _has_folder(ref: str, here: str, name: str) -> bool:
    return _asked("cat-file", "-e", f"{ref}:{'/'.join(filter(None, (here, name)))}") is not None


def _normal(path: str) -> str:
    kept: list[str] = []
    for part in PurePosixPath(path).parts:
        if part == ".." and kept:
            kept.pop()
        elif part not in (".", ".."):
            kept.append(part)
    return "/".join(kept)


def _need_commit(ref: str) -> None:
    if _asked("rev-parse", "--show-toplevel") is None:
        remedy = "no Git repository is around the working folder; name a folder of rules or a bundle"
        raise CmpolicyError(Diagnostic("diff", f"`{ref}` is no folder, and no revision either", help=remedy))
    if not ref or ref.startswith("-") or _asked("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}") is None:
        remedy = "`git fetch` may bring it; a folder must be there, and a revision be one that `git rev-parse` knows"
        raise CmpolicyError(Diagnostic("diff", f"there is no folder and no revision `{ref}`", help=remedy))


def root() -> Path | None:
    """The root of the repository around the working folder; None if there is none."""
    found = _asked("rev-parse", "--show-toplevel")
    return Path(found) if found else None


def extract(ref: str, path: str, into: Path) -> None:
    """Write the regular files below the folder in the revision. Raises `CmpolicyError` if the folder is not there.

    They are read as they were committed: no filter, attribute or link of the repository has a say.
    """
    tree = f"{ref}^{{commit}}" if not path else f"{ref}:{path}"
    if _asked("cat-file", "-t", tree if path else ref) not in ("tree", "commit", "tag"):
        raise CmpolicyError(
            Diagnostic("diff", f"there is no folder `{path}` in `{ref}`", help="the path is from the repository's root")
        )
    listed = list(_listed(tree))
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


def _listed(tree: str) -> Iterator[tuple[str, int, str]]:
    """Path, size and object name of each regular file below the tree."""
    for line in _git("ls-tree", "-r", "-z", "--long", "--full-tree", tree).split("\0"):
        if line:
            about, _, path = line.partition("\t")
            mode, _, name, size = about.split()
            if mode in REGULAR and ".." not in PurePosixPath(path).parts:
                yield path, int(size), name


def _contents(names: list[str]) -> Iterator[bytes]:
    done = _run(("cat-file", "--batch"), "\n".join([*names, ""]).encode())
    position = 0
    for _ in names:
        end = done.index(b"\n", position)
        size = int(done[position:end].split()[2])
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
        return _run(arguments).decode()
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().splitlines()
        raise CmpolicyError(Diagnostic("diff", f"git: {said[-1] if said else 'failed'}")) from error
    except FileNotFoundError as error:
        raise CmpolicyError(Diagnostic("diff", "git is not installed", help="name folders or bundles")) from error


def _run(arguments: tuple[str, ...], given: bytes | None = None) -> bytes:
    return subprocess.run(["git", *arguments], input=given, capture_output=True, check=True).stdout
