package main

import data.lib

deny contains msg if {
	some container in lib.pod.containers
	"--log-level=debug" in container.args
	msg := sprintf("%s %s has a container that logs at debug level", [input.kind, input.metadata.name])
}
