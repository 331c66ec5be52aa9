package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-logr/logr"
	kyvernov1 "github.com/kyverno/kyverno/api/kyverno/v1"
	"github.com/kyverno/kyverno/cmd/cli/kubectl-kyverno/policy"
	"github.com/kyverno/kyverno/pkg/config"
	reports "github.com/kyverno/kyverno/pkg/controllers/report/utils"
	"github.com/kyverno/kyverno/pkg/engine"
	engineapi "github.com/kyverno/kyverno/pkg/engine/api"
	"github.com/kyverno/kyverno/pkg/engine/factories"
	"github.com/kyverno/kyverno/pkg/engine/jmespath"
	imageverifycache "github.com/kyverno/kyverno/pkg/image/verification/cache"
	"github.com/kyverno/kyverno/pkg/utils/report"
	policyvalidation "github.com/kyverno/kyverno/pkg/validation/policy"
	webhookutils "github.com/kyverno/kyverno/pkg/webhooks/utils"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// clusterPolicies judges with ClusterPolicies, which may list the known objects by calls of the API.
type clusterPolicies struct {
	mapper     resourceMapper
	background bool
	engine     engineapi.Engine
	contexts   webhookutils.PolicyContextBuilder
	scanner    reports.Scanner
}

func newClusterPolicies(mapper resourceMapper, known *knownObjects, background bool) clusterPolicies {
	report.NewReportingConfig([]string{"pass", "fail", "warn", "error", "skip"}, "validate")
	settings := config.NewDefaultConfiguration(false)
	settings.Load(nil) // without a ConfigMap a controller has these limits
	paths := jmespath.New(settings)
	judging := engine.NewEngine(
		settings,
		paths,
		apiServer{known: known},
		factories.DefaultRegistryClientFactory(nil, nil),
		imageverifycache.DisabledImageVerifyCache(),
		factories.DefaultContextLoaderFactory(nil),
		nil,
		nil,
	)
	return clusterPolicies{
		mapper:     mapper,
		background: background,
		engine:     judging,
		contexts:   webhookutils.NewPolicyContextBuilder(settings, paths),
		scanner:    reports.NewScanner(logr.Discard(), judging, settings, paths, nil, nil, nil, nil, nil),
	}
}

func (c clusterPolicies) load(folder string) (policies, error) {
	found, err := readPolicies(folder, func(results *policy.LoaderResults) []kyvernov1.PolicyInterface { return results.Policies })
	if err != nil {
		return nil, err
	}
	return prepared(found, c.judge)
}

// judge validates the policy as the command line does. The webhook runs the same checks, and asks the cluster which kinds are
// cluster-scoped, which matters to a policy that names namespaces.
func (c clusterPolicies) judge(found kyvernov1.PolicyInterface) (judge, error) {
	cluster, ok := found.(*kyvernov1.ClusterPolicy)
	if !ok {
		return nil, fmt.Errorf("its kind is %s, not ClusterPolicy", found.GetKind())
	}
	account := config.KyvernoUserName(config.KyvernoServiceAccountName())
	if _, err := policyvalidation.Validate(cluster, nil, nil, true, account, account); err != nil {
		return nil, err
	}
	if c.background {
		return judgeBy(cluster, reports.CanBackgroundProcess(cluster), c.scan), nil
	}
	return judgeBy(cluster, cluster.AdmissionProcessingEnabled(), c.admit), nil
}

// evaluation is what a policy says of an object.
type evaluation func(*kyvernov1.ClusterPolicy) ([]engineapi.RuleResponse, error)

func judgeBy(cluster *kyvernov1.ClusterPolicy, enabled bool, ask func(question) (evaluation, error)) judge {
	constant := withConstantMessage(cluster)
	return func(about question) (answer, error) {
		evaluate, err := ask(about)
		if err != nil {
			return answer{}, err
		}
		if !enabled {
			return answer{"skip", ""}, nil
		}
		responses, err := evaluate(cluster)
		if err != nil {
			return failedToJudge(err), nil
		}
		return verdictOf(responses, func(message string) bool {
			return errorWords.MatchString(message) && !failsWithConstant(evaluate, constant)
		}), nil
	}
}

// admit evaluates as the webhook does, see pkg/webhooks/resource/validation in Kyverno.
func (c clusterPolicies) admit(about question) (evaluation, error) {
	request, err := c.mapper.admissionRequest(about)
	if err != nil {
		return nil, err
	}
	return func(cluster *kyvernov1.ClusterPolicy) ([]engineapi.RuleResponse, error) {
		built, err := c.contexts.Build(request, nil, nil, schema.GroupVersionKind(request.Kind))
		if err != nil {
			return nil, err
		}
		judged := built.WithNamespaceLabels(map[string]string{}).WithPolicy(cluster)
		return c.engine.Validate(context.Background(), judged).PolicyResponse.Rules, nil
	}, nil
}

// scan evaluates by the scanner of the reports controller, see pkg/controllers/report/background in Kyverno.
func (c clusterPolicies) scan(about question) (evaluation, error) {
	object, err := scanned(about)
	if err != nil {
		return nil, err
	}
	resource := c.mapper.resource(object.GroupVersionKind())
	namespace := namespaceOf(object.GetNamespace())
	return func(cluster *kyvernov1.ClusterPolicy) ([]engineapi.RuleResponse, error) {
		asked := engineapi.NewKyvernoPolicy(cluster)
		for _, result := range c.scanner.ScanResource(context.Background(), object, resource, "", namespace, nil, nil, nil, asked) {
			return result.EngineResponse.PolicyResponse.Rules, result.Error
		}
		return nil, errors.New("the scan passed the object over")
	}, nil
}
