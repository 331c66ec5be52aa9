"""The known objects of a draft: those that a rule looks up, one more, none, and variants of them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from cmpolicy import ir
from cmpolicy.evaluate.values import is_list
from cmpolicy.generate.bases import skeleton
from cmpolicy.generate.draft import OTHERS, Draft
from cmpolicy.generate.edit import Place, drop
from cmpolicy.values import Json, JsonMap

if TYPE_CHECKING:
    from cmpolicy.generate.workshop import Workshop

PLACES = ("sample", "default", "kube-system", "other")
"""The namespaces that known objects are put into where the rule asks for none."""
MOST = 6
"""Known objects of a kind in a draft, beyond which none is added at random."""


def placed(other: JsonMap, kind: ir.Kind, name: str, namespace: str) -> JsonMap:
    """The object as one of this kind under this name, in the namespace if its kind is namespaced."""
    metadata = other.get("metadata")
    kept = {key: held for key, held in _map(metadata).items() if key not in ("name", "namespace")}
    place = {"namespace": namespace} if kind.namespaced else {}
    return {**other, "apiVersion": kind.api_version, "kind": kind.kind, "metadata": {"name": name, **place, **kept}}


def as_known(others: Iterable[JsonMap], kinds: Sequence[ir.Kind]) -> list[Json]:
    """Those of these kinds as a cluster would hold them: with a name, in a namespace, of two of one identity the last."""
    found = {identity(made): made for other in others for made in _as_stored(other, kinds)}
    return list(found.values())


def _as_stored(other: JsonMap, kinds: Sequence[ir.Kind]) -> list[JsonMap]:
    kind = kind_among(kinds, other)
    if kind is None:
        return []
    metadata = _map(other.get("metadata"))
    return [placed(other, kind, _text(metadata.get("name")) or "app", _text(metadata.get("namespace")) or "default")]


def kind_among(kinds: Iterable[ir.Kind], manifest: Json) -> ir.Kind | None:
    """The kind of a manifest, if it is one of these."""
    named = (_map(manifest).get("apiVersion"), _map(manifest).get("kind"))
    return next((kind for kind in kinds if (kind.api_version, kind.kind) == named), None)


def identity(other: Json) -> tuple[Json, ...]:
    """What no two known objects share."""
    metadata = _map(_map(other).get("metadata"))
    return (_map(other).get("apiVersion"), _map(other).get("kind"), metadata.get("namespace"), metadata.get("name"))


def is_alone(made: Draft, number: int, changed: Json) -> bool:
    """Whether no other known object would share the identity of the one of this number, were it this."""
    return all(identity(other) != identity(changed) for spot, other in enumerate(made.others) if spot != number)


def _map(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


# What the rule looks up


def looked_up(shop: Workshop, known: ir.Known, made: Draft) -> list[Place]:
    """Where the objects stand that the rule looks up, in the order in which they are known."""
    found = shop.value(known, made)
    held = {id(each) for each in found} if is_list(found) else set()
    return [(OTHERS, number) for number, other in enumerate(made.others) if id(other) in held]


def one(shop: Workshop, known: ir.Known, made: Draft) -> tuple[Draft, Place | None]:
    """One of them, or one more; no place if the rule looks nowhere."""
    there = looked_up(shop, known, made)
    if there and (shop.chance.odds(0.7) or len(there) >= MOST):
        return made, shop.chance.pick(there)
    return add(shop, known, made)


def add(shop: Workshop, known: ir.Known, made: Draft) -> tuple[Draft, Place | None]:
    """The draft with one more object that the rule looks up, like another or bare; no place if the rule looks nowhere."""
    namespace = shop.chance.pick(PLACES) if known.namespace is None else _text(shop.value(known.namespace, made))
    if not namespace:
        return made, None
    there = looked_up(shop, known, made)
    like = _map(made.at(shop.chance.pick(there))) if there and shop.chance.odds(0.7) else skeleton(known.kind)
    return _put(made, placed(like, known.kind, _free_name(shop, known.kind, namespace, made), namespace))


def _put(made: Draft, other: JsonMap) -> tuple[Draft, Place]:
    place = (OTHERS, len(made.others))
    return made.put(place, other), place


def _free_name(shop: Workshop, kind: ir.Kind, namespace: str, made: Draft) -> str:
    """A name that no known object has there: that of the object under review more often than not, if it is free."""
    own = _text(_map(_map(made.object).get("metadata")).get("name"))
    numbered = (f"other-{number}" for number in range(len(made.others) + 1))
    wanted = [name for name in (own, "app") if name and shop.chance.odds(0.5)]
    taken = {identity(other) for other in made.others}
    return next(name for name in (*wanted, *numbered) if identity(placed({}, kind, name, namespace)) not in taken)


def none(shop: Workshop, known: ir.Known, made: Draft) -> Draft:
    """The draft without what the rule looks up."""
    for place in reversed(looked_up(shop, known, made)):
        made = Draft(drop(made.cells, place), made.bound)
    return made


def resize(shop: Workshop, known: ir.Known, made: Draft, length: int) -> Draft:
    """The draft with so many objects that the rule looks up."""
    there = looked_up(shop, known, made)
    for place in reversed(there[length:]):
        made = Draft(drop(made.cells, place), made.bound)
    for _ in range(length - len(there)):
        made = add(shop, known, made)[0]
    return made


# Variants


def vary(shop: Workshop, made: Draft) -> tuple[Draft, str]:
    """The draft with other known objects, and what was done."""
    variants: tuple[tuple[str, Callable[[Workshop, Draft], Draft]], ...] = (
        ("nothing known", lambda _, made: made.put((OTHERS,), [])),
        ("one known less", _one_less),
        ("one known more", _one_more),
        ("known elsewhere", _elsewhere),
        ("known itself", lambda _, made: _itself(shop, made, made.object)),
        ("known as it was", lambda _, made: _itself(shop, made, made.old)),
    )
    label, variant = shop.chance.pick(variants)
    return variant(shop, made), label


def _one_less(shop: Workshop, made: Draft) -> Draft:
    number = shop.chance.below(len(made.others) or 1)
    return Draft(drop(made.cells, (OTHERS, number)), made.bound)


def _one_more(shop: Workshop, made: Draft) -> Draft:
    return add(shop, ir.Known(shop.chance.pick(shop.known_kinds)), made)[0]


def _elsewhere(shop: Workshop, made: Draft) -> Draft:
    """One of them in another namespace: not what the rule asks for, or now what it asks for."""
    if not made.others:
        return made
    place = (OTHERS, shop.chance.below(len(made.others)), "metadata", "namespace")
    return shop.write(made, place, shop.chance.pick(PLACES))


def _itself(shop: Workshop, made: Draft, itself: Json) -> Draft:
    """The object under review among them, as this; in the place of what has its identity."""
    stored = as_known([_map(itself)], shop.known_kinds)
    return made.put((OTHERS,), as_known(map(_map, [*made.others, *stored]), shop.known_kinds)) if stored else made
