"""Which tests of one text can be true together, as far as that shows: `ab…` starts with `a`, and never with `b`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from cmpolicy import ir
from cmpolicy.values import Json

TestT = TypeVar("TestT", bound=ir.Condition)


def texts_agree(wanted: Mapping[TestT, bool], value: tuple[Json] | None) -> bool:
    """Whether some text may pass the tests as wanted. Of a text that is given, the tests have been tried already."""
    if value is not None:
        return True
    true = list(_asked(test for test, holds in wanted.items() if holds))
    false = list(_asked(test for test, holds in wanted.items() if not holds))
    implied = any(_implies(one, other) for one in true for other in false)
    return not implied and not any(_excludes(one, other) for one in true for other in true)


def _asked(tests: Iterable[ir.Condition]) -> Iterator[tuple[ir.Text, str]]:
    for test in tests:
        if isinstance(test, ir.Text) and (text := _text(test)) is not None:
            yield test, text


def _text(test: ir.Text) -> str | None:
    constant = test.text.value if isinstance(test.text, ir.Const) else None
    return constant if isinstance(constant, str) else None


def _implies(one: tuple[ir.Text, str], other: tuple[ir.Text, str]) -> bool:
    """Whether every text that passes the first passes the second."""
    (test, text), (weaker, part) = one, other
    if part == "":
        return True
    match weaker.test:
        case ir.TextTest.CONTAINS:
            return part in text
        case ir.TextTest.STARTS_WITH:
            return test.test is weaker.test and text.startswith(part)
        case ir.TextTest.ENDS_WITH:
            return test.test is weaker.test and text.endswith(part)


def _excludes(one: tuple[ir.Text, str], other: tuple[ir.Text, str]) -> bool:
    """Whether no text passes both: they ask for different starts, or ends."""
    (test, text), (second, another) = one, other
    if test.test is not second.test or test.test is ir.TextTest.CONTAINS:
        return False
    shorter, longer = sorted((text, another), key=len)
    starts = test.test is ir.TextTest.STARTS_WITH
    return not (longer.startswith(shorter) if starts else longer.endswith(shorter))
