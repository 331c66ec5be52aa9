"""Load packs of rules by path. A broken rule never hides the others: every problem is a diagnostic."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from types import ModuleType, TracebackType

from cmpolicy import ir
from cmpolicy.beside import MANY, spread
from cmpolicy.diagnostics import Diagnostic
from cmpolicy.dsl.errors import AuthorError, instruction_position
from cmpolicy.dsl.python_errors import told
from cmpolicy.dsl.rule import Pack, RuleDefinition
from cmpolicy.dsl.trace import trace
from cmpolicy.rule_checks import check_profiles, check_rule, check_together
from cmpolicy.source import RuleSource, explain_decision, read_source
from cmpolicy.values import JsonMap

_numbers = count()
FILES = "[!_]*.py"


@dataclass(frozen=True, slots=True)
class Loaded:
    """Rules sorted by pack and id, and what was wrong with the others.

    `broken` are the ids of rules that are there and cannot be used; where a pack is `unread`, nobody knows which there are.
    """

    rules: tuple[ir.Rule, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    packs: Mapping[str, Pack] | None = None
    broken: frozenset[str] = frozenset()
    unread: bool = False

    @property
    def profiles(self) -> tuple[str, ...]:
        """The names of the profiles that the packs have, sorted."""
        declared = (name for pack in (self.packs or {}).values() for name in pack.profiles)
        return tuple(sorted({ir.DEFAULT_PROFILE, *declared}))

    @property
    def versions(self) -> dict[str, str]:
        """The versions that packs declare, by the name of the pack, sorted."""
        packs = self.packs or {}
        return {name: packs[name].version for name in sorted(packs) if packs[name].version}

    def lacks(self, rule_id: str) -> bool:
        """Whether there is surely no rule of this id, not even a broken one."""
        known = rule_id in self.broken or any(rule.id == rule_id for rule in self.rules)
        return not (known or self.unread)


def built_in_packs() -> tuple[Path, ...]:
    """The folders of the packs that come with cmpolicy."""
    import cmpolicy.policies

    return pack_folders(Path(cmpolicy.policies.__path__[0]))


def pack_folders(folder: Path) -> tuple[Path, ...]:
    """The packs in a folder: its sub-folders that have an `__init__.py`, or itself if it is one."""
    if _is_pack(folder):
        return (folder,)
    return tuple(sorted(child for child in folder.iterdir() if _is_pack(child))) if folder.is_dir() else ()


def _rule_files(found: Iterable[Path], folder: Path) -> Iterator[Path]:
    """Those that are files, and are not hidden, as an editor's or a notebook's own are, nor in a hidden folder."""
    for file in found:
        is_hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
        if file.is_file() and not is_hidden:
            yield file


def stray_rules(folder: Path) -> tuple[Diagnostic, ...]:
    """An error for each folder in this one that holds rules and is no pack: they would be passed over in silence."""
    files = sorted(file for file in _rule_files(folder.rglob(FILES), folder) if b"@rule" in file.read_bytes())
    strays = dict.fromkeys(file.parent for file in files if not _is_pack(file.parent))
    remedy = 'add an `__init__.py` with `PACK = Pack(prefix="my", title="My rules", category="Best practices")`'
    return tuple(Diagnostic("pack", "rules in a folder that is no pack", str(stray), help=remedy) for stray in strays)


def _is_pack(folder: Path) -> bool:
    init = folder / "__init__.py"
    return init.is_file() and b"PACK" in init.read_bytes()


@dataclass(frozen=True, slots=True)
class _Opened:
    """A pack whose `__init__.py` was run, as the package of this name."""

    folder: Path
    package: str
    pack: Pack

    @property
    def files(self) -> Sequence[Path]:
        """The files of its rules: each `.py` file in its folder whose name starts with no underscore and no dot."""
        return sorted(_rule_files(self.folder.glob(FILES), self.folder))


def load_pack(folder: Path, *, proven: bool = False) -> Loaded:
    """The rules of one pack, likewise."""
    return load_packs([folder], proven=[folder] if proven else [])


def load_packs(folders: Iterable[Path], *, proven: Collection[Path] = (), processes: int = 1) -> Loaded:
    """Every rule of these packs.

    Their examples are judged, and all of `rule_checks` is asked, unless a test has `proven` that nothing is wrong with a
    pack. Several processes load what is proven: of others an author wants to see what they print.
    """
    opened = [_open(folder, folder in proven) for folder in folders]
    packs = [each for each in opened if isinstance(each, _Opened)]
    files = [(each, path) for each in packs for path in each.files]
    is_proven = all(each.folder in proven for each in packs)
    loaded = spread(
        lambda file: _load_rule(*file, file[0].folder in proven),
        files,
        processes=min(processes, len(files) // MANY) if is_proven else 1,
    )
    rules = sorted((each for each in loaded if isinstance(each, ir.Rule)), key=lambda rule: (rule.about.pack, rule.id))
    wrong = [(each, path, found) for (each, path), found in zip(files, loaded, strict=True) if isinstance(found, tuple)]
    unread = [each for each in opened if isinstance(each, Diagnostic)]
    first_of_id = {rule.id.lower(): rule for rule in reversed(rules)}
    return Loaded(
        tuple(rule for rule in rules if first_of_id[rule.id.lower()] is rule),
        (*unread, *(problem for _, _, problems in wrong for problem in problems), *check_together(rules)),
        {each.folder.name: each.pack for each in packs},
        frozenset(_rule_id(each.pack, path) for each, path, _ in wrong),
        unread=bool(unread),
    )


def _open(folder: Path, proven: bool) -> _Opened | Diagnostic:
    name = f"cmpolicy_pack_{next(_numbers)}_{folder.name}"
    with _running(proven):
        package = _import(name, folder / "__init__.py", [str(folder)])
    if isinstance(package, Diagnostic):
        return package
    pack = getattr(package, "PACK", None)
    if isinstance(pack, Pack):
        return _Opened(folder, name, pack)
    remedy = 'write `PACK = Pack(prefix="my", title="My rules", category="Best practices")`'
    return Diagnostic("pack", "`PACK` is missing", str(folder / "__init__.py"), 1, 1, help=remedy)


def _rule_id(pack: Pack, path: Path) -> str:
    return f"{pack.prefix}-{path.stem.replace('_', '-')}"


def _load_rule(opened: _Opened, path: Path, proven: bool) -> ir.Rule | tuple[Diagnostic, ...]:
    with _running(proven):
        return _loaded_rule(opened, path, proven)


def _loaded_rule(opened: _Opened, path: Path, proven: bool) -> ir.Rule | tuple[Diagnostic, ...]:
    module = _import(f"{opened.package}.{path.stem}", path)
    if isinstance(module, Diagnostic):
        return (module,)
    found = [value for value in vars(module).values() if isinstance(value, RuleDefinition)]
    definitions = [each for each in found if each.function.__module__ == module.__name__]
    if len(definitions) != 1:
        what = "no rule" if not definitions else f"{len(definitions)} rules"
        return (Diagnostic("file", f"{what} in this file", str(path), 1, help="a file holds exactly one `@rule`"),)
    source = read_source(path, definitions[0].function.__name__)
    rule = _trace(definitions[0], opened.pack, source)
    if proven or not isinstance(rule, ir.Rule):
        return rule
    return (*check_profiles(rule, opened.pack.profiles, source), *check_rule(rule, source)) or rule


def _trace(definition: RuleDefinition, pack: Pack, source: RuleSource) -> ir.Rule | tuple[Diagnostic, ...]:
    about = ir.About(
        severity=definition.severity,
        pack=Path(source.file).parent.name,
        category=definition.category or pack.category,
        remedy=definition.remedy,
        controls=definition.controls,
        sources=definition.sources,
        docs=definition.docs or pack.docs,
        profiles=definition.profiles,
        manifest_only=definition.manifest_only,
        good=_examples(definition.good),
        bad=_examples(definition.bad),
        condition_source=source.condition,
        location=ir.Location(source.file, source.line),
    )
    try:
        return trace(definition, _rule_id(pack, Path(source.file)), about)
    except AuthorError as error:
        return (_placed(error.diagnostic, source),)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        return (_python_error(error, Path(source.file)),)


def _examples(given: Iterable[JsonMap | ir.Example]) -> tuple[ir.Example, ...]:
    return tuple(each if isinstance(each, ir.Example) else ir.Example(each) for each in given)


def _placed(diagnostic: Diagnostic, source: RuleSource) -> Diagnostic:
    """The diagnostic at a place in the author's file; a message's expressions have none of their own."""
    if not Path(diagnostic.file).is_file() or Path(diagnostic.file).parent != Path(source.file).parent:
        keyword = "message" if diagnostic.code in ("message", "field", "operator") else "return"
        line, column = source.keyword(keyword)
        return replace(diagnostic, file=source.file, line=line, column=column, end_column=0)
    return explain_decision(diagnostic) if diagnostic.code in ("truth", "loop") else diagnostic


@contextmanager
def _running(proven: bool) -> Iterator[None]:
    """Where an author's code runs. What it prints is no part of a report.

    Bytecode is written of proven packs alone: by the file's size and the second of its last change Python tells whether it
    is of the file, and a file may change twice in a second.
    """
    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = before or not proven
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        sys.dont_write_bytecode = before


def _import(name: str, path: Path, search: list[str] | None = None) -> ModuleType | Diagnostic:
    spec = importlib.util.spec_from_file_location(name, path, submodule_search_locations=search)
    assert spec is not None, path
    assert spec.loader is not None, path
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except AuthorError as error:
        return error.diagnostic
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        return _python_error(error, path)
    return module


def _python_error(error: BaseException, path: Path) -> Diagnostic:
    """An ordinary Python exception as a diagnostic at the author's innermost line."""
    if isinstance(error, SyntaxError) and Path(error.filename or path).is_file():  # a text that is evaluated is none
        end, where = error.end_offset or 0, error.filename or str(path)
        return Diagnostic("syntax", error.msg, where, error.lineno or 1, error.offset or 1, end)
    if isinstance(error, OSError | UnicodeDecodeError | ValueError) and error.__traceback__ is None:
        return Diagnostic("file", str(error), str(path), 1)
    line, column, end_column = _innermost(error.__traceback__, path)
    code, message, remedy = told(error)
    return Diagnostic(code, message, str(path), line, column, end_column, remedy)


def _innermost(traceback: TracebackType | None, path: Path) -> tuple[int, int, int]:
    place = (1, 1, 0)
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == str(path):
            place = instruction_position(traceback.tb_frame, traceback.tb_lasti)
        traceback = traceback.tb_next
    return place
