package main

import (
	"context"
	"fmt"

	policiesv1beta1 "github.com/kyverno/api/api/policies.kyverno.io/v1beta1"
	"github.com/kyverno/kyverno/cmd/cli/kubectl-kyverno/policy"
	celengine "github.com/kyverno/kyverno/pkg/cel/engine"
	"github.com/kyverno/kyverno/pkg/cel/libs"
	"github.com/kyverno/kyverno/pkg/cel/matching"
	"github.com/kyverno/kyverno/pkg/cel/policies/vpol"
	vpolcompiler "github.com/kyverno/kyverno/pkg/cel/policies/vpol/compiler"
	vpolengine "github.com/kyverno/kyverno/pkg/cel/policies/vpol/engine"
	engineapi "github.com/kyverno/kyverno/pkg/engine/api"
	admissionv1 "k8s.io/api/admission/v1"
	authenticationv1 "k8s.io/api/authentication/v1"
)

// validatingPolicies judges with ValidatingPolicies, each compiled once.
type validatingPolicies struct {
	mapper     resourceMapper
	background bool
}

func (v validatingPolicies) load(folder string) (policies, error) {
	found, err := readPolicies(folder, func(results *policy.LoaderResults) []policiesv1beta1.ValidatingPolicyLike {
		return results.ValidatingPolicies
	})
	if err != nil {
		return nil, err
	}
	return prepared(found, v.judge)
}

// judge validates the policy as Kyverno's webhook for policies does, and compiles it.
func (v validatingPolicies) judge(found policiesv1beta1.ValidatingPolicyLike) (judge, error) {
	validating, ok := found.(*policiesv1beta1.ValidatingPolicy)
	if !ok {
		return nil, fmt.Errorf("its kind is %s, not ValidatingPolicy", found.GetKind())
	}
	if _, err := vpol.Validate(validating); err != nil {
		return nil, err
	}
	compiled := []policiesv1beta1.ValidatingPolicyLike{validating}
	provider, err := vpolengine.NewProvider(vpolcompiler.NewCompiler(), compiled, nil)
	if err != nil {
		return nil, err
	}
	engine := vpolengine.NewEngine(provider, namespaceOf, matching.NewMatcher())
	if v.background {
		return judgeOnce(engine, validating.BackgroundEnabled(), v.scan), nil
	}
	return judgeOnce(engine, validating.Spec.AdmissionEnabled(), v.admit), nil
}

func judgeOnce(engine vpolengine.Engine, enabled bool, ask func(question) (celengine.EngineRequest, error)) judge {
	return func(about question) (answer, error) {
		request, err := ask(about)
		if err != nil {
			return answer{}, err
		}
		if !enabled {
			return answer{"skip", ""}, nil
		}
		response, err := engine.Handle(context.Background(), request, nil)
		if err != nil {
			return failedToJudge(err), nil
		}
		var rules []engineapi.RuleResponse
		for _, each := range response.Policies {
			rules = append(rules, each.Rules...)
		}
		return verdictOf(rules, never), nil
	}
}

// admit is the request that the webhook makes, see pkg/webhooks/resource/vpol in Kyverno.
func (v validatingPolicies) admit(about question) (celengine.EngineRequest, error) {
	request, err := v.mapper.admissionRequest(about)
	return celengine.RequestFromAdmission(libs.GetLibsCtx(), request), err
}

// scan is the request that the scanner makes, see pkg/controllers/report/utils in Kyverno. The scanner itself compiles a
// policy again for each object, which takes a hundred times longer than judging.
func (v validatingPolicies) scan(about question) (celengine.EngineRequest, error) {
	object, err := scanned(about)
	kind := object.GroupVersionKind()
	return celengine.Request(
		libs.GetLibsCtx(),
		kind,
		v.mapper.resource(kind),
		"",
		object.GetName(),
		object.GetNamespace(),
		admissionv1.Create,
		authenticationv1.UserInfo{},
		&object,
		nil,
		false,
		nil,
	), err
}
