"""OPA Gatekeeper: a ConstraintTemplate with CEL and Rego, and a Constraint, for each rule."""

from cmpolicy.targets.gatekeeper.package import Gatekeeper

__all__ = ["Gatekeeper"]
