package main

import (
	"errors"
	"fmt"
	"slices"

	v1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apiserver/pkg/admission/plugin/manifest"
	"k8s.io/kubernetes/pkg/apis/admissionregistration"
	"k8s.io/kubernetes/pkg/apis/admissionregistration/install"
	"k8s.io/kubernetes/pkg/apis/admissionregistration/validation"
)

// manifests are what the API server would store: each decoded strictly, defaulted and found valid.
type manifests struct {
	policies []*v1.ValidatingAdmissionPolicy
	bindings []*v1.ValidatingAdmissionPolicyBinding
}

// names are the policies' names, in order.
func (m *manifests) names() []string {
	names := make([]string, len(m.policies))
	for i, policy := range m.policies {
		names[i] = policy.Name
	}
	slices.Sort(names)
	return names
}

// apiTypes know the versions of policies that the API server takes, and the defaults of each.
var apiTypes = func() *runtime.Scheme {
	scheme := runtime.NewScheme()
	install.Install(scheme)
	return scheme
}()

var decoder = serializer.NewCodecFactory(apiTypes, serializer.EnableStrict).UniversalDeserializer()

// read takes every document of the YAML and JSON files in a folder.
func read(folder string) (*manifests, error) {
	documents, _, err := manifest.LoadFiles(folder)
	if err != nil {
		return nil, err
	}
	found := &manifests{}
	for _, document := range documents {
		if err := found.add(document.Doc); err != nil {
			return nil, fmt.Errorf("%s: %w", document.FilePath, err)
		}
	}
	if len(found.policies) == 0 {
		return nil, fmt.Errorf("%s holds no policy", folder)
	}
	return found, nil
}

func (m *manifests) add(document []byte) error {
	object, kind, err := decoder.Decode(document, nil, nil)
	if err != nil {
		return err
	}
	apiTypes.Default(object)
	switch object := object.(type) {
	case *v1.ValidatingAdmissionPolicy:
		m.policies = append(m.policies, object)
		return errors.Join(checkPolicy(object), unique(m.policies, object.Name))
	case *v1.ValidatingAdmissionPolicyBinding:
		m.bindings = append(m.bindings, object)
		return errors.Join(checkBinding(object), unique(m.bindings, object.Name))
	}
	return fmt.Errorf("%s is neither a ValidatingAdmissionPolicy of v1 nor a binding", kind)
}

// unique refuses a second object of one name, which the API server would take for a change of the first.
func unique[T metav1.Object](objects []T, name string) error {
	named := slices.IndexFunc(objects, func(object T) bool { return object.GetName() == name })
	if named != len(objects)-1 {
		return fmt.Errorf("%s is there twice", name)
	}
	return nil
}

// checkPolicy compiles every expression too. Parameters would need a cluster to read them from.
func checkPolicy(policy *v1.ValidatingAdmissionPolicy) error {
	var internal admissionregistration.ValidatingAdmissionPolicy
	if err := apiTypes.Convert(policy, &internal, nil); err != nil {
		return err
	}
	if policy.Spec.ParamKind != nil {
		return errors.New("spec.paramKind: parameters are not served here")
	}
	return problems(policy.Name, validation.ValidateValidatingAdmissionPolicy(&internal))
}

func checkBinding(binding *v1.ValidatingAdmissionPolicyBinding) error {
	var internal admissionregistration.ValidatingAdmissionPolicyBinding
	if err := apiTypes.Convert(binding, &internal, nil); err != nil {
		return err
	}
	return problems(binding.Name, validation.ValidateValidatingAdmissionPolicyBinding(&internal))
}

// problems adds the names that the API server keeps for itself.
func problems(name string, found field.ErrorList) error {
	return append(found, validation.ValidateStaticSuffix(name, field.NewPath("metadata", "name"))...).ToAggregate()
}
