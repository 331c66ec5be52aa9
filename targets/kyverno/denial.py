"""What a rule of a ClusterPolicy denies, in JMESPath.

Kyverno compiles the expressions of a ClusterPolicy for each request: JMESPath in a ninth of the time that CEL takes. And
only JMESPath can call for other objects.
"""

from __future__ import annotations

import re

from cmpolicy import ir
from cmpolicy.lang.jmespath import APPLIES, FAILS, MESSAGE, Call, Entry, print_context
from cmpolicy.lang.messages import is_static, static_message
from cmpolicy.values import Json, JsonMap

SUBSTITUTED = re.compile(r"\{\{|\$\(")
"""What Kyverno takes for a variable or a reference in the text of a ClusterPolicy, unless a backslash is before it."""


def body(rule: ir.Rule, action: str) -> JsonMap:
    """The context and the validation of a rule whose parameters are bound."""
    entries = dict(print_context(rule).entries)
    message = _message(rule)
    if message != _put_in(MESSAGE):
        del entries[MESSAGE]
    context: list[Json] = [{"name": name, **_entry(entry)} for name, entry in entries.items()]
    return {"context": context, "validate": _validation(message, APPLIES in entries, action)}


def _entry(entry: Entry) -> JsonMap:
    match entry:
        case Call(_, path, text):
            return {"apiCall": {"method": "GET", "urlPath": path, "jmesPath": text}}
        case _:
            return {"variable": {"jmesPath": entry.text}}


def _validation(message: str, applies: bool, action: str) -> JsonMap:
    """The denial of what the rule applies to and what fails; of what it does not apply to no more is asked.

    Kyverno would skip an update of what failed before, were existing violations allowed.
    """
    asked = (APPLIES, FAILS) if applies else (FAILS,)
    conditions: list[Json] = [{"key": _put_in(name), "operator": "Equals", "value": True} for name in asked]
    return {
        "failureAction": action,
        "allowExistingViolations": False,
        "message": message,
        "deny": {"conditions": {"all": conditions}},
    }


def _message(rule: ir.Rule) -> str:
    """Kyverno shows what it puts in the place of a variable that stands alone as it is."""
    message = static_message(rule)
    return message if is_static(rule) and not SUBSTITUTED.search(message) else _put_in(MESSAGE)


def _put_in(variable: str) -> str:
    return f"{{{{ {variable} }}}}"
