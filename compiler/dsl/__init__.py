"""The language that rules are written in: typed expressions over manifests, traced once to IR."""

from cmpolicy.dsl.commands import flag, switch
from cmpolicy.dsl.conditions import Condition, all_of, any_of, none_of
from cmpolicy.dsl.expressions import Boolean, Integer, IntOrString, Number, Quantity, String, Value
from cmpolicy.dsl.helm import FixManifests, HelmValues, OnlyFor, Template, only_for, text_of, value_of
from cmpolicy.dsl.images import Image, image
from cmpolicy.dsl.match import Match, Predicate, in_namespaces, in_namespaces_like, labeled, match, named
from cmpolicy.dsl.network import (
    Direction,
    Traffic,
    allows,
    denies_by_default,
    is_block,
    is_pod,
    isolates,
    opens,
    policies_on,
    reaches,
    some_rule,
)
from cmpolicy.dsl.parameters import given, parameter
from cmpolicy.dsl.relations import known, others, selects, where_known
from cmpolicy.dsl.rule import Pack, RuleDefinition, rule
from cmpolicy.dsl.structures import List, Map, Object, integers
from cmpolicy.dsl.workloads import (
    AnyObject,
    EffectiveSecurityContext,
    Workload,
    containers,
    namespace,
    pod_metadata,
    pod_spec,
    security_context,
)

__all__ = [
    "AnyObject",
    "Boolean",
    "Condition",
    "Direction",
    "EffectiveSecurityContext",
    "FixManifests",
    "HelmValues",
    "Image",
    "IntOrString",
    "Integer",
    "List",
    "Map",
    "Match",
    "Number",
    "Object",
    "OnlyFor",
    "Pack",
    "Predicate",
    "Quantity",
    "RuleDefinition",
    "String",
    "Template",
    "Traffic",
    "Value",
    "Workload",
    "all_of",
    "allows",
    "any_of",
    "containers",
    "denies_by_default",
    "flag",
    "given",
    "image",
    "in_namespaces",
    "in_namespaces_like",
    "integers",
    "is_block",
    "is_pod",
    "isolates",
    "known",
    "labeled",
    "match",
    "named",
    "namespace",
    "none_of",
    "only_for",
    "opens",
    "others",
    "parameter",
    "pod_metadata",
    "pod_spec",
    "policies_on",
    "reaches",
    "rule",
    "security_context",
    "selects",
    "some_rule",
    "switch",
    "text_of",
    "value_of",
    "where_known",
]
