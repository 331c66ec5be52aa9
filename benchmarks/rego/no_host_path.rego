package main

import data.lib

deny contains msg if {
	some volume in lib.pod.volumes
	volume.hostPath
	msg := sprintf("%s %s has a volume that is a path of its node", [input.kind, input.metadata.name])
}
