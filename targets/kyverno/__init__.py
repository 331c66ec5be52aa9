"""Kyverno: a ClusterPolicy for each rule."""
