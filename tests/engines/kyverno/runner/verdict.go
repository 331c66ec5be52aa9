package main

import (
	"fmt"

	engineapi "github.com/kyverno/kyverno/pkg/engine/api"
)

func failedToJudge(err error) answer { return answer{"error", err.Error()} }

// verdictOf is what a policy's responses say. A policy here has one rule, so a second response that is no skip is an error.
// A failure whose message passes broken is the engine's own error.
func verdictOf(responses []engineapi.RuleResponse, broken func(message string) bool) answer {
	var given []answer
	for _, response := range responses {
		if response.Status() != engineapi.RuleStatusSkip {
			given = append(given, verdictOfOne(response, broken))
		}
	}
	switch len(given) {
	case 0:
		return answer{"skip", ""}
	case 1:
		return given[0]
	}
	return answer{"error", fmt.Sprintf("%d responses: %v", len(given), given)}
}

func verdictOfOne(response engineapi.RuleResponse, broken func(string) bool) answer {
	message := response.Message()
	switch status := response.Status(); {
	case status == engineapi.RuleStatusPass:
		return answer{"pass", ""}
	case status == engineapi.RuleStatusFail && !broken(message):
		return answer{"fail", message}
	default:
		return answer{"error", message}
	}
}

func never(string) bool { return false }
