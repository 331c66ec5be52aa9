"""A bundle as `build` writes it and `pull` brings it: what it was built from, its rules, and every file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cmpolicy.bundle.record import FILE, RULES_FILE, Entry, Record, read_record, sha256
from cmpolicy.bundle.rules import RuleBook, earlier_rule_book, read_rule_book
from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.ir_json import DecodeError
from cmpolicy.oci.files import Named, OnDisk, not_as_built
from cmpolicy.oci.names import check_record
from cmpolicy.oci.store import telling
from cmpolicy.pipeline import Folder
from cmpolicy.targets.protocol import File


@dataclass(frozen=True, slots=True)
class Built:
    """A bundle: `bundle.json` and `rules.json`, read and as bytes, and the files of its targets by path."""

    record: Record
    book: RuleBook
    record_text: bytes
    rules_text: bytes
    files: Mapping[str, bytes]

    @property
    def targets(self) -> tuple[str, ...]:
        """The names of its targets, sorted."""
        return tuple(sorted(self.record.builds))

    def of(self, target: str) -> Mapping[str, bytes]:
        """The files of a target, by path below its folder."""
        start = f"{target}/"
        return Named(self.files, {path.removeprefix(start): path for path in self.files if path.startswith(start)})

    def folders(self) -> tuple[Folder, ...]:
        """The targets' folders, as `build` writes them."""
        rules = {entry.path: entry.rule for entry in self.record.files}
        return tuple(
            Folder(
                target,
                tuple(
                    File(path, text.decode(), rules[f"{target}/{path}"])
                    for path, text in sorted(self.of(target).items())
                ),
            )
            for target in self.targets
        )


def read_built(folder: Path) -> Built:
    """The bundle in this folder. Raises `CmpolicyError` if it is not as it was built; for a file, when that is read."""
    record = read_record(folder)
    if not record.builds or record.rules is None:
        remedy = "`cmpolicy build` writes one; `--from DIR` names the folder that it is in"
        raise CmpolicyError(Diagnostic("bundle", f"`{folder}` holds no bundle of this cmpolicy", help=remedy))
    with telling(str(folder)):
        check_record(record)
    rules = (folder / RULES_FILE).read_bytes()
    if sha256(rules) != record.rules:
        raise not_as_built(folder / RULES_FILE)
    files = OnDisk(folder, {entry.path: entry.sha256 for entry in record.files})
    return Built(record, _book(folder), (folder / FILE).read_bytes(), rules, files)


def differing(entries: Sequence[Entry], files: Mapping[str, bytes]) -> tuple[str, ...]:
    """The paths whose files are missing, or have another digest than the record says."""
    return tuple(each.path for each in entries if each.path not in files or sha256(files[each.path]) != each.sha256)


def _book(folder: Path) -> RuleBook:
    try:
        return read_rule_book(folder)
    except DecodeError as error:
        raise CmpolicyError(Diagnostic("bundle", f"`{folder / RULES_FILE}`: {error}", help="build it again")) from error


def only(built: Built, targets: Sequence[str]) -> Built:
    """The bundle of these of its targets; its record and rules are as if no other had been built."""
    if set(targets) == set(built.targets):
        return built
    used = {digest for target in targets for digest in built.book.targets.get(target, ())}
    book = RuleBook(
        {digest: rule for digest, rule in built.book.rules.items() if digest in used},
        {target: built.book.targets.get(target, ()) for target in targets},
    )
    rules = book.text().encode()
    record = Record(
        {target: built.record.builds[target] for target in targets},
        tuple(entry for entry in built.record.files if entry.target in targets),
        sha256(rules),
    )
    return Built(record, book, record.text().encode(), rules, _of(targets, built.files))


def _of(targets: Sequence[str], files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    return Named(files, {path: path for path in files if path.partition("/")[0] in targets})


def beside_earlier(built: Built, out: Path) -> tuple[str, str]:
    """`bundle.json` and `rules.json` of a folder that gets this bundle, and keeps what else it holds.

    They are the bundle's own, to the byte, where it holds nothing else.
    """
    earlier = read_record(out)
    if not earlier.builds.keys() - built.record.builds.keys():
        return built.record_text.decode(), built.rules_text.decode()
    rules = built.book.with_earlier(earlier_rule_book(out)).text()
    return replace(built.record, rules=sha256(rules.encode())).with_earlier(earlier).text(), rules
