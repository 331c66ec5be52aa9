"""All faults that are planted, of every printer."""

from __future__ import annotations

from tests.engines import (
    faults_cel,
    faults_jmespath,
    faults_mapping,
    faults_rego,
    faults_relations,
    faults_schema,
    faults_targets,
)

FAULTS = (
    *faults_mapping.faults(),
    *faults_cel.faults(),
    *faults_rego.faults(),
    *faults_schema.faults(),
    *faults_targets.faults(),
    *faults_relations.faults(),
    *faults_jmespath.faults(),
)
