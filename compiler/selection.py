"""What a command works on: packs by name or folder, rules by id, parameters from a values file."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cmpolicy import ir
from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.evaluate import Verdict, judge_example
from cmpolicy.fields.index import suggest
from cmpolicy.load import Loaded, built_in_packs, load_packs, pack_folders, stray_rules
from cmpolicy.passes import set_parameters

LOCAL_PACKS = Path("policies")


@dataclass(frozen=True, slots=True)
class Selection:
    """What the user asked for. Nothing named is everything: the packs in `./policies`, or else the built-in ones.

    Rules that are named are meant whatever their profiles.
    """

    packs: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    values: Path | None = None

    def listing(self) -> str:
        """The command that lists the rules of these packs."""
        return shlex.join(["cmpolicy", "list", *(word for pack in self.packs for word in ("--pack", pack))])


def load_selection(selection: Selection, *, processes: int = 1) -> Loaded:
    """The selected rules with the values of this run as their parameters' defaults, and what was wrong with others.

    Raises `CmpolicyError` for an unknown pack, rule or profile, and for a values file that cannot be read.
    """
    return select(load_found(selection.packs, processes=processes), selection)


def load_found(wanted: Sequence[str], *, processes: int = 1) -> Loaded:
    """The packs that are wanted. Raises `CmpolicyError` for an unknown one, and for rules in no pack.

    The packs that come with cmpolicy are proven by its own tests, but where they are in `./policies` they are written.
    """
    proven = frozenset(built_in_packs()) - frozenset(_local_packs())
    return load_packs(find_packs(wanted), proven=proven, processes=processes)


def select(loaded: Loaded, selection: Selection) -> Loaded:
    """What is selected of these rules, likewise."""
    kept = keep_rules(loaded, selection)
    if selection.values is None:
        return replace(loaded, rules=kept)
    from cmpolicy.values_file import read_values

    values = read_values(selection.values)
    rules = tuple(with_values(rule, values.of(rule)) for rule in kept)
    return replace(loaded, rules=rules, diagnostics=(*loaded.diagnostics, *values.check(loaded.rules)))


def with_values(rule: ir.Rule, values: Mapping[str, ir.Constant]) -> ir.Rule:
    """The rule with other defaults. Its examples were written for the old ones: each goes where its verdict now is."""
    if not values:
        return rule
    changed = set_parameters(rule, values)
    examples = (*rule.about.good, *rule.about.bad)
    bad = tuple(example for example in examples if judge_example(changed, example).verdict is Verdict.FAIL)
    good = tuple(example for example in examples if example not in bad)
    return replace(changed, about=replace(changed.about, good=good, bad=bad))


def find_packs(wanted: Sequence[str]) -> tuple[Path, ...]:
    """The folders of the packs that are wanted. Raises `CmpolicyError` for an unknown one, and for rules in no pack."""
    if wanted:
        return tuple(dict.fromkeys(folder for each in wanted for folder in _find_pack(each)))
    if strays := stray_rules(LOCAL_PACKS.absolute()):
        raise CmpolicyError(*strays)
    return _local_packs() or built_in_packs()


def _local_packs() -> tuple[Path, ...]:
    return pack_folders(LOCAL_PACKS.absolute())


def _find_pack(wanted: str) -> tuple[Path, ...]:
    """A known pack of this name, else the packs in the folder of this name."""
    known = {folder.name: folder for folder in (*built_in_packs(), *_local_packs())}
    if wanted in known:
        return (known[wanted],)
    folder = Path(wanted)
    if found := pack_folders(folder.absolute()):
        return found
    if folder.is_dir():
        raise CmpolicyError(
            Diagnostic("pack", f"`{wanted}` holds no pack", help="a pack is a folder whose `__init__.py` sets `PACK`")
        )
    raise CmpolicyError(unknown("pack", wanted, known, otherwise="or name a folder that holds packs"))


def keep_rules(loaded: Loaded, selection: Selection) -> tuple[ir.Rule, ...]:
    """The rules that are asked for. Raises `CmpolicyError` for those that there are not or are broken."""
    return _named(loaded, selection) if selection.rules else _in_profiles(loaded, selection)


def _in_profiles(loaded: Loaded, selection: Selection) -> tuple[ir.Rule, ...]:
    """The rules that are in one of these profiles; all if none is named.

    Raises `CmpolicyError` where a pack is named none of whose rules is: to find nothing wrong would be no answer.
    """
    profiles = selection.profiles
    if missing := [name for name in profiles if name not in loaded.profiles and not loaded.unread]:
        raise CmpolicyError(*loaded.diagnostics, *(unknown("profile", name, loaded.profiles) for name in missing))
    kept = tuple(rule for rule in loaded.rules if not profiles or set(profiles) & set(rule.about.profiles))
    used = {rule.about.pack for rule in kept}
    if unused := [name for name in selection.packs if not _names_of(name) & used and _of(name, loaded)]:
        raise CmpolicyError(*loaded.diagnostics, *(_in_none(name, _of(name, loaded), profiles) for name in unused))
    return kept


def _names_of(wanted: str) -> set[str]:
    return {folder.name for folder in _find_pack(wanted)}


def _of(wanted: str, loaded: Loaded) -> list[ir.Rule]:
    return [rule for rule in loaded.rules if rule.about.pack in _names_of(wanted)]


def _in_none(wanted: str, rules: Iterable[ir.Rule], profiles: Sequence[str]) -> Diagnostic:
    has = ", ".join(f"`{name}`" for name in sorted({name for rule in rules for name in rule.about.profiles}))
    asked = " or ".join(f"`{name}`" for name in profiles)
    return Diagnostic("profile", f"no rule of `{wanted}` is in {asked}", help=f"`--profile` takes {has} for it")


def _named(loaded: Loaded, selection: Selection) -> tuple[ir.Rule, ...]:
    wanted, by_id = selection.rules, {rule.id: rule for rule in loaded.rules}
    if missing := [name for name in wanted if name not in by_id]:
        known, listing = {*by_id, *loaded.broken}, selection.listing()
        lacking = [unknown("rule", name, known, listing=listing) for name in missing if loaded.lacks(name)]
        raise CmpolicyError(*loaded.diagnostics, *lacking)
    return tuple(rule for rule in loaded.rules if rule.id in wanted)


def unknown(
    what: str, name: str, known: Iterable[str], otherwise: str = "", listing: str = "cmpolicy list"
) -> Diagnostic:
    """The diagnostic for a name that nothing has: what the user most likely meant, else what there is.

    `otherwise` is one more way out; `listing` the command that shows the names if they are many.
    """
    names = sorted(known)
    close = suggest(name, names)
    remedy = f"did you mean `{close}`?" if close else ", ".join(filter(None, (_known(what, names, listing), otherwise)))
    return Diagnostic(what, f"there is no {what} `{name}`", help=remedy)


MOST_NAMES = 10


def _known(what: str, names: Sequence[str], listing: str) -> str:
    if not names:
        return ""
    if len(names) > MOST_NAMES:
        return f"`{listing}` shows them all"
    return f"the {what}s are {', '.join(f'`{name}`' for name in names)}"
