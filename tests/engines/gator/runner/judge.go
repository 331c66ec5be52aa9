package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/go-logr/logr"
	constraintclient "github.com/open-policy-agent/frameworks/constraint/pkg/client"
	"github.com/open-policy-agent/frameworks/constraint/pkg/client/reviews"
	"github.com/open-policy-agent/frameworks/constraint/pkg/types"
	"github.com/open-policy-agent/gatekeeper/v3/pkg/target"
	"github.com/open-policy-agent/gatekeeper/v3/pkg/util"
)

type answer struct {
	Verdict string `json:"verdict"`
	Message string `json:"message"`
}

// judge is the constraint's word on a request; a request that the webhook is not asked about is skipped.
func (p *policy) judge(request *target.AugmentedReview) (said answer) {
	defer func() {
		if panicked := recover(); panicked != nil {
			said = answer{"error", fmt.Sprintf("panic: %v", panicked)}
		}
	}()
	if request == nil {
		return answer{"skip", ""}
	}
	responses, err := ask(p.strict, request)
	if err != nil {
		return answer{"error", err.Error()}
	}
	violations := violations(responses)
	switch {
	case len(violations) > 1:
		return answer{"error", fmt.Sprintf("%d violations: %s", len(violations), messages(violations))}
	case len(violations) == 1 && p.failed(request, violations[0]):
		return answer{"error", violations[0].Msg}
	case len(violations) == 1:
		return answer{"fail", violations[0].Msg}
	// A driver that was asked about the constraint leaves statistics; it is not asked if the constraint does not match.
	case len(responses.StatsEntries) == 0:
		return answer{"skip", ""}
	default:
		return answer{"pass", ""}
	}
}

// ask reviews the request as the webhook does.
func ask(client *constraintclient.Client, request *target.AugmentedReview) (*types.Responses, error) {
	options := []reviews.ReviewOpt{reviews.EnforcementPoint(util.WebhookEnforcementPoint), reviews.Stats(true)}
	if namespace := util.NamespaceReviewOpt(request.Namespace, logr.Discard()); namespace != nil {
		options = append(options, namespace)
	}
	// The CEL driver takes the object out of the request it is given on deletion; the next client needs it.
	own := *request
	own.AdmissionRequest = request.AdmissionRequest.DeepCopy()
	return client.Review(context.Background(), &own, options...)
}

// failed says whether the violation is an error. Only those of CEL name their target, and an error goes away with the
// failure policy. Rego gives a violation details, if only empty ones, and an error none; nor has a match that failed any.
func (p *policy) failed(request *target.AugmentedReview, violation *types.Result) bool {
	if violation.Target == "" {
		return violation.Metadata["details"] == nil
	}
	responses, err := ask(p.lenient, request)
	return err != nil || len(violations(responses)) == 0
}

// violations are as the drivers made them: Results of types.Responses writes the target into each.
func violations(responses *types.Responses) []*types.Result {
	return responses.ByTarget[target.Name].Results
}

func messages(violations []*types.Result) string {
	texts := make([]string, len(violations))
	for i, violation := range violations {
		texts[i] = violation.Msg
	}
	return strings.Join(texts, "; ")
}
