"""What Python offers on every value, and what stands for a value cannot: each use is an author error with a remedy."""

from __future__ import annotations

from types import BuiltinFunctionType, FunctionType, GeneratorType, MethodType
from typing import TYPE_CHECKING, ClassVar, NoReturn

from cmpolicy.dsl.errors import author_error

LONGEST = 60
"""Characters that are shown of a constant."""


class Traced:
    """What stands for something that is known only when an object is judged.

    `described` is what authors call it, `instead` what they can do in place of computing with it.
    """

    __slots__ = ()
    described: ClassVar[str] = "value"
    instead: ClassVar[str] = "compare it with a constant"

    if not TYPE_CHECKING:

        def _no_arithmetic(self, *operands: object) -> NoReturn:
            raise author_error("operator", f"{with_article(self)} cannot be computed with", self.instead)

        __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _no_arithmetic
        __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = __divmod__ = __rdivmod__ = (
            _no_arithmetic
        )
        __lshift__ = __rlshift__ = __rshift__ = __rrshift__ = __xor__ = __rxor__ = __matmul__ = _no_arithmetic
        __rmatmul__ = __neg__ = __pos__ = __abs__ = __round__ = _no_arithmetic

        def _unknown(self) -> NoReturn:
            message = f"Python cannot know {with_article(self)}: there is no manifest yet"
            raise author_error("operator", message, self.instead)

        __int__ = __float__ = __complex__ = __index__ = __str__ = _unknown

        def __format__(self, spec: str) -> NoReturn:
            message = f"{with_article(self)} cannot be formatted by Python"
            raise author_error("message", message, "write `{path}` in `message`")

        def _incomparable(self, other: object) -> NoReturn:
            raise author_error("operator", f"{with_article(self)} cannot be compared", self.instead)

        __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _incomparable
        __hash__ = object.__hash__

        def __call__(self, *arguments: object, **named: object) -> NoReturn:
            message = f"{with_article(self)} cannot be called"
            raise author_error("operator", message, "leave out the parentheses behind it")

        def __iter__(self) -> NoReturn:
            raise author_error("loop", f"Python cannot loop over {with_article(self)}", self.instead)

        def __len__(self) -> NoReturn:
            raise author_error("loop", f"Python cannot know the length of {with_article(self)}", self.instead)

        def __getitem__(self, key: object) -> NoReturn:
            raise author_error("operator", f"{with_article(self)} has no parts by place or key", self.instead)

        def _read_only(self, *key: object) -> NoReturn:
            raise author_error("operator", f"{with_article(self)} cannot be changed", "rules only read manifests")

        __setitem__ = __delitem__ = __delattr__ = _read_only

        def __enter__(self) -> NoReturn:
            message = f"`with` cannot use {with_article(self)}"
            raise author_error("operator", message, "give it a name: `pod = deployment.spec.template.spec`")

        def __exit__(self, *raised: object) -> None:
            """Python looks for it before it calls `__enter__`."""

        def __getattr__(self, name: str) -> NoReturn:
            if name.startswith("__"):
                raise AttributeError(name)
            message = f"{with_article(self)} has no `{name}`"
            raise author_error("operator", message, offers(type(self)), width=len(name))

    def __repr__(self) -> str:
        return f"<{self.described}>"


def with_article(traced: Traced) -> str:
    """`an integer`."""
    return f"{'an' if traced.described[0].lower() in 'aeiou' else 'a'} {traced.described}"


def offers(type_: type[Traced]) -> str:
    """The remedy that lists what can be asked of a type."""
    hidden = ("accepts", "described", "instead", "kind_", "of", "type_name")
    names = sorted(name for name in dir(type_) if not name.startswith("_") and name not in hidden)
    return "it offers " + ", ".join(f"`{name}`" for name in names)


def shown(value: object) -> str:
    """What an author gave, in words that are the same on every run."""
    match value:
        case Traced():
            return with_article(value)
        case FunctionType() | BuiltinFunctionType() | MethodType():
            return f"the function `{value.__name__}`"
        case GeneratorType():
            return "a generator"
        case type():
            return f"the class `{value.__name__}`"
        case list() | tuple() | dict() | set():
            return f"a {type(value).__name__}"
        case None | bool() | int() | float() | str():
            text = repr(value)
            return f"`{text if len(text) <= LONGEST else text[:LONGEST] + '…'}`"
        case _:
            return f"a {type(value).__name__}"


def constant_text(value: object, what: str) -> str:
    """The text; an author error for anything else. `what` names the argument: `a wildcard`."""
    if isinstance(value, str):
        return value
    raise author_error("type", f"{what} is a constant string, not {shown(value)}", "give a string in quotes")
