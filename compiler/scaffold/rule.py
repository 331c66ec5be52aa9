"""Start a rule, and its pack if there is none yet."""

from __future__ import annotations

import keyword
import re
from pathlib import Path
from string import Template

from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.dsl import Pack
from cmpolicy.load import Loaded, load_pack, pack_folders
from cmpolicy.rule_checks import MAX_ID
from cmpolicy.scaffold import text
from cmpolicy.selection import LOCAL_PACKS

NAME = re.compile(r"[a-z][a-z0-9]*([_-][a-z0-9]+)*\Z")


def new_rule(name: str, pack: Path | None) -> tuple[str, tuple[Path, ...]]:
    """Write the files of a new rule; its id, and the files. Raises `CmpolicyError` if the name or pack will not do."""
    folder = pack or _only_local_pack()
    known = _pack(folder)
    prefix = known.prefix if known else folder.name.replace("_", "-")
    stem = checked_name(name).removeprefix(f"{prefix}-").replace("-", "_")
    rule_id = f"{prefix}-{stem.replace('_', '-')}"
    if len(rule_id) > MAX_ID:
        raise CmpolicyError(Diagnostic("new", f"`{rule_id}` is longer than {MAX_ID} characters"))
    files = {folder / f"{stem}.py": Template(text.RULE).substitute(id=rule_id, function=stem)}
    if known is None:
        title = folder.name.replace("_", " ").capitalize()
        files = {folder / "__init__.py": Template(text.PACK).substitute(prefix=prefix, title=title), **files}
    write_new(files)
    return rule_id, tuple(files)


def checked_name(name: str) -> str:
    """The name in kebab case. Raises `CmpolicyError` if it can name no file and function."""
    if not NAME.match(name) or keyword.iskeyword(name):
        remedy = "use lower-case words joined by dashes, such as `enough-replicas`"
        raise CmpolicyError(Diagnostic("new", f"`{name}` cannot be a name", help=remedy))
    return name.replace("_", "-")


def write_new(files: dict[Path, str]) -> None:
    """Write files that are not there yet. Raises `CmpolicyError`, and writes none, if one is."""
    if taken := [path for path in files if path.exists()]:
        raise CmpolicyError(*(Diagnostic("new", f"`{path}` is there already") for path in taken))
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode())


def _only_local_pack() -> Path:
    """The one pack in `./policies`, or one to be made there."""
    found = pack_folders(LOCAL_PACKS)
    if len(found) > 1:
        names = ", ".join(f"`{folder}`" for folder in found)
        raise CmpolicyError(Diagnostic("new", "there are several packs here", help=f"name one with `--pack`: {names}"))
    return found[0] if found else LOCAL_PACKS / "my_pack"


def _pack(folder: Path) -> Pack | None:
    """The pack in the folder, None if there is no folder. Raises `CmpolicyError` if the folder is something else."""
    if not folder.exists():
        checked_name(folder.name)
        return None
    loaded = load_pack(folder.absolute()) if pack_folders(folder) == (folder,) else Loaded(())
    if not loaded.packs:
        remedy = "name a pack's own folder, or one that is not there yet"
        raise CmpolicyError(*(loaded.diagnostics or (Diagnostic("new", f"`{folder}` is no pack", help=remedy),)))
    return loaded.packs[folder.absolute().name]
