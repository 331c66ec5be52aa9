package main

import data.lib

deny contains msg if {
	lib.pod.terminationGracePeriodSeconds > 120
	msg := sprintf("%s %s may take longer than two minutes to end", [input.kind, input.metadata.name])
}
