"""Kyverno: a ValidatingPolicy for each rule."""
