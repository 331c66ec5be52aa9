package main

import data.lib

deny contains msg if {
	some container in lib.containers
	not "ALL" in object.get(container, ["securityContext", "capabilities", "drop"], [])
	msg := sprintf("%s %s has a container that keeps capabilities", [input.kind, input.metadata.name])
}
