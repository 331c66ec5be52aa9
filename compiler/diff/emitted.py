"""How the text that a target makes of a rule differs: by object, lists by the keys that tell their elements apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cmpolicy import ir
from cmpolicy.diff.model import TextChange
from cmpolicy.evaluate.values import is_list
from cmpolicy.targets.protocol import Options, Target
from cmpolicy.values import Json, JsonMap
from cmpolicy.yaml.reader import Document, read_text

NATURAL_KEYS = ("name", "identifier", "id", "key")
"""The fields by which the elements of a list are told apart, in the order in which they are tried."""


def text_changes(old: ir.Rule | None, new: ir.Rule | None, target: Target) -> tuple[TextChange, ...]:
    """Every difference between what the target makes of each version, by object and path."""
    before, after = _objects(old, target), _objects(new, target)
    names = sorted({*before, *after})
    return tuple(change for name in names for change in _of_object(name, before.get(name), after.get(name)))


def _objects(rule: ir.Rule | None, target: Target) -> Mapping[str, JsonMap]:
    """The objects of a rule's files by kind and name; of a file with neither, by the file."""
    if rule is None:
        return {}
    from cmpolicy.pipeline import rule_text

    text = rule_text(rule, target, Options())
    read = () if text is None else read_text(text, target.name)
    values = (each.value for each in read if isinstance(each, Document))
    return {_name(value): value for value in values if isinstance(value, Mapping)}


def _name(document: JsonMap) -> str:
    metadata = document.get("metadata")
    name = metadata.get("name") if isinstance(metadata, Mapping) else None
    return f"{document.get('kind', 'file')} {name}" if isinstance(name, str) else str(document.get("kind", "file"))


def _of_object(name: str, old: JsonMap | None, new: JsonMap | None) -> Iterator[TextChange]:
    if old is None or new is None:
        yield TextChange(name, "", None if old is None else {}, None if new is None else {})
        return
    from deepdiff import DeepDiff

    found = DeepDiff(_keyed(old), _keyed(new), view="tree", verbose_level=2)
    levels = (level for group in found.values() for level in group)
    places = {"/".join(map(str, level.path(output_format="list"))): level for level in levels}
    for path in sorted(places):
        yield TextChange(name, path, _json(places[path].t1), _json(places[path].t2))


def _keyed(value: Json) -> Json:
    """The value with each list whose elements have different names as a map by them."""
    match value:
        case Mapping():
            return {key: _keyed(held) for key, held in value.items()}
        case _ if is_list(value):
            return _by_key(value)
        case _:
            return value


def _by_key(items: Sequence[Json]) -> Json:
    for field in NATURAL_KEYS:
        names = [item.get(field) if isinstance(item, Mapping) else None for item in items]
        if items and all(isinstance(name, str) for name in names) and len(set(names)) == len(items):
            return {str(name): _keyed(item) for name, item in zip(names, items, strict=True)}
    return [_keyed(item) for item in items]


def _json(value: object) -> Json:
    """What DeepDiff found on a side; what is not there is null."""
    return value if isinstance(value, None | bool | int | float | str | list | dict) else None
