package main

import data.lib

deny contains msg if {
	some container in lib.containers
	not container.resources.limits.memory
	msg := sprintf("%s %s has a container without a memory limit", [input.kind, input.metadata.name])
}
