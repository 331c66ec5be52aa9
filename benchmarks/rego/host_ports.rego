package main

import data.lib

deny contains msg if {
	some container in lib.pod.containers
	some port in container.ports
	port.hostPort > 0
	msg := sprintf("%s %s has a container with a port of its node", [input.kind, input.metadata.name])
}
