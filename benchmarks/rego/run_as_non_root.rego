package main

import data.lib

deny contains msg if {
	some container in lib.containers
	pod_default := object.get(lib.pod, ["securityContext", "runAsNonRoot"], false)
	not object.get(container, ["securityContext", "runAsNonRoot"], pod_default) == true
	msg := sprintf("%s %s has a container that may run as root", [input.kind, input.metadata.name])
}
