package main

import (
	"regexp"

	kyvernov1 "github.com/kyverno/kyverno/api/kyverno/v1"
)

// Where validate.cel cannot evaluate an expression it reports a violation, with the error for a message. Such a message is
// told from a policy's own by asking again with another message: the error stays.

// constantMessage is what no policy says.
const constantMessage = "kyverno-runner: the condition is false"

// errorWords are in every error of k8s.io/apiserver/pkg/admission/plugin/cel. Only where one of them is in a message is it
// asked again, which takes as long as the first time.
var errorWords = regexp.MustCompile("error|failed|cost")

// withConstantMessage is the policy with constantMessage for every message.
func withConstantMessage(cluster *kyvernov1.ClusterPolicy) *kyvernov1.ClusterPolicy {
	copied := cluster.DeepCopy()
	for _, rule := range copied.Spec.Rules {
		rule.Validation.Message = constantMessage
		if rule.HasValidateCEL() {
			for index := range rule.Validation.CEL.Expressions {
				validation := &rule.Validation.CEL.Expressions[index]
				validation.Message, validation.MessageExpression = constantMessage, ""
			}
		}
	}
	return copied
}

func failsWithConstant(evaluate evaluation, constant *kyvernov1.ClusterPolicy) bool {
	responses, err := evaluate(constant)
	return err == nil && verdictOf(responses, never) == answer{"fail", constantMessage}
}
