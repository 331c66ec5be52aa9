package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"regexp"

	engineapi "github.com/kyverno/kyverno/pkg/engine/api"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// apiServer is the known objects as an API server lists them, for the calls of ClusterPolicies. Nothing else of Kyverno's
// engine asks for more than what is here; what did would panic, which is no answer.
type apiServer struct {
	engineapi.Client
	known *knownObjects
}

// listPath is the path of a list: of a resource of the core group or of another, in a namespace or in all.
var listPath = regexp.MustCompile(`^/(?:api|apis/([^/]+))/([^/]+)/(?:namespaces/([^/]+)/)?([^/]+)$`)

// RawAbsPath answers a GET of a list.
func (a apiServer) RawAbsPath(_ context.Context, path, method string, _ io.Reader) ([]byte, error) {
	parts := listPath.FindStringSubmatch(path)
	if method != "GET" || parts == nil {
		return nil, fmt.Errorf("the server could not find the requested resource: %s %s", method, path)
	}
	group, version, namespace, resource := parts[1], parts[2], parts[3], parts[4]
	if group != "" {
		version = group + "/" + version
	}
	list, err := a.known.ListResources(version, resource, namespace, nil)
	if err != nil {
		return nil, err
	}
	items := []map[string]any{}
	for _, object := range list.Items {
		// An API server leaves out what all the objects of its own kinds in a list have in common.
		delete(object.Object, "apiVersion")
		delete(object.Object, "kind")
		items = append(items, object.Object)
	}
	return json.Marshal(map[string]any{"apiVersion": version, "kind": "List", "items": items})
}

// GetNamespace is the namespace of that name in a cluster that holds every namespace.
func (a apiServer) GetNamespace(_ context.Context, name string, _ metav1.GetOptions) (*corev1.Namespace, error) {
	return namespaceOf(name), nil
}
