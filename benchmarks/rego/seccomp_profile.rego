package main

import data.lib

deny contains msg if {
	some container in lib.containers
	pod_default := object.get(lib.pod, ["securityContext", "seccompProfile", "type"], "")
	profile := object.get(container, ["securityContext", "seccompProfile", "type"], pod_default)
	not profile in {"RuntimeDefault", "Localhost"}
	msg := sprintf("%s %s has a container without a seccomp profile", [input.kind, input.metadata.name])
}
