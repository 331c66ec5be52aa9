"""The language that rules are written in: typed expressions over manifests, traced once to IR."""

from cmpolicy.dsl.commands import Switch, flag, switch
from cmpolicy.dsl.conditions import Condition, all_of, any_of, none_of
from cmpolicy.dsl.expressions import Boolean, Integer, IntOrString, Number, Quantity, String, Value
from cmpolicy.dsl.helm import FixManifests, HelmValues, Template, ValueOf, only_for, text_of, value_of
from cmpolicy.dsl.images import Image, image
from cmpolicy.dsl.match import Match, Predicate, in_namespaces, in_namespaces_like, labeled, match, named
from cmpolicy.dsl.parameters import given, parameter
from cmpolicy.dsl.relations import known, others, selects, where_known
from cmpolicy.dsl.rule import Pack, RuleDefinition, rule
from cmpolicy.dsl.structures import List, Map, Object, integers, percentages
from cmpolicy.dsl.workloads import (
    AnyObject,
    EffectiveSecurityContext,
    Workload,
    containers,
    namespace,
    pod_spec,
    security_context,
)

__all__ = [
    "AnyObject",
    "Boolean",
    "Condition",
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
    "Pack",
    "Predicate",
    "Quantity",
    "RuleDefinition",
    "String",
    "Switch",
    "Template",
    "Value",
    "ValueOf",
    "Workload",
    "all_of",
    "any_of",
    "containers",
    "flag",
    "given",
    "image",
    "in_namespaces",
    "in_namespaces_like",
    "integers",
    "known",
    "labeled",
    "match",
    "named",
    "namespace",
    "none_of",
    "only_for",
    "others",
    "parameter",
    "percentages",
    "pod_spec",
    "rule",
    "security_context",
    "selects",
    "switch",
    "text_of",
    "value_of",
    "where_known",
]
