"""Passes over the IR, one file each. Every pass keeps the verdict of every object."""

from cmpolicy.passes.bind_parameters import bind_parameters, set_parameters
from cmpolicy.passes.expand_workloads import expand_workloads
from cmpolicy.passes.normalize import normalize, to_nnf

__all__ = ["bind_parameters", "expand_workloads", "normalize", "set_parameters", "to_nnf"]
