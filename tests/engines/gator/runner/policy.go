package main

import (
	"context"
	"fmt"

	apiconstraints "github.com/open-policy-agent/frameworks/constraint/pkg/apis/constraints"
	constraintclient "github.com/open-policy-agent/frameworks/constraint/pkg/client"
	"github.com/open-policy-agent/frameworks/constraint/pkg/client/drivers/rego"
	"github.com/open-policy-agent/frameworks/constraint/pkg/core/templates"
	"github.com/open-policy-agent/gatekeeper/v3/pkg/drivers/k8scel"
	celschema "github.com/open-policy-agent/gatekeeper/v3/pkg/drivers/k8scel/schema"
	"github.com/open-policy-agent/gatekeeper/v3/pkg/target"
	"github.com/open-policy-agent/gatekeeper/v3/pkg/util"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// policy is one constraint. CEL that cannot be evaluated is a violation to the strict client and none to the lenient,
// which is there only beside the CEL driver.
type policy struct {
	strict, lenient *constraintclient.Client
}

// newPolicy is the constraint in clients of its own: in one client for all, each would be matched for each verdict.
func newPolicy(template *templates.ConstraintTemplate, constraint *unstructured.Unstructured, cel bool) (*policy, error) {
	strict, err := newClient(withFailurePolicy(template, "Fail"), constraint, cel)
	if err != nil {
		return nil, err
	}
	if !cel {
		return &policy{strict: strict}, enforced(constraint)
	}
	lenient, err := newClient(withFailurePolicy(template, "Ignore"), constraint, cel)
	if err != nil {
		return nil, err
	}
	return &policy{strict, lenient}, enforced(constraint)
}

func newClient(
	template *templates.ConstraintTemplate, constraint *unstructured.Unstructured, cel bool,
) (*constraintclient.Client, error) {
	client, err := emptyClient(cel)
	if err != nil {
		return nil, err
	}
	if template != nil {
		if _, err := client.AddTemplate(context.Background(), template); err != nil {
			return nil, err
		}
	}
	_, err = client.AddConstraint(context.Background(), constraint.DeepCopy())
	return client, err
}

// emptyClient has the drivers in the order of `gator test`: of two that know a template's code the first is used.
func emptyClient(cel bool) (*constraintclient.Client, error) {
	var drivers []constraintclient.Opt
	if cel {
		driver, err := k8scel.New()
		if err != nil {
			return nil, err
		}
		drivers = append(drivers, constraintclient.Driver(driver))
	}
	driver, err := rego.New()
	if err != nil {
		return nil, err
	}
	return constraintclient.NewClient(append(
		drivers,
		constraintclient.Driver(driver),
		constraintclient.Targets(&target.K8sValidationTarget{}),
		constraintclient.EnforcementPoints(util.WebhookEnforcementPoint),
	)...)
}

// withFailurePolicy is the template with this failure policy in its CEL code.
func withFailurePolicy(template *templates.ConstraintTemplate, policy string) *templates.ConstraintTemplate {
	template = template.DeepCopy()
	if template == nil {
		return nil
	}
	for _, code := range code(template) {
		if fields, isMap := code.Source.Value.(map[string]any); isMap && code.Engine == celschema.Name {
			fields["failurePolicy"] = policy
		}
	}
	return template
}

// enforced refuses a constraint that the webhook or gator would pass over.
func enforced(constraint *unstructured.Unstructured) error {
	action, err := util.GetEnforcementAction(constraint.Object)
	if err != nil {
		return err
	}
	if err := util.ValidateEnforcementAction(action, constraint.Object); err != nil || action != util.Scoped {
		return err
	}
	points := []string{util.WebhookEnforcementPoint, util.GatorEnforcementPoint}
	actions, err := apiconstraints.GetEnforcementActionsForEP(constraint, points)
	if err != nil {
		return err
	}
	for _, point := range points {
		if len(actions[point]) == 0 {
			return fmt.Errorf("not enforced at %s", point)
		}
	}
	return nil
}
