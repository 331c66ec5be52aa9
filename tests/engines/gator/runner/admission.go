package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	mutationtypes "github.com/open-policy-agent/gatekeeper/v3/pkg/mutation/types"
	"github.com/open-policy-agent/gatekeeper/v3/pkg/target"
	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	kjson "sigs.k8s.io/json"
)

// identity is what every object has. A namespace may be anything.
type identity struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   struct {
		Name      string `json:"name"`
		Namespace any    `json:"namespace"`
	} `json:"metadata"`
}

// admission is the request as Gatekeeper's webhook hands it to its client (createReviewForRequest, pkg/webhook/policy.go);
// nil if the webhook is not asked.
func admission(asked *question) (*target.AugmentedReview, error) {
	object, old := present(asked.Object), present(asked.Old)
	switch asked.Operation {
	case admissionv1.Create, admissionv1.Update, admissionv1.Delete:
	default:
		return nil, fmt.Errorf("operation %q", asked.Operation)
	}
	about, err := identify(object, old)
	if err != nil {
		return nil, err
	}
	resource, _ := meta.UnsafeGuessKindToResource(about.gvk())
	if !heard(resource.Resource, asked.Subresource) {
		return nil, nil
	}
	if asked.Subresource == "scale" {
		about, object, old = scaleIdentity(about), scaleOf(object), scaleOf(old)
	}
	return review(asked, about, resource, object, old), nil
}

// present is the text of a value, nil for null.
func present(value json.RawMessage) []byte {
	if bytes.Equal(value, []byte("null")) {
		return nil
	}
	return value
}

func identify(object, old []byte) (*identity, error) {
	if object == nil {
		object = old
	}
	about := &identity{}
	// Not encoding/json: it would read a key `Kind` as `kind`.
	if err := kjson.UnmarshalCaseSensitivePreserveInts(object, about); err != nil {
		return nil, err
	}
	if about.APIVersion == "" || about.Kind == "" || about.Metadata.Name == "" {
		return nil, fmt.Errorf("no apiVersion, kind or name")
	}
	return about, nil
}

func (about *identity) gvk() schema.GroupVersionKind {
	return schema.FromAPIVersionAndKind(about.APIVersion, about.Kind)
}

// namespace is empty for a Namespace, as the webhook has it.
func (about *identity) namespace() string {
	if about.gvk().GroupKind() == (schema.GroupKind{Kind: "Namespace"}) {
		return ""
	}
	name, _ := about.Metadata.Namespace.(string)
	return name
}

func review(
	asked *question, about *identity, resource schema.GroupVersionResource, object, old []byte,
) *target.AugmentedReview {
	return &target.AugmentedReview{
		AdmissionRequest: &admissionv1.AdmissionRequest{
			Kind:        metav1.GroupVersionKind(about.gvk()),
			Resource:    metav1.GroupVersionResource(resource),
			SubResource: asked.Subresource,
			Name:        about.Metadata.Name,
			Namespace:   about.namespace(),
			Operation:   asked.Operation,
			Object:      runtime.RawExtension{Raw: object},
			OldObject:   runtime.RawExtension{Raw: old},
		},
		Namespace:   namespaceObject(about.namespace()),
		Source:      mutationtypes.SourceTypeOriginal,
		IsAdmission: true,
	}
}

// namespaceObject is a namespace with the one label that every namespace has.
func namespaceObject(name string) *corev1.Namespace {
	if name == "" {
		return nil
	}
	labels := map[string]string{corev1.LabelMetadataName: name}
	return &corev1.Namespace{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"},
		ObjectMeta: metav1.ObjectMeta{Name: name, Labels: labels},
	}
}
