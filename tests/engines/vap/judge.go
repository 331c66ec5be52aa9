package main

import (
	"context"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/plugin/policy/generic"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/client-go/kubernetes/scheme"
)

// judge puts a request to one policy; an error means that it is no request.
func (s *server) judge(asked question) (answer, error) {
	request, err := attributes(asked)
	if err != nil {
		return answer{}, err
	}
	s.dispatch.begin(asked.Rule)
	err = s.admit(request)
	if !s.dispatch.found {
		return answer{}, fmt.Errorf("no policy %q", asked.Rule)
	}
	return verdict(s.dispatch.results, err), nil
}

// admit is the server's own way of a request through the plugin. A panic is an error: in the server it ends the request.
func (s *server) admit(request admission.Attributes) (err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("panic: %v", panicked)
			s.dispatch.results = nil
		}
	}()
	return s.plugin.Validate(context.Background(), request, s.objects)
}

// attributes are what the server makes of a request. It has no old object on a creation, and only that on a deletion.
func attributes(asked question) (admission.Attributes, error) {
	operation := admission.Operation(asked.Operation)
	object, old := asked.Object, asked.Old
	switch operation {
	case admission.Create:
		old = nil
	case admission.Update:
	case admission.Delete:
		object = nil
	default:
		return nil, fmt.Errorf("no operation %q", operation)
	}
	subject := &unstructured.Unstructured{Object: object}
	if object == nil {
		subject.Object = old
	}
	if subject.Object == nil {
		return nil, fmt.Errorf("%s without the object", operation)
	}
	kind := subject.GroupVersionKind()
	return admission.NewAttributesRecord(
		present(object), present(old), kind, namespace(subject), subject.GetName(), resource(kind), asked.Subresource,
		operation, nil, false, &user.DefaultInfo{Name: "runner"},
	), nil
}

// resource is the one that serves a kind. The guess takes no notice of case, but "deployment" is served nowhere: in the
// server's own groups its types tell, and in others a kind is taken to hold letters of both cases, as is the custom.
func resource(kind schema.GroupVersionKind) schema.GroupVersionResource {
	served := kind.Kind != strings.ToLower(kind.Kind) && kind.Kind != strings.ToUpper(kind.Kind)
	if scheme.Scheme.IsGroupRegistered(kind.Group) {
		served = scheme.Scheme.Recognizes(kind)
	}
	if !served {
		return kind.GroupVersion().WithResource("")
	}
	guessed, _ := meta.UnsafeGuessKindToResource(kind)
	return guessed
}

// present keeps an absent object from becoming an interface that holds a pointer.
func present(content map[string]any) runtime.Object {
	if content == nil {
		return nil
	}
	return &unstructured.Unstructured{Object: content}
}

// namespace is the one that the request names: a namespace lies in itself.
func namespace(subject *unstructured.Unstructured) string {
	if subject.GroupVersionKind() == corev1.SchemeGroupVersion.WithKind("Namespace") {
		return subject.GetName()
	}
	return subject.GetNamespace()
}

// verdict reads what the evaluator said, whatever the binding makes of it. It says nothing of an object that the policy
// or its binding does not match, and has no decision where a match condition is false.
func verdict(results []validating.ValidateResult, err error) answer {
	said := answer{"skip", ""}
	for _, result := range results {
		for _, decision := range result.Decisions {
			switch decision.Evaluation {
			case validating.EvalAdmit:
				said = first(said, answer{"pass", ""})
			case validating.EvalDeny:
				said = first(said, answer{"fail", decision.Message})
			default:
				return answer{"error", decision.Message}
			}
		}
		for _, annotation := range result.AuditAnnotations {
			if annotation.Action == validating.AuditAnnotationActionError {
				return answer{"error", annotation.Error}
			}
		}
	}
	if said.Verdict != "fail" && err != nil {
		return answer{"error", err.Error()}
	}
	return said
}

// first keeps a failure, as the server reports the first.
func first(before, next answer) answer {
	if before.Verdict == "fail" {
		return before
	}
	return next
}

// listening dispatches a request to one policy, and keeps what its evaluator says.
type listening struct {
	generic.Dispatcher[hook]
	rule    string
	found   bool
	results []validating.ValidateResult
}

func (l *listening) begin(rule string) {
	l.rule, l.found, l.results = rule, false, nil
}

// Dispatch implements generic.Dispatcher.
func (l *listening) Dispatch(
	ctx context.Context, request admission.Attributes, objects admission.ObjectInterfaces, hooks []hook,
) error {
	for _, hook := range hooks {
		if hook.Policy.Name == l.rule {
			l.found = true
			hook.Evaluator = evaluator{hook.Evaluator, l}
			return l.Dispatcher.Dispatch(ctx, request, objects, []validating.PolicyHook{hook})
		}
	}
	return nil
}

type evaluator struct {
	validating.Validator
	listening *listening
}

// Validate implements validating.Validator.
func (e evaluator) Validate(
	ctx context.Context, matched schema.GroupVersionResource, request *admission.VersionedAttributes,
	parameters runtime.Object, namespace *corev1.Namespace, budget int64, authz authorizer.UnconditionalAuthorizer,
) validating.ValidateResult {
	result := e.Validator.Validate(ctx, matched, request, parameters, namespace, budget, authz)
	e.listening.results = append(e.listening.results, result)
	return result
}
