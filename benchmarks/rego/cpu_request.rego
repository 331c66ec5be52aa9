package main

import data.lib

deny contains msg if {
	some container in lib.containers
	not container.resources.requests.cpu
	msg := sprintf("%s %s has a container that requests no processor time", [input.kind, input.metadata.name])
}
