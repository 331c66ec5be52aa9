"""The closed sets of words that nodes are made with."""

from __future__ import annotations

from enum import StrEnum


class ParameterType(StrEnum):
    """The type of a rule parameter, named as in JSON Schema; `quantity` is a string that holds one."""

    INTEGER = "integer"
    NUMBER = "number"
    STRING = "string"
    BOOLEAN = "boolean"
    QUANTITY = "quantity"
    STRINGS = "array of string"
    INTEGERS = "array of integer"


class ValueType(StrEnum):
    """What `IsType` asks for; `INTEGER` is a num without a fraction, of magnitude at most 2^53."""

    BOOLEAN = "boolean"
    NUMBER = "number"
    INTEGER = "integer"
    STRING = "string"
    LIST = "list"
    MAP = "map"


class Order(StrEnum):
    """An ordering test."""

    LESS = "<"
    AT_MOST = "<="
    GREATER = ">"
    AT_LEAST = ">="


class TextTest(StrEnum):
    """A test of a string against a string; both are compared code point by code point."""

    STARTS_WITH = "starts with"
    ENDS_WITH = "ends with"
    CONTAINS = "contains"
