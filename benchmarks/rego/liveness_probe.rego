package main

import data.lib

deny contains msg if {
	some container in lib.pod.containers
	not container.livenessProbe
	msg := sprintf("%s %s has a container without a liveness probe", [input.kind, input.metadata.name])
}
