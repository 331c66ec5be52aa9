"""A side of a comparison: the rules of a folder, of a bundle, published or not, or of either in a Git revision."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from cmpolicy import ir
from cmpolicy.bundle.record import FILE, RULES_FILE, Record, read_record
from cmpolicy.bundle.rules import RuleBook, read_rule_book
from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.diff import child, git
from cmpolicy.ir_json import DecodeError
from cmpolicy.load import Loaded, load_packs, pack_folders
from cmpolicy.oci.opened import Access, opened, version_of
from cmpolicy.oci.pulled import read_about, read_bundle
from cmpolicy.oci.reference import Reference, is_reference, parse
from cmpolicy.paths import display_path
from cmpolicy.selection import LOCAL_PACKS, load_found, with_values
from cmpolicy.values_file import ValuesFile, read_values


@dataclass(frozen=True, slots=True)
class Side:
    """The rules of a side, per target if its targets were built from different ones; None is every target.

    `enforce` says per target whether failures are blocked, where the side tells. `broken` are the ids of rules that are
    there and cannot be compared; where it is `unread`, nobody knows which there are. `versions` are those
    that packs declare.
    """

    name: str
    rules: Mapping[str | None, Mapping[str, ir.Rule]]
    problems: tuple[Diagnostic, ...] = ()
    enforce: Mapping[str, bool] | None = None
    broken: frozenset[str] = frozenset()
    unread: bool = False
    versions: Mapping[str, str] = field(default_factory=dict)

    def of(self, target: str) -> Mapping[str, ir.Rule]:
        """The rules that this target is built from, by id; none if the bundle has not the target."""
        return self.rules[None] if None in self.rules else self.rules.get(target, {})

    def has(self, target: str) -> bool:
        """Whether the side says anything of the target."""
        return None in self.rules or target in self.rules

    def lacks(self, rule_id: str) -> bool:
        """Whether there is surely no rule of this id."""
        return not self.unread and rule_id not in self.broken


def set_values(old: Side, new: Side, file: Path) -> tuple[Side, Side]:
    """Both sides with the parameters of their rules set as `build --values` sets them; those of a bundle were set before.

    A problem of the file is one for every side that has rules: an entry may be about what only one of them has. Raises
    `CmpolicyError` if the file cannot be read, and if both sides are bundles.
    """
    settable = [side for side in (old, new) if None in side.rules]
    if not settable:
        remedy = "both sides are bundles: build them with `--values`"
        raise CmpolicyError(Diagnostic("values", "there is no parameter left to set", help=remedy))
    values = read_values(file)
    wrong = [values.check([*side.rules[None].values()]) for side in settable]
    everywhere = set.intersection(*({(each.line, each.message) for each in found} for found in wrong))
    problems = tuple(each for each in wrong[-1] if (each.line, each.message) in everywhere)
    before, after = (_set(side, values) if None in side.rules else side for side in (old, new))
    return replace(before, problems=(*before.problems, *problems)), after


def _set(side: Side, values: ValuesFile) -> Side:
    rules = {name: with_values(rule, values.of(rule)) for name, rule in side.rules[None].items()}
    return replace(side, rules={None: rules})


def read_side(spec: str) -> Side:
    """The side that a user names: a published bundle, a folder that is there, else `REF` or `REF:PATH` of the repository.

    Raises `CmpolicyError` if it is none of them.
    """
    if is_reference(spec):
        return _published(parse(spec), spec)
    if Path(spec).is_dir():
        return read_folder(Path(spec), spec)
    if Path(spec).exists():
        problem = Diagnostic(
            "diff", f"`{spec}` is a file", help="name the folder of rules, or the bundle, that it is in"
        )
        raise CmpolicyError(problem)
    return read_revision(spec)


def _published(reference: Reference, name: str) -> Side:
    """The rules of a published bundle, of which nothing else is read."""
    with opened(reference, Access()) as store:
        about = read_about(store, read_bundle(store, version_of(reference, store)))
    return _of_book(about.book, about.record, RULES_FILE, name)


def working_side() -> Side:
    """The rules that a build here takes: those in `./policies`, or else the built-in ones."""
    return _loaded("working tree", load_found(()))


def read_folder(folder: Path, name: str) -> Side:
    """The rules of a folder: a bundle if it is one, else packs, whose code is run here as `build` runs it."""
    if (folder / FILE).is_file() or (folder / RULES_FILE).is_file():
        return _bundle(folder, name)
    if packs := pack_folders(folder.absolute()):
        return _loaded(name, load_packs(packs))
    if packs := pack_folders(folder.absolute() / LOCAL_PACKS):
        return _loaded(name, load_packs(packs))
    remedy = f"a folder of packs, one with `policies/`, or one that `cmpolicy build` wrote, with its `{RULES_FILE}`"
    raise CmpolicyError(Diagnostic("diff", f"`{name}` holds neither rules nor a bundle", help=f"name {remedy}"))


def _loaded(name: str, loaded: Loaded) -> Side:
    rules = {rule.id: _shown(rule) for rule in loaded.rules}
    return Side(name, {None: rules}, loaded.diagnostics, None, loaded.broken, loaded.unread, loaded.versions)


def _shown(rule: ir.Rule) -> ir.Rule:
    place = rule.about.location
    if place is None:
        return rule
    return replace(rule, about=replace(rule.about, location=replace(place, file=display_path(place.file))))


def _bundle(folder: Path, name: str) -> Side:
    try:
        book = read_rule_book(folder)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        remedy = "an earlier cmpolicy built it, which wrote no rules: build it again"
        problem = Diagnostic("bundle", f"`{folder / RULES_FILE}`: {reason}", help=remedy)
        raise CmpolicyError(problem) from error
    except DecodeError as error:
        remedy = "build it again with this cmpolicy, or compare with the cmpolicy that built it"
        raise CmpolicyError(Diagnostic("bundle", f"`{folder / RULES_FILE}`: {error}", help=remedy)) from error
    return _of_book(book, read_record(folder), str(folder / RULES_FILE), name)


def _of_book(book: RuleBook, record: Record, file: str, name: str) -> Side:
    decoded = book.decoded
    rules: dict[str | None, Mapping[str, ir.Rule]] = {
        target: {rule.id: rule for digest in digests if isinstance(rule := decoded[digest], ir.Rule)}
        for target, digests in book.targets.items()
    }
    wrong = [digest for digest, rule in decoded.items() if isinstance(rule, DecodeError)]
    problems = tuple(
        Diagnostic("bundle", f"a rule of `{file}`: {decoded[digest]}", help="it is not compared") for digest in wrong
    )
    broken = frozenset(_id_of(book.rules[digest]) for digest in wrong)
    enforce = {target: build.enforce for target, build in record.builds.items()}
    return Side(name, rules, problems, enforce, broken, unread=not rules, versions=book.versions)


def _id_of(line: str) -> str:
    rule = json.loads(line)
    found = rule.get("id") if isinstance(rule, dict) else None
    return found if isinstance(found, str) else ""


def read_revision(spec: str) -> Side:
    """The rules in a Git revision: `REF`, where the rules of the working folder are, or `REF:PATH`.

    A bundle is read; the code of packs is run in a process of its own (`child.py`).
    """
    ref, path = git.split(spec)
    with _extracted(ref, path) as (folder, links):
        if (folder / FILE).is_file() or (folder / RULES_FILE).is_file():
            return _bundle(folder, spec)
        packs = pack_folders(folder) or pack_folders(folder / LOCAL_PACKS)
        if not packs:
            where = f"`{path}` in `{ref}`" if path else f"`{ref}`"
            remedy = "name the folder of the rules, as in `main:policies`"
            raise CmpolicyError(Diagnostic("diff", f"{where} holds neither rules nor a bundle", help=remedy))
        found = child.load(packs, folder)
        unfollowed = [link for link in links if _may_be_rules(folder / link, packs)]
    side = of_child(found, spec, path)
    problems = tuple(_unfollowed(spec, "/".join(filter(None, (path, link)))) for link in unfollowed)
    return replace(side, problems=(*side.problems, *problems), unread=side.unread or bool(unfollowed))


def _may_be_rules(link: Path, packs: Sequence[Path]) -> bool:
    """Whether a rule of a pack would be there, or a pack beside the others, were it followed."""
    if link.suffix == ".py":
        return link.parent in packs
    return not link.suffix and link.parent in {pack.parent for pack in packs}


def _unfollowed(spec: str, path: str) -> Diagnostic:
    message = "a link or a submodule, which is not followed in a revision: rules that it leads to are not compared"
    return Diagnostic("diff", message, f"{spec.partition(':')[0]}:{path}", help="compare two folders")


@contextmanager
def _extracted(ref: str, path: str) -> Iterator[tuple[Path, tuple[str, ...]]]:
    with TemporaryDirectory(prefix="cmpolicy-diff-") as made:
        # Where the system's folder for temporary files is a link, places would not be found below it.
        folder = Path(made).resolve() / (Path(path).name or "revision")
        folder.mkdir()
        yield folder, git.extract(ref, path, folder)


def of_child(found: child.Found, spec: str, path: str) -> Side:
    """The side of rules that another process loaded: `path` is where their packs are, as people know it."""

    def shown(file: str) -> str:
        return "/".join(filter(None, (path, file)))

    rules = {rule.id: rule for rule in found.rules}
    placed = {
        rule_id: replace(rule, about=replace(rule.about, location=_moved(rule.about.location, shown)))
        for rule_id, rule in rules.items()
    }
    problems = tuple(
        replace(each, file=f"{spec.partition(':')[0]}:{shown(each.file)}" if each.file else "")
        for each in found.problems
    )
    return Side(spec, {None: placed}, problems, None, found.broken, found.unread, found.versions)


def _moved(place: ir.Location | None, shown: Callable[[str], str]) -> ir.Location | None:
    return None if place is None else replace(place, file=shown(place.file))
