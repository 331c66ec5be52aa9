"""OPA Gatekeeper: a ConstraintTemplate with CEL and Rego, and a Constraint, for each rule."""
