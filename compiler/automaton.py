"""Find safe regular expressions in time linear in the text, whatever the expression and the text: no backtracking.

A pattern becomes a nondeterministic automaton, and that one a deterministic one whose states are made when a text first
leads to them. `re` would take exponential time for `(a+)+$`, and cubic time for the wildcard `*a*a*b`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never

MOST_STEPS = 50_000
"""Steps between states that are remembered; then all are forgotten, so that no text can fill the memory."""

MOST_ANSWERS = 10_000
"""Texts whose answer is remembered: the same images and names stand in many manifests."""
LONGEST_ANSWERED = 1_000
"""Characters of a text whose answer is remembered."""


@dataclass(frozen=True, slots=True)
class Character:
    """One character that `fits`."""

    fits: Callable[[str], object]


@dataclass(frozen=True, slots=True)
class End:
    """An end of the text, the first or the last."""

    last: bool


@dataclass(frozen=True, slots=True)
class Sequenced:
    """Each part after the other."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of the options."""

    options: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Repeated:
    """The part at least `low` and at most `high` times; None is without limit."""

    part: Part
    low: int
    high: int | None


Part: TypeAlias = Character | End | Sequenced | Either | Repeated


def parse(tokens: Sequence[str]) -> Part:
    """The pattern of these tokens, which must be inside the safe subset."""
    remaining = list(reversed(tokens))
    part = _alternatives(remaining)
    assert not remaining, f"{tokens} has a parenthesis without a partner"
    return part


def _alternatives(remaining: list[str]) -> Part:
    options = [_sequence(remaining)]
    while remaining and remaining[-1] == "|":
        remaining.pop()
        options.append(_sequence(remaining))
    return options[0] if len(options) == 1 else Either(tuple(options))


def _sequence(remaining: list[str]) -> Part:
    parts: list[Part] = []
    while remaining and remaining[-1] not in ("|", ")"):
        token = remaining.pop()
        if token[0] in "*+?{":
            parts.append(_repeated(parts.pop(), token))
        elif token == "(":
            parts.append(_alternatives(remaining))
            remaining.pop()
        else:
            parts.append(_single(token))
    return Sequenced(tuple(parts))


def _repeated(part: Part, token: str) -> Part:
    if token[0] != "{":
        return Repeated(part, int(token == "+"), 1 if token == "?" else None)
    low, comma, high = token[1:-1].partition(",")
    return Repeated(part, int(low), int(high) if high else None if comma else int(low))


def _single(token: str) -> Part:
    if token in ("^", "$"):
        return End(last=token == "$")
    return Character(token.__eq__ if len(token) == 1 and token != "." else re.compile(token, re.ASCII).match)


@dataclass(frozen=True, slots=True)
class _Read:
    """Go on to `then` over a character."""

    fits: Callable[[str], object]
    then: int


@dataclass(frozen=True, slots=True)
class _At:
    """Go on to `then` at an end of the text."""

    last: bool
    then: int


@dataclass(frozen=True, slots=True)
class _Fork:
    """Go on to each of these."""

    targets: tuple[int, ...]


_Node: TypeAlias = _Read | _At | _Fork
FOUND = 0
"""The number of the node at which the pattern is found."""


class State(dict[str, "State"]):
    """A state and, by character, the states after it. `found` says whether the pattern is, if the text ends here."""

    __slots__ = ("_automaton", "found", "nodes")

    def __init__(self, automaton: Automaton, nodes: frozenset[int], *, found: bool) -> None:
        super().__init__()
        self._automaton = automaton
        self.nodes = nodes
        self.found = found

    def __missing__(self, character: str) -> State:
        return self._automaton.step(self, character)


class Automaton:
    """A pattern that can be searched for anywhere in a text."""

    __slots__ = ("_answers", "_first", "_nodes", "_start", "_states", "_steps")

    def __init__(self, part: Part) -> None:
        self._nodes: list[_Node] = [_Fork(())]
        self._first = self._add(part, FOUND)
        self._states: dict[frozenset[int], State] = {}
        self._answers: dict[str, bool] = {}
        self._steps = 0
        reached = self._reach([self._first], first=True)
        self._start = State(self, reached, found=FOUND in self._reach(reached, first=True, last=True))

    def search(self, text: str) -> bool:
        """Whether the pattern is somewhere in the text."""
        known = self._answers.get(text)
        if known is not None:
            return known
        state = self._start
        for character in text:
            state = state[character]
        if len(text) <= LONGEST_ANSWERED:
            if len(self._answers) >= MOST_ANSWERS:
                self._answers.clear()
            self._answers[text] = state.found
        return state.found

    def step(self, state: State, character: str) -> State:
        """The state after this character; what was found stays found."""
        if FOUND in state.nodes:
            after = state
        else:
            read = [node.then for node in self._of(state.nodes) if isinstance(node, _Read) and node.fits(character)]
            reached = self._reach([self._first, *read])
            after = self._state(frozenset({FOUND}) if FOUND in reached else reached)
        self._remember(state, character, after)
        return after

    def _state(self, nodes: frozenset[int]) -> State:
        if nodes not in self._states:
            self._states[nodes] = State(self, nodes, found=FOUND in self._reach(nodes, last=True))
        return self._states[nodes]

    def _remember(self, state: State, character: str, after: State) -> None:
        if self._steps >= MOST_STEPS:
            for each in (self._start, *self._states.values()):
                each.clear()
            self._states.clear()
            self._steps = 0
        state[character] = after
        self._steps += 1

    def _of(self, numbers: frozenset[int]) -> Iterator[_Node]:
        return (self._nodes[number] for number in numbers)

    def _reach(
        self, numbers: Sequence[int] | frozenset[int], *, first: bool = False, last: bool = False
    ) -> frozenset[int]:
        """These nodes and those after them that no character stands before."""
        seen: set[int] = set()
        pending = list(numbers)
        while pending:
            number = pending.pop()
            if number in seen:
                continue
            seen.add(number)
            match self._nodes[number]:
                case _Fork(targets):
                    pending.extend(targets)
                case _At(at_last, then) if last if at_last else first:
                    pending.append(then)
                case _:
                    pass
        return frozenset(seen)

    def _add(self, part: Part, then: int) -> int:
        """The number of the first node of a part after which it goes on to `then`."""
        match part:
            case Character(fits):
                return self._new(_Read(fits, then))
            case End(last):
                return self._new(_At(last, then))
            case Sequenced(parts):
                for each in reversed(parts):
                    then = self._add(each, then)
                return then
            case Either(options):
                return self._new(_Fork(tuple(self._add(each, then) for each in options)))
            case Repeated(inner, low, high):
                return self._add_repeated(inner, low, high, then)
            case _:
                assert_never(part)

    def _add_repeated(self, inner: Part, low: int, high: int | None, then: int) -> int:
        first = then
        if high is None:
            first = self._new(_Fork(()))
            self._nodes[first] = _Fork((self._add(inner, first), then))
        else:
            for _ in range(high - low):
                first = self._new(_Fork((self._add(inner, first), then)))
        for _ in range(low):
            first = self._add(inner, first)
        return first

    def _new(self, node: _Node) -> int:
        self._nodes.append(node)
        return len(self._nodes) - 1
