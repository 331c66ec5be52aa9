"""What a rule of a ClusterPolicy denies, in JMESPath.

Kyverno compiles the expressions of a ClusterPolicy for each request: JMESPath in a ninth of the time that CEL takes. And
only JMESPath can call for other objects.
"""

from __future__ import annotations

import re

from cmpolicy import ir
from cmpolicy.lang.jmespath import APPLIES, MESSAGE, PASSES, Call, Entry, print_context
from cmpolicy.lang.messages import is_static, static_message
from cmpolicy.values import Json, JsonMap

SUBSTITUTED = re.compile(r"\{\{|\$\(")
"""What Kyverno takes for a variable or a reference in the text of a ClusterPolicy, unless a backslash is before it."""


def body(rule: ir.Rule, action: str) -> JsonMap:
    """The context and the validation of a rule whose parameters are bound."""
    printed = print_context(rule)
    validation = _validation(rule, action)
    unused = {name for name in (APPLIES, MESSAGE) if _put_in(name) not in str(validation)}
    entries: list[Json] = [{"name": name, **_entry(entry)} for name, entry in printed.entries if name not in unused]
    return {"context": entries, "validate": validation}


def _entry(entry: Entry) -> JsonMap:
    match entry:
        case Call(_, path, text):
            return {"apiCall": {"method": "GET", "urlPath": path, "jmesPath": text}}
        case _:
            return {"variable": {"jmesPath": entry.text}}


def _validation(rule: ir.Rule, action: str) -> JsonMap:
    """The denial of what the rule applies to and does not pass; nothing is looked up for what it does not apply to.

    Kyverno would skip an update of what failed before, were existing violations allowed.
    """
    applies = [] if rule.when == ir.TRUE else [_is(APPLIES, True)]
    return {
        "failureAction": action,
        "allowExistingViolations": False,
        "message": _message(rule),
        "deny": {"conditions": {"all": [*applies, _is(PASSES, False)]}},
    }


def _is(variable: str, value: bool) -> JsonMap:
    return {"key": _put_in(variable), "operator": "Equals", "value": value}


def _message(rule: ir.Rule) -> str:
    """Kyverno shows what it puts in the place of a variable that stands alone as it is."""
    message = static_message(rule)
    return message if is_static(rule) and not SUBSTITUTED.search(message) else _put_in(MESSAGE)


def _put_in(variable: str) -> str:
    return f"{{{{ {variable} }}}}"
