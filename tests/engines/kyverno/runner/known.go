package main

import (
	"encoding/json"
	"fmt"

	"github.com/kyverno/kyverno/pkg/cel/libs"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// knownObjects is a cluster that serves every kind and holds these objects, for policies that list them. What else CEL
// may ask of a cluster is answered as Kyverno's command line answers it without one.
type knownObjects struct {
	libs.Context
	mapper  resourceMapper
	objects []unstructured.Unstructured
}

// newKnownObjects holds nothing. All of Kyverno asks it from now on.
func newKnownObjects(mapper resourceMapper) *knownObjects {
	known := &knownObjects{Context: libs.NewFakeContextProvider(), mapper: mapper}
	libs.LibraryContext = known
	return known
}

// replace makes these all that is held.
func (k *knownObjects) replace(objects []json.RawMessage) error {
	k.objects = nil
	for _, each := range objects {
		identity, err := identityOf(each)
		if err != nil {
			return err
		}
		if identity.Metadata.Name == "" {
			return fmt.Errorf("a known object has no name: %.200s", each)
		}
		var object unstructured.Unstructured
		if err := object.UnmarshalJSON(each); err != nil {
			return err
		}
		k.objects = append(k.objects, object)
	}
	return nil
}

// ListResources are the objects of this resource in the namespace, or in all namespaces if that is empty. The labels that
// Kyverno's own provider can select by are not used here.
func (k *knownObjects) ListResources(
	apiVersion, resource, namespace string, labels map[string]string,
) (*unstructured.UnstructuredList, error) {
	if len(labels) > 0 {
		return nil, fmt.Errorf("objects selected by labels")
	}
	version, err := schema.ParseGroupVersion(apiVersion)
	if err != nil {
		return nil, err
	}
	list := &unstructured.UnstructuredList{Object: map[string]any{"apiVersion": apiVersion, "kind": "List"}}
	for _, object := range k.objects {
		served := k.mapper.resource(object.GroupVersionKind()) == version.WithResource(resource)
		if served && (namespace == "" || object.GetNamespace() == namespace) {
			list.Items = append(list.Items, *object.DeepCopy())
		}
	}
	return list, nil
}

// Clone is this very cluster: Kyverno clones what holds generated objects, of which there are none.
func (k *knownObjects) Clone() libs.Context { return k }
