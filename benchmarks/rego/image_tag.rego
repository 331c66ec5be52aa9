package main

import data.lib

deny contains msg if {
	some container in lib.containers
	endswith(container.image, ":latest")
	msg := sprintf("%s %s has a container whose image has no version", [input.kind, input.metadata.name])
}
