package main

import data.lib

deny contains msg if {
	some container in lib.containers
	units.parse_bytes(container.resources.limits.memory) > units.parse_bytes("4Gi")
	msg := sprintf("%s %s has a container with a memory limit above 4Gi", [input.kind, input.metadata.name])
}
