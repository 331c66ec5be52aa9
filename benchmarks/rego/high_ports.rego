package main

import data.lib

deny contains msg if {
	some container in lib.pod.containers
	some port in container.ports
	port.containerPort < 1024
	msg := sprintf("%s %s has a container that listens below 1024", [input.kind, input.metadata.name])
}
