"""Python's own errors in an author's file, in the words of the rule language where it is what was misused."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches

from cmpolicy import dsl
from cmpolicy.dsl.match import Match
from cmpolicy.dsl.refusals import Traced, offers, with_article
from cmpolicy.dsl.structures import Object
from cmpolicy.fields import index

_CALL = re.compile(r"(?:(\w+)\.)?(\w+)\(\) (missing|takes|got) (.*)", re.DOTALL)
_ONCE = "the file is run once, when the rule is loaded, and stopped here"


def told(error: BaseException) -> tuple[str, str, str]:
    """Code, message and remedy for an error that Python raised while a rule's file was run."""
    message = " ".join(_text(error).split())
    match error:
        case NameError(name=str(name)):
            return "name", f"`{name}` is not defined", _where(name)
        case AttributeError(obj=type() as cls, name=str(name)) if issubclass(cls, Object):
            remedy = f"read the field from the function's argument, not from the kind `{cls.__name__}`"
            return "operator", f"the kind `{cls.__name__}` has no `{name}`", remedy
        case AttributeError(obj=Traced() as traced, name=str(name)):
            return "operator", f"{with_article(traced)} has no `{name}`", offers(type(traced))
        case AttributeError(obj=Match(), name=str(name)):
            return "match", f"a match has no `{name}`", "it offers `where`, `excluding`, `on`"
        case AttributeError(obj=obj, name=str(name)) if inspect.isroutine(obj):
            return "call", f"`{obj.__name__}` is not called", f"write `{obj.__name__}(...)`"
        case TypeError() if (call := _CALL.match(message)) and (function := _function(call[1], call[2])):
            name = call[1] if call[2] == "__init__" else call[2]
            return "call", f"`{name}` {call[3]} {_ticked(call[4])}", _usage(name, function, call[4])
        case TypeError() if "'method'" in message:
            return "call", message, "call it with parentheses: `x.length()`, not `x.length`"
        case _:
            name = type(error).__name__
            return "python", f"{name}: {message}" if message else name, _ONCE


def _text(error: BaseException) -> str:
    """What an error says; nothing if it cannot even say that."""
    try:
        return str(error)
    except Exception:
        return ""


def _where(name: str) -> str:
    """What brings a name into the file."""
    if name in dsl.__all__:
        return f"write `from cmpolicy.dsl import {name}`"
    if name in index.load().types:
        return f"write `from cmpolicy.kinds import {name}`"
    close = get_close_matches(name, [*dsl.__all__, *index.load().kinds], n=1)
    return f"did you mean `{close[0]}`?" if close else "define it in the file, or import it"


def _function(owner: str | None, name: str) -> Callable[..., object] | None:
    """The function of the rule language of this name, and the class that owns it; None for an author's own."""
    if owner is None:
        found = vars(dsl).get(name)
    else:
        found = next((vars(cls).get(name) for cls in _classes() if cls.__name__ == owner), None)
    return found if callable(found) else None


def _classes() -> Iterator[type]:
    pending: list[type] = [Traced, *(each for each in vars(dsl).values() if isinstance(each, type))]
    while pending:
        cls = pending.pop()
        yield cls
        pending.extend(type.__subclasses__(cls))


def _usage(name: str, function: Callable[..., object], complaint: str) -> str:
    """How the function is called; for a misspelt argument what it should have been."""
    names = [each for each in inspect.signature(function).parameters if each != "self"]
    wrong = re.search(r"unexpected keyword argument '(\w+)'", complaint)
    close = get_close_matches(wrong[1], names, n=1) if wrong else []
    return f"did you mean `{close[0]}`?" if close else f"it is `{name}({', '.join(names)})`"


def _ticked(text: str) -> str:
    return text.replace("'", "`")
