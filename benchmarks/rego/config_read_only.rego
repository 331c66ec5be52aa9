package main

import data.lib

deny contains msg if {
	some container in lib.pod.containers
	some mount in container.volumeMounts
	mount.name == "config"
	not mount.readOnly == true
	msg := sprintf("%s %s has a container that can write its configuration", [input.kind, input.metadata.name])
}
