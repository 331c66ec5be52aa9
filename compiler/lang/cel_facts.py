"""What is known to be true where a part of a CEL expression is evaluated, so that the part need not ask for it again.

In `a && b` it is `a` for `b`, in `!a || b` too, and in `a && list.exists(x, b)`. Nothing is lost where `a` is false: then it
does not matter what `b` gives, and an error of `b` is absorbed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from cmpolicy.lang import cel_syntax as cel
from cmpolicy.lang.cel_syntax import Cel

T = TypeVar("T")


@dataclass(slots=True)
class Facts:
    """The texts of conditions that are true at the place that is being printed."""

    _texts: set[str] = field(default_factory=set)

    def unknown(self, conditions: Iterable[Cel]) -> tuple[Cel, ...]:
        """Those that are not known to be true."""
        return tuple([each for each in conditions if each.text not in self._texts])

    def apart(self, make: Callable[[], T]) -> T:
        """What `make` gives where nothing is known: a variable is evaluated by itself."""
        return self._with(set(), make)

    def of_some(self, guards: Iterable[Cel], given: Cel, printed: Callable[[], Cel]) -> Cel:
        """`given && test`, what is asked of an element of a list that is there only behind guards."""
        return cel.conjunction((given, self._given((*guards, given), printed)))

    def of_every(self, guards: Iterable[Cel], null: Cel, printed: Callable[[], Cel]) -> Cel:
        """`null || test`, likewise."""
        return cel.disjunction((null, self._given((*guards, *cel.denials(null)), printed)))

    def conjunction(self, items: Iterable[T], printed: Callable[[T], Cel]) -> Cel:
        """`a && b && c`, each printed where those before it are true."""
        return self._with(set(self._texts), lambda: cel.conjunction(self._in_turn(items, printed, cel.operands)))

    def disjunction(self, items: Iterable[T], printed: Callable[[T], Cel]) -> Cel:
        """`a || b || c`, each printed where those before it are false."""
        return self._with(set(self._texts), lambda: cel.disjunction(self._in_turn(items, printed, cel.denials)))

    def _given(self, known: Iterable[Cel], make: Callable[[], Cel]) -> Cel:
        return self._with(self._texts.union([each.text for each in known]), make)

    def _in_turn(
        self, items: Iterable[T], printed: Callable[[T], Cel], known: Callable[[Cel], tuple[Cel, ...]]
    ) -> list[Cel]:
        found = []
        for item in items:
            found.append(printed(item))
            self._texts.update([each.text for each in known(found[-1])])
        return found

    def _with(self, texts: set[str], make: Callable[[], T]) -> T:
        outer, self._texts = self._texts, texts
        made = make()
        self._texts = outer
        return made
