"""Texts that match a safe regular expression, and texts that barely do not."""

from __future__ import annotations

import string
from functools import lru_cache
from typing import assert_never

from cmpolicy import regex
from cmpolicy.automaton import Character, Either, End, Part, Repeated, Sequenced, parse
from cmpolicy.generate.chance import Chance

PALETTE = string.ascii_letters + string.digits + string.punctuation + " \n\té\u0663\u212a😀"
SAMPLES = 12
MOST_MORE = 3
"""Repetitions beyond the fewest that are drawn."""


@lru_cache(maxsize=1024)
def samples(pattern: str) -> tuple[str, ...]:
    """Texts that match the pattern, where any are found, and near misses; the same ones every time."""
    chance, part, palette = Chance(pattern), parse(regex.tokens(pattern)), PALETTE + pattern
    drawn = [_draw(part, palette, chance) for _ in range(SAMPLES)]
    found = [text for each in drawn for text in (each, *_spoiled(each, chance))]
    return tuple(dict.fromkeys(found))


def _draw(part: Part, palette: str, chance: Chance) -> str:
    match part:
        case Character(fits):
            fitting = [each for each in palette if fits(each)]
            return chance.pick(fitting) if fitting else ""
        case End():
            return ""
        case Sequenced(parts):
            return "".join(_draw(each, palette, chance) for each in parts)
        case Either(options):
            return _draw(chance.pick(options), palette, chance)
        case Repeated(inner, low, high):
            most = low + MOST_MORE if high is None else min(high, low + MOST_MORE)
            return "".join(_draw(inner, palette, chance) for _ in range(low + chance.below(most - low + 1)))
        case _:
            assert_never(part)


def _spoiled(text: str, chance: Chance) -> list[str]:
    """The text with something more, less or else."""
    spot, other = chance.below(len(text) + 1), chance.pick(PALETTE)
    return [
        *(f"{text}\n", f"{text}x", f"x{text}", f"/{text}", f"{text[:spot]}\n{text[spot:]}"),
        *("", text[:1], text[:spot], text[spot:], text[:spot] + text[spot + 1 :]),
        *(text[:spot] + other + text[spot + 1 :], text.swapcase()),
    ]
