"""Start a target: its folder, its tests, and its line in the table. A target is part of cmpolicy's own sources."""

from __future__ import annotations

from pathlib import Path
from string import Template

from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.scaffold import text
from cmpolicy.scaffold.rule import checked_name, write_new
from cmpolicy.targets import TARGETS

TABLE = Path("targets/__init__.py")
_TABLE_START = "TARGETS: Mapping[str, Entry] = {\n"
_TABLE_END = "\n}\n"


def new_target(name: str) -> tuple[Path, ...]:
    """Write the files of a new target in the clone that is the working folder, and enter it in the table."""
    kebab = checked_name(name)
    if kebab in TARGETS:
        raise CmpolicyError(Diagnostic("new", f"there is a target `{kebab}` already"))
    table = _with_entry(_read_table(), kebab)
    files = _files(kebab)
    write_new(files)
    TABLE.write_bytes(table.encode())
    return (*files, TABLE)


def _read_table() -> str:
    content = TABLE.read_text(encoding="utf-8") if TABLE.is_file() else ""
    if _TABLE_START not in content:
        remedy = "a target is part of cmpolicy itself: work in a clone of its repository"
        raise CmpolicyError(Diagnostic("new", f"there is no `{TABLE}` with the table of targets here", help=remedy))
    return content


def _with_entry(table: str, name: str) -> str:
    start = table.index(_TABLE_START)
    end = table.index(_TABLE_END, start) + 1
    return f'{table[:end]}    "{name}": Entry("cmpolicy.targets.{_module(name)}.package", (APPLY,)),\n{table[end:]}'


def _module(name: str) -> str:
    return name.replace("-", "_")


def _files(name: str) -> dict[Path, str]:
    module = _module(name)
    cls = "".join(map(str.capitalize, name.split("-")))
    folder = TABLE.parent / module
    templates = {
        folder / "__init__.py": f'"""The target `{name}`."""\n',
        folder / "package.py": text.TARGET,
        folder / "gaps.py": text.GAPS,
        folder / "README.md": text.README,
        Path(f"tests/targets/test_{module}.py"): text.TARGET_TEST,
    }
    return {path: Template(each).substitute(name=name, module=module, cls=cls) for path, each in templates.items()}
