package main

import data.lib

deny contains msg if {
	some container in lib.pod.containers
	not container.readinessProbe
	msg := sprintf("%s %s has a container without a readiness probe", [input.kind, input.metadata.name])
}
