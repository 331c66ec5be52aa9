package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/kyverno/kyverno/pkg/utils/restmapper"
	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	kubejson "k8s.io/apimachinery/pkg/util/json"
)

// identity is what an API server's URL says of an object. Namespace is of any type: objects here are as odd as they come.
type identity struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   struct {
		Name      string `json:"name"`
		Namespace any    `json:"namespace"`
	} `json:"metadata"`
}

func identityOf(object json.RawMessage) (identity, error) {
	var read identity
	// Go's own reader takes "KIND" for "kind".
	if err := kubejson.Unmarshal(object, &read); err != nil {
		return identity{}, fmt.Errorf("the object: %w", err)
	}
	if read.APIVersion == "" || read.Kind == "" {
		return identity{}, errors.New("the object lacks apiVersion or kind")
	}
	return read, nil
}

// namespace is where a request about the object goes. An API server puts those about a Namespace into that namespace.
func (i identity) namespace() string {
	if i.APIVersion == "v1" && i.Kind == "Namespace" {
		return i.Metadata.Name
	}
	namespace, _ := i.Metadata.Namespace.(string)
	return namespace
}

// resourceMapper tells the resource of a kind, as the command line does.
type resourceMapper struct {
	mapper meta.RESTMapper
	known  map[schema.GroupVersionKind]schema.GroupVersionResource
}

func newResourceMapper() (resourceMapper, error) {
	mapper, err := restmapper.GetRESTMapper(nil)
	return resourceMapper{mapper, map[schema.GroupVersionKind]schema.GroupVersionResource{}}, err
}

// resource is the one that serves a kind.
func (m resourceMapper) resource(kind schema.GroupVersionKind) schema.GroupVersionResource {
	resource, known := m.known[kind]
	if !known {
		resource = m.find(kind)
		m.known[kind] = resource
	}
	return resource
}

// find guesses the resource of a kind that is not Kubernetes' own. Neither the mapper nor the guess heeds case, but "deployment"
// and "DEPLOYMENT" are served nowhere: a resource serves one kind, which is taken to have letters of both cases.
func (m resourceMapper) find(kind schema.GroupVersionKind) schema.GroupVersionResource {
	none := kind.GroupVersion().WithResource("")
	if kind.Kind == strings.ToLower(kind.Kind) || kind.Kind == strings.ToUpper(kind.Kind) {
		return none
	}
	if mapping, err := m.mapper.RESTMapping(kind.GroupKind(), kind.Version); err == nil {
		return mapping.Resource
	}
	guessed, _ := meta.UnsafeGuessKindToResource(kind)
	if _, err := m.mapper.KindFor(guessed); err == nil {
		return none
	}
	return guessed
}

// admissionRequest is what an API server sends to the webhook; an error is a question that no API server can ask.
func (m resourceMapper) admissionRequest(about question) (admissionv1.AdmissionRequest, error) {
	object, old, err := objectsOf(about)
	if err != nil {
		return admissionv1.AdmissionRequest{}, err
	}
	subject := object
	if subject == nil {
		subject = old
	}
	identity, err := identityOf(subject)
	if err != nil {
		return admissionv1.AdmissionRequest{}, err
	}
	kind := schema.FromAPIVersionAndKind(identity.APIVersion, identity.Kind)
	resource := metav1.GroupVersionResource(m.resource(kind))
	dryRun := false
	return admissionv1.AdmissionRequest{
		Kind:               metav1.GroupVersionKind(kind),
		Resource:           resource,
		SubResource:        about.Subresource,
		RequestKind:        (*metav1.GroupVersionKind)(&kind),
		RequestResource:    &resource,
		RequestSubResource: about.Subresource,
		Name:               identity.Metadata.Name,
		Namespace:          identity.namespace(),
		Operation:          admissionv1.Operation(about.Operation),
		Object:             runtime.RawExtension{Raw: object},
		OldObject:          runtime.RawExtension{Raw: old},
		DryRun:             &dryRun,
	}, nil
}

// objectsOf are the object and the old object that a request carries, nil where it has none.
func objectsOf(about question) (object, old []byte, err error) {
	object, old = raw(about.Object), raw(about.Old)
	switch admissionv1.Operation(about.Operation) {
	case admissionv1.Create:
		if object != nil && old == nil {
			return object, nil, nil
		}
	case admissionv1.Update:
		if object != nil && old != nil {
			return object, old, nil
		}
	case admissionv1.Delete:
		if old != nil {
			return nil, old, nil
		}
	}
	return nil, nil, fmt.Errorf("no %q request has such an object and old object", about.Operation)
}

// raw is the JSON, or nil for null.
func raw(value json.RawMessage) []byte {
	if string(value) == "null" {
		return nil
	}
	return value
}

// scanned is the object as the reports controller reads it from the API server.
func scanned(about question) (unstructured.Unstructured, error) {
	if about.Operation != string(admissionv1.Create) || about.Subresource != "" || raw(about.Old) != nil {
		return unstructured.Unstructured{}, errors.New("a background scan knows no operation, old object or subresource")
	}
	if _, err := identityOf(about.Object); err != nil {
		return unstructured.Unstructured{}, err
	}
	var object unstructured.Unstructured
	return object, object.UnmarshalJSON(about.Object)
}

// namespaceOf is the namespace of that name in a cluster that holds every namespace.
func namespaceOf(name string) *corev1.Namespace {
	if name == "" {
		return nil
	}
	labels := map[string]string{corev1.LabelMetadataName: name}
	return &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: labels}}
}
