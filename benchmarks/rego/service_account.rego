package main

import data.lib

deny contains msg if {
	object.get(lib.pod, "serviceAccountName", "default") in {"", "default"}
	msg := sprintf("%s %s runs as the default ServiceAccount", [input.kind, input.metadata.name])
}
