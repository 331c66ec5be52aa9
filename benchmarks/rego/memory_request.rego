package main

import data.lib

deny contains msg if {
	some container in lib.containers
	not container.resources.requests.memory
	msg := sprintf("%s %s has a container that requests no memory", [input.kind, input.metadata.name])
}
