"""What a pack's source recommends, statement by statement, and the rules that stand for it: `source.yaml` of a pack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap

from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.fields.index import suggest
from cmpolicy.manifests import read_file
from cmpolicy.values import Json, JsonMap
from cmpolicy.yaml.chunks import Chunk
from cmpolicy.yaml.places import position
from cmpolicy.yaml.reader import Document, read_text

FILE = "source.yaml"
PLANNED = "planned"
WIDTH = 110


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that the source recommends, in our words: the rules that stand for it, or the reason why none does."""

    says: str
    rules: tuple[str, ...]
    reason: str = ""
    note: str = ""
    """What the rules do not say of it."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the source, in its order, and a link to it."""

    name: str
    link: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A pack's source; `planned` are rules that it names and that are not written yet."""

    pack: str
    title: str
    link: str
    sections: tuple[Section, ...]
    planned: frozenset[str]

    @property
    def statements(self) -> tuple[tuple[Section, Statement], ...]:
        """Every statement with its section."""
        return tuple((section, each) for section in self.sections for each in section.statements)

    def about(self, rules: Sequence[str]) -> Source:
        """What the source says about these rules alone."""
        kept = (
            Section(section.name, section.link, tuple(each for each in section.statements if {*each.rules} & {*rules}))
            for section in self.sections
        )
        sections = tuple(section for section in kept if section.statements)
        return Source(self.pack, self.title, self.link, sections, self.planned)


def read_sources(folders: Iterable[Path]) -> tuple[Source, ...]:
    """The sources of those of these packs that have one. Raises `CmpolicyError` for one that cannot be read."""
    return tuple(_read(folder / FILE) for folder in folders if (folder / FILE).is_file())


def _read(path: Path) -> Source:
    text = read_file(str(path))
    if isinstance(text, Diagnostic):
        raise CmpolicyError(text)
    documents = list(read_text(text, str(path)))
    if problems := [each for each in documents if isinstance(each, Diagnostic)]:
        raise CmpolicyError(*problems)
    match documents:
        case [Document(Mapping() as value, chunk)]:
            return _source(value, chunk)
        case _:
            raise CmpolicyError(Diagnostic("source", "the file is not one map", str(path), 1))


def _source(value: JsonMap, chunk: Chunk) -> Source:
    reader = _Reader(chunk)
    link = reader.text(value, "/link")
    sections = tuple(
        Section(
            reader.text(section, f"{at}/section"),
            _link(section, at, link, reader),
            tuple(_statement(each, where, reader) for each, where in reader.maps(section, f"{at}/statements")),
        )
        for section, at in reader.maps(value, "/sections")
    )
    pack = Path(chunk.file).parent.name
    planned = frozenset(reader.texts(value, "/planned"))
    return Source(pack, reader.text(value, "/title"), link, sections, planned)


def _link(section: JsonMap, at: str, source: str, reader: _Reader) -> str:
    """A section's own link where it stands in another document, else the source's with its anchor."""
    if "link" in section:
        return reader.text(section, f"{at}/link")
    return f"{source}#{reader.text(section, f'{at}/anchor')}"


def _statement(value: JsonMap, at: str, reader: _Reader) -> Statement:
    optional = {key: reader.text(value, f"{at}/{key}") for key in ("reason", "note") if key in value}
    rules = tuple(reader.texts(value, f"{at}/rules"))
    if bool(rules) == ("reason" in optional):
        raise reader.wrong(at, "a statement has rules, or a reason why it has none", "write one of the two")
    return Statement(reader.text(value, f"{at}/says"), rules, **optional)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads fields by JSON pointer; what is of another shape is a `CmpolicyError` at its place."""

    chunk: Chunk

    def text(self, parent: JsonMap, pointer: str) -> str:
        value = parent.get(_last(pointer))
        if not isinstance(value, str) or not value:
            raise self.wrong(pointer, f"`{_last(pointer)}` is no text", "write a sentence, in quotes if need be")
        return value

    def texts(self, parent: JsonMap, pointer: str) -> list[str]:
        value = parent.get(_last(pointer), [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self.wrong(pointer, f"`{_last(pointer)}` is no list of rule ids", "write `[cm-a, cm-b]`")
        return [str(each) for each in value]

    def maps(self, parent: JsonMap, pointer: str) -> Iterator[tuple[JsonMap, str]]:
        value: Json = parent.get(_last(pointer))
        for number, each in enumerate(value if isinstance(value, list) else [None]):
            if not isinstance(each, Mapping):
                raise self.wrong(pointer, f"`{_last(pointer)}` is no list of maps", "see the packs that have a source")
            yield each, f"{pointer}/{number}"

    def wrong(self, pointer: str, message: str, remedy: str) -> CmpolicyError:
        line, column = position(self.chunk, pointer)
        return CmpolicyError(Diagnostic("source", message, self.chunk.file, line, column, help=remedy))


def _last(pointer: str) -> str:
    return pointer.rpartition("/")[2]


def strangers(source: Source, known: Iterable[str]) -> tuple[Diagnostic, ...]:
    """An error for each rule that the source names, that is not there and not planned."""
    ids = sorted(known)
    named = dict.fromkeys(rule for _, each in source.statements for rule in each.rules)
    return tuple(
        Diagnostic(
            "source", f"the source of `{source.pack}` names a rule `{rule}` that there is not", help=_meant(rule, ids)
        )
        for rule in named
        if rule not in ids and rule not in source.planned
    )


def _meant(rule: str, ids: Sequence[str]) -> str:
    close = suggest(rule, ids)
    return f"did you mean `{close}`?" if close else f"write the rule, or name it under `{PLANNED}` in {FILE}"


def marked(source: Source, rule: str) -> str:
    """The rule's id, told apart if it is not written yet."""
    return f"{rule} ({PLANNED})" if rule in source.planned else rule


def as_json(source: Source) -> list[JsonMap]:
    """An entry for every statement."""
    return [
        {
            "pack": source.pack,
            "section": section.name,
            "link": section.link,
            "says": each.says,
            "rules": [rule for rule in each.rules if rule not in source.planned],
            "planned": [rule for rule in each.rules if rule in source.planned],
            "reason": each.reason,
            "note": each.note,
        }
        for section, each in source.statements
    ]


def source_lines(source: Source) -> Iterator[str]:
    """The source for people: its sections, what each says, and below it the rules or the reason."""
    yield f"{source.title}   {source.link}"
    for section in source.sections:
        yield f"{section.name}   {section.link.removeprefix(source.link)}"
        for each in section.statements:
            yield f"  {each.says}"
            rules = ", ".join(marked(source, rule) for rule in each.rules)
            yield from _wrapped(rules or f"no rule: {each.reason}")
            yield from _wrapped(each.note)


def _wrapped(text: str) -> list[str]:
    return wrap(text, WIDTH, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False)
