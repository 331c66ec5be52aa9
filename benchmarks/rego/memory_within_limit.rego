package main

import data.lib

deny contains msg if {
	some container in lib.containers
	not within_limit(container)
	msg := sprintf("%s %s has a container that requests more memory than its limit", [input.kind, input.metadata.name])
}

within_limit(container) if {
	limit := units.parse_bytes(container.resources.limits.memory)
	units.parse_bytes(container.resources.requests.memory) <= limit
}
