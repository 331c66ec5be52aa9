package main

import data.lib

deny contains msg if {
	some container in lib.pod.containers
	container.livenessProbe.periodSeconds < 5
	msg := sprintf("%s %s has a container that is probed too often", [input.kind, input.metadata.name])
}
