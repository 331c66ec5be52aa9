package main

deny contains msg if {
	not input.metadata.labels["example.com/team"]
	msg := sprintf("%s %s names no team", [input.kind, input.metadata.name])
}
