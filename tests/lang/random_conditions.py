"""Random conditions and objects that meet: few keys, small constants, and values close to these."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from random import Random

from cmpolicy import ir
from cmpolicy.values import Json

KEYS = ("a", "a", "b", "b", "c", "a.b/c", "~1", "%41", "x#y")
TEXTS = ("", "a", "b", "ab", "a\n", "x\n", "é", "😀", "*", "{{", "true", "1", "50%", "050%", "0%", "00050%", "50%\n")
QUANTITIES = (
    *("0", "-0", "1", "+1", "-1", "1.", ".5", ".", "0.1", "500m", "-500m", "1e3", "1E", "1K", "1u", "1n", "0.5n", "4M"),
    *("1Gi", "9E99", "1e-99", "1e100", "0.0000000001", "0.9999999999", "999999999n", "4194304", " 1", "1_0", "1h"),
)
NUMBERS = (0, 1, 2, 3, -1, 1.0, 0.1, 1.5, 50, 100, 1e-9, 1e-10, 0.9999999995, 1e-120, 1e99, 1e200, 2**53 - 1, 2**53 + 1)
CONSTANTS: tuple[ir.Scalar, ...] = (True, False, 0, 1, 2, 1.5, "", "a", "b", "ab", "50%", "1", "x\n", "é", 2**53 - 1)
PATTERNS = ("", "^a", "b$", "^(a|b)$", "[0-9]+%?", "a.b", r"^\d$", r"\w{2,3}", "[^a]$")


@dataclass(slots=True)
class Conditions:
    """Makes conditions that use every node a target without requests knows."""

    random: Random
    numbers: Iterator[int] = field(default_factory=count)

    def condition(self, depth: int) -> ir.Condition:
        """A condition on the object."""
        return self._condition((ir.Obj(),), depth)

    def _condition(self, scope: tuple[ir.Value, ...], depth: int) -> ir.Condition:
        if depth == 0:
            return self._test(scope, depth)
        below = [self._condition(scope, depth - 1) for _ in range(self.random.randint(1, 3))]
        match self.random.choice(("test", "test", "test", "and", "or", "not", "any", "all", "entry", "entry")):
            case "and":
                return ir.And(tuple(below))
            case "or":
                return ir.Or(tuple(below))
            case "not":
                return ir.Not(below[0])
            case "any" | "all" as quantifier:
                var = self._name()
                body = self._condition((*scope, ir.Var(var)), depth - 1)
                return (ir.Any if quantifier == "any" else ir.All)(self._items(scope, depth - 1), var, body)
            case "entry":
                return self._of_entries(scope, depth)
            case _:
                return self._test(scope, depth)

    def _of_entries(self, scope: tuple[ir.Value, ...], depth: int) -> ir.Condition:
        key, var = self._name(), self._name()
        of_value = self._condition((*scope, ir.Var(var)), depth - 1)
        of_key = [self._of_key(ir.Var(key)) for _ in range(self.random.choice((0, 1, 1, 2)))]
        body = self.random.choice((ir.And, ir.Or))((of_value, *of_key))
        return self.random.choice((ir.AnyEntry, ir.AllEntry))(self._path(scope), key, var, body)

    def _of_key(self, key: ir.Value) -> ir.Condition:
        test = self.random.choice(
            (
                ir.Eq(key, ir.Const("a")),
                ir.In(key, ir.Const(("a", "b", 1))),
                ir.Text(self.random.choice(tuple(ir.TextTest)), key, ir.Const("a")),
                ir.Matches(key, "^[ab]"),
                ir.IsType(key, self.random.choice(tuple(ir.ValueType))),
            )
        )
        return self.random.choice((test, ir.Not(test)))

    def _test(self, scope: tuple[ir.Value, ...], depth: int) -> ir.Condition:
        value, constant = self._value(scope, depth), ir.Const(self.random.choice(CONSTANTS))
        order = self.random.choice(tuple(ir.Order))
        match self.random.randrange(9):
            case 0:
                return ir.IsType(value, self.random.choice(tuple(ir.ValueType)))
            case 1 | 2:
                return self.random.choice((ir.Eq(value, constant), ir.Eq(constant, value)))
            case 3:
                return ir.In(value, ir.Const(tuple(self.random.choices(CONSTANTS, k=self.random.randint(0, 4)))))
            case 4:
                number = ir.Const(self.random.choice((0, 1, 2, 3, 1.5, -1, 50, 100)))
                return self.random.choice((ir.Compare(order, value, number), ir.Compare(order, number, value)))
            case 5:
                bound = ir.Const(self.random.choice(("0", "1", "500m", "1n", "-1", "-500m", "4M", "1e3", 1, 0.5)))
                return ir.CompareQuantity(order, self._path(scope), bound)
            case 6:
                text = ir.Const(self.random.choice(("", "a", "b", "%", "\n", "*", "\\", "$")))
                return ir.Text(self.random.choice(tuple(ir.TextTest)), value, text)
            case 7:
                return ir.Matches(value, self.random.choice(PATTERNS))
            case _:
                return ir.Exists(value)

    def _value(self, scope: tuple[ir.Value, ...], depth: int) -> ir.Value:
        path = self._path(scope)
        match self.random.randrange(12):
            case 0:
                return ir.Default(path, ir.Const(self.random.choice(CONSTANTS)))
            case 1:
                return ir.Default(path, self._path(scope))
            case 2:
                return ir.Percent(path)
            case 3:
                return ir.Len(path)
            case 4 if depth > 0:
                var = self._name()
                return ir.Count(self._items(scope, depth - 1), var, self._condition((*scope, ir.Var(var)), depth - 1))
            case _:
                return path

    def _items(self, scope: tuple[ir.Value, ...], depth: int) -> ir.Items:
        match self.random.randrange(8):
            case 0:
                return ir.Elems(ir.Default(self._path(scope), self._path(scope)))
            case 1:
                return ir.Elems(ir.Const(("a", "b", 1)))
            case 2 | 3 if depth > 0:
                return ir.Concat(tuple(self._items(scope, 0) for _ in range(self.random.randint(0, 3))))
            case _:
                return ir.Elems(self._path(scope))

    def _path(self, scope: tuple[ir.Value, ...]) -> ir.Value:
        value = self.random.choice((*scope, scope[-1], scope[-1]))
        steps = self.random.choice((1, 1, 2)) if isinstance(value, ir.Obj) else self.random.choice((0, 1, 1))
        for _ in range(steps):
            value = ir.Get(value, self.random.choice(KEYS))
        return value

    def _name(self) -> str:
        return f"x{next(self.numbers)}"


def random_object(random: Random, depth: int = 4) -> Json:
    """Any JSON value, more often a map than anything else at the top."""
    match random.randrange(10):
        case 0 | 1 | 2 | 3 if depth > 0:
            return {key: random_object(random, depth - 1) for key in random.choices(KEYS, k=random.randint(0, 4))}
        case 4 | 5 | 6 if depth > 0:
            return [random_object(random, depth - 1) for _ in range(random.randint(0, 4))]
        case 7:
            return random.choice((None, True, False))
        case 8:
            return random.choice((*NUMBERS, *QUANTITIES))
        case _:
            return random.choice((*CONSTANTS, *TEXTS))
