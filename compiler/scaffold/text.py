"""Texts of the files that `new` writes. `$name` and the like are filled in."""

from __future__ import annotations

PACK = '''\
"""$title."""

from cmpolicy.dsl import Pack

PACK = Pack(prefix="$prefix", title="$title", category="$title")
'''

RULE = '''\
"""$id"""

from __future__ import annotations

from cmpolicy.dsl import Condition, match, rule
from cmpolicy.kinds import Deployment
from cmpolicy.values import Json, JsonMap


def example(**spec: Json) -> JsonMap:
    """A Deployment with this spec."""
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "app"}, "spec": spec}


@rule(
    severity="medium",
    match=match(Deployment),
    message="{name} runs {deployment.spec.replicas.default(1)} replica(s); run at least {minimum}",
    remedy="Raise `spec.replicas`",
    good=[example(replicas=2)],
    bad=[example(replicas=1), example()],
)
def $function(deployment: Deployment, minimum: int = 2) -> Condition:
    """Deployments run two or more replicas.

    With a single replica, every restart is an outage.

    Parameters:
        minimum: Replicas that are enough
    """
    return deployment.spec.replicas.default(1) >= minimum
'''

TARGET = '''\
"""The folder for $name: a file for each rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cmpolicy import ir
from cmpolicy.passes import bind_parameters
from cmpolicy.targets.$module.gaps import gap_of
from cmpolicy.targets.protocol import File, Gap, Options, Part
from cmpolicy.values import JsonMap
from cmpolicy.yaml.writer import dump


@dataclass(frozen=True, slots=True)
class $cls:
    """The target `$name`."""

    name: str = "$name"
    title: str = "$name"

    def gap(self, rule: ir.Rule) -> Gap | None:
        """Why the rule cannot be carried, or None."""
        return gap_of(rule)

    def part(self, rule: ir.Rule, options: Options) -> Part:
        """The policy."""
        return Part([File(f"policies/{rule.id}.yaml", dump(policy(rule, options)), rule.id)])

    def whole(self, rules: Sequence[ir.Rule], texts: Sequence[str], options: Options) -> Sequence[File]:
        """No file that is made of all rules."""
        return ()


TARGET = $cls()


def policy(rule: ir.Rule, options: Options) -> JsonMap:
    """The rule as an object of $name."""
    bound = bind_parameters(rule)
    return {
        "name": bound.id,
        "title": bound.about.title,
        "enforce": options.enforce,
        "kinds": [str(kind) for kind in bound.kinds],
    }
'''

GAPS = '''\
"""What $name cannot carry."""

from __future__ import annotations

from cmpolicy import ir
from cmpolicy.targets.protocol import Gap, GapStatus


def gap_of(rule: ir.Rule) -> Gap | None:
    """Why $name cannot carry the rule, or None. No rule is carried before its condition is printed."""
    return Gap(GapStatus.NOTIMPL, f"the condition of {rule.id} is not printed for $name yet")
'''

README = """\
# $name

What of a rule becomes what of a policy for $name, and what it cannot say.

| rule | policy |
|---|---|
| id | `name` |
| title | `title` |
| kinds | `kinds` |

## Gaps

`gaps.py` says which rules are not carried, and why. `cmpolicy targets --matrix` shows them.
"""

TARGET_TEST = '''\
"""The target $name."""

from __future__ import annotations

from cmpolicy.load import built_in_packs, load_packs
from cmpolicy.targets import load_target
from cmpolicy.targets.$module.package import policy
from cmpolicy.targets.protocol import GapStatus, Options, packaged

RULES = load_packs(built_in_packs()).rules


def test_it_is_in_the_table() -> None:
    assert load_target("$name").name == "$name"


def test_no_rule_is_carried_until_its_condition_is_printed() -> None:
    gaps = [load_target("$name").gap(rule) for rule in RULES]
    assert {gap.status for gap in gaps if gap} == {GapStatus.NOTIMPL}
    assert None not in gaps


def test_each_rule_becomes_a_file_of_its_own() -> None:
    files = packaged(load_target("$name"), RULES, Options())
    assert [file.path for file in files] == sorted(f"policies/{rule.id}.yaml" for rule in RULES)


def test_a_policy_bears_the_id_of_its_rule() -> None:
    assert policy(RULES[0], Options())["name"] == RULES[0].id
'''
