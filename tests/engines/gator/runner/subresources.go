package main

import (
	"encoding/json"

	kjson "sigs.k8s.io/json"
)

// subresources are those that Gatekeeper's webhook is asked about besides every resource: config/webhook/manifests.yaml.
var subresources = map[string]bool{
	"pods/ephemeralcontainers":     true,
	"pods/exec":                    true,
	"pods/log":                     true,
	"pods/eviction":                true,
	"pods/portforward":             true,
	"pods/proxy":                   true,
	"pods/attach":                  true,
	"pods/binding":                 true,
	"pods/resize":                  true,
	"deployments/scale":            true,
	"replicasets/scale":            true,
	"statefulsets/scale":           true,
	"replicationcontrollers/scale": true,
	"services/proxy":               true,
	"nodes/proxy":                  true,
	"services/status":              true,
}

// heard says whether the webhook is asked. Deletions count although its chart asks for them only with
// enableDeleteOperations, so that what a policy makes of them is seen.
func heard(resource, subresource string) bool {
	return subresource == "" || subresources[resource+"/"+subresource]
}

func scaleIdentity(about *identity) *identity {
	scale := *about
	scale.APIVersion, scale.Kind = "autoscaling/v1", "Scale"
	return &scale
}

// scaleOf is the Scale that an API server sends for a workload on its subresource `scale`; nil for nil.
func scaleOf(workload []byte) []byte {
	var parts struct {
		Metadata json.RawMessage `json:"metadata"`
		Spec     json.RawMessage `json:"spec"`
	}
	if workload == nil || kjson.UnmarshalCaseSensitivePreserveInts(workload, &parts) != nil {
		return nil
	}
	spec := struct {
		Replicas json.RawMessage `json:"replicas,omitempty"`
	}{}
	// A spec that is no map has no replicas.
	_ = kjson.UnmarshalCaseSensitivePreserveInts(parts.Spec, &spec)
	scale, _ := json.Marshal(map[string]any{
		"apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": parts.Metadata, "spec": spec,
	})
	return scale
}
