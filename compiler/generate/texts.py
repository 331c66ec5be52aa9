"""Texts that match a safe regular expression, and texts that barely do not."""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from cmpolicy import regex
from cmpolicy.generate.chance import Chance

PALETTE = string.ascii_letters + string.digits + string.punctuation + " \n\té\u0663\u212a😀"
SAMPLES = 12
MOST_REPEATS = 3


@dataclass(frozen=True, slots=True)
class _Characters:
    """One of these characters."""

    characters: str


@dataclass(frozen=True, slots=True)
class _Choice:
    """One of several sequences."""

    options: tuple[tuple[_Part, ...], ...]


@dataclass(frozen=True, slots=True)
class _Repeat:
    """A part so many times."""

    part: _Part
    least: int
    most: int


_Part: TypeAlias = _Characters | _Choice | _Repeat


@lru_cache(maxsize=1024)
def samples(pattern: str) -> tuple[str, ...]:
    """Texts that match the pattern, where any are found, and near misses; the same ones every time."""
    chance, part = Chance(pattern), _parse(regex.tokens(pattern))
    drawn = [_draw(part, chance) for _ in range(SAMPLES)]
    found = [text for each in drawn for text in (each, *_spoiled(each, chance))]
    return tuple(dict.fromkeys(found))


def _spoiled(text: str, chance: Chance) -> list[str]:
    """The text with something more, less or else."""
    spot, other = chance.below(len(text) + 1), chance.pick(PALETTE)
    return [
        *(f"{text}\n", f"{text}x", f"x{text}", f"/{text}", f"{text[:spot]}\n{text[spot:]}"),
        *(text[:spot] + text[spot + 1 :], text[:spot] + other + text[spot + 1 :], text.swapcase()),
    ]


def _parse(tokens: Sequence[str]) -> _Choice:
    choice, rest = _choice(list(reversed(tokens)))
    assert not rest, "a parenthesis too many"
    return choice


def _choice(left: list[str]) -> tuple[_Choice, list[str]]:
    """Parse up to a closing parenthesis or the end; `left` holds the tokens to come, the next one last."""
    options: list[list[_Part]] = [[]]
    while left and left[-1] != ")":
        match left.pop():
            case "|":
                options.append([])
            case "^" | "$":
                continue
            case "(":
                inner, left = _choice(left)
                left.pop()
                options[-1].append(inner)
            case token if (bounds := _bounds(token)) is not None:
                options[-1].append(_Repeat(options[-1].pop(), *bounds))
            case token:
                options[-1].append(_Characters(_characters(token)))
    return _Choice(tuple(map(tuple, options))), left


def _bounds(token: str) -> tuple[int, int] | None:
    """How often a repetition allows, as far as it is worth; None if the token is no repetition."""
    if token in ("*", "+", "?"):
        return (1 if token == "+" else 0), (1 if token == "?" else MOST_REPEATS)
    if not (token.startswith("{") and len(token) > 1):
        return None
    least, comma, most = token[1:-1].partition(",")
    highest = int(most) if most else int(least) + (MOST_REPEATS if comma else 0)
    return int(least), min(highest, int(least) + MOST_REPEATS)


@lru_cache(maxsize=1024)
def _characters(token: str) -> str:
    test = regex.compile_pattern(token)
    return "".join(each for each in dict.fromkeys(PALETTE + token) if test.fullmatch(each)) or "x"


def _draw(part: _Part, chance: Chance) -> str:
    match part:
        case _Characters(characters):
            return chance.pick(characters)
        case _Choice(options):
            return "".join(_draw(each, chance) for each in chance.pick(options))
        case _Repeat(inner, least, most):
            return "".join(_draw(inner, chance) for _ in range(least + chance.below(most - least + 1)))
