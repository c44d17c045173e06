// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/open-policy-agent/opa/ast"
	"github.com/open-policy-agent/opa/rego"
	"github.com/open-policy-agent/opa/types"
	"github.com/pomerium/pomerium/authorize/evaluator"
	"github.com/pomerium/pomerium/pkg/policy/criteria"
)

// Rule modules with the facts of one request, and what the proxy would answer. Facts and answers are
// those of the exchange format of decided cases, less the status: it follows from the outcome.
type (
	undecided struct {
		ID      json.RawMessage `json:"id"`
		Modules []string        `json:"modules"`
		Facts   facts           `json:"facts"`
	}
	decision struct {
		ID           json.RawMessage `json:"id"`
		Allow        bool            `json:"allow"`
		Deny         bool            `json:"deny"`
		AllowReasons []string        `json:"allow_reasons"`
		DenyReasons  []string        `json:"deny_reasons"`
		Outcome      string          `json:"outcome,omitempty"`
		DeviceType   string          `json:"device_type,omitempty"`
		Error        string          `json:"error,omitempty"`
	}
)

// decide answers one question a line.
func decide(ctx context.Context, in io.Reader, out io.Writer) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, lineLimit)
	answers := json.NewEncoder(out)
	prepared := make(map[string]rego.PreparedEvalQuery)
	for lines.Scan() {
		var q undecided
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			return err
		}
		if err := answers.Encode(answer(ctx, q, prepared)); err != nil {
			return err
		}
	}
	return lines.Err()
}

func answer(ctx context.Context, q undecided, prepared map[string]rego.PreparedEvalQuery) decision {
	allow, deny := evaluator.NewRuleResult(false), evaluator.NewRuleResult(false)
	failed := func(err error) decision { return decision{ID: q.ID, Error: err.Error()} }
	known, err := q.Facts.known()
	if err != nil {
		return failed(err)
	}
	ctx = context.WithValue(ctx, recordsKey{}, known)
	for _, text := range q.Modules {
		query, ok := prepared[text]
		if !ok {
			if query, err = prepare(ctx, text); err != nil {
				return failed(err)
			}
			prepared[text] = query
		}
		results, err := query.Eval(ctx, rego.EvalInput(q.Facts.input(known)))
		if err != nil {
			return failed(err)
		}
		if len(results) != 1 {
			return failed(fmt.Errorf("%d results", len(results)))
		}
		module, _ := results[0].Bindings["result"].(map[string]any)
		allow = evaluator.MergeRuleResultsWithOr(allow, ruleResult(module["allow"]))
		deny = evaluator.MergeRuleResultsWithOr(deny, ruleResult(module["deny"]))
	}
	d := decision{
		ID:           q.ID,
		Allow:        allow.Value,
		Deny:         deny.Value,
		AllowReasons: names(allow.Reasons),
		DenyReasons:  names(deny.Reasons),
		Outcome:      httpOutcome(allow, deny),
	}
	if q.Facts.Kind == "ssh" {
		d.Outcome = sshOutcome(allow, deny)
	} else if d.Outcome == "DEVICE" {
		d.DeviceType = deviceType(allow, deny)
	}
	return d
}

type recordsKey struct{}

// prepare compiles a module as the proxy does.
func prepare(ctx context.Context, text string) (rego.PreparedEvalQuery, error) {
	lookup := &rego.Function{
		Name: "get_databroker_record",
		Decl: types.NewFunction(types.Args(types.S, types.S),
			types.NewObject(nil, types.NewDynamicProperty(types.S, types.S))),
	}
	return rego.New(
		rego.Module("pomerium.policy", text),
		rego.Query("result = data.pomerium.policy"),
		criteria.SSHVerifyUserCert,
		rego.Function2(lookup, func(call rego.BuiltinContext, kind, id *ast.Term) (*ast.Term, error) {
			all, _ := call.Context.Value(recordsKey{}).(knownRecords)
			record, ok := all[recordKey{textOf(kind), textOf(id)}]
			if !ok {
				return ast.NullTerm(), nil
			}
			value, err := ast.InterfaceToValue(record)
			return ast.NewTerm(value), err
		}),
	).PrepareForEval(ctx)
}

func textOf(term *ast.Term) string {
	text, _ := term.Value.(ast.String)
	return string(text)
}

// ruleResult reads [value, reasons, details], of which the proxy takes any beginning.
func ruleResult(value any) evaluator.RuleResult {
	result := evaluator.NewRuleResult(false)
	parts, _ := value.([]any)
	if len(parts) > 0 {
		result.Value, _ = parts[0].(bool)
	}
	if len(parts) > 1 {
		reasons, _ := parts[1].([]any)
		for _, reason := range reasons {
			result.Reasons.Add(criteria.Reason(fmt.Sprint(reason)))
		}
	}
	if len(parts) > 2 {
		if details, ok := parts[2].(map[string]any); ok {
			result.AdditionalData = details
		}
	}
	return result
}

func names(reasons criteria.Reasons) []string {
	sorted := reasons.Strings()
	if sorted == nil {
		return []string{}
	}
	return sorted
}

func hasAny(result evaluator.RuleResult, reasons ...criteria.Reason) bool {
	return slices.ContainsFunc(reasons, result.Reasons.Has)
}

// httpOutcome is the order in which the authorize service decides.
func httpOutcome(allow, deny evaluator.RuleResult) string {
	either := func(reason criteria.Reason) bool { return hasAny(allow, reason) || hasAny(deny, reason) }
	refused := func(result evaluator.RuleResult) string {
		switch {
		case hasAny(result, criteria.ReasonDeviceUnauthenticated):
			return "DEVICE"
		case hasAny(result, criteria.ReasonDeviceUnauthorized):
			return "450"
		case hasAny(result, criteria.ReasonClientCertificateRequired, criteria.ReasonInvalidClientCertificate):
			return "495"
		}
		return "403"
	}
	switch {
	case hasAny(deny, criteria.ReasonClientCertificateRequired, criteria.ReasonInvalidClientCertificate):
		return refused(deny)
	case either(criteria.ReasonUserUnauthenticated):
		return "LOGIN"
	case either(criteria.ReasonDeviceUnauthenticated):
		return "DEVICE"
	case deny.Value:
		return refused(deny)
	case allow.Value:
		return "200"
	}
	return refused(allow)
}

func sshOutcome(allow, deny evaluator.RuleResult) string {
	either := func(reason criteria.Reason) bool { return hasAny(allow, reason) || hasAny(deny, reason) }
	switch {
	case either(criteria.ReasonSSHPublickeyUnauthorized):
		return "NEXTKEY"
	case either(criteria.ReasonUserUnauthenticated):
		return "LOGIN"
	case allow.Value && !deny.Value:
		return "200"
	}
	return "403"
}

// deviceType is the kind of device that the registration page would ask for.
func deviceType(allow, deny evaluator.RuleResult) string {
	for _, result := range []evaluator.RuleResult{allow, deny} {
		if kind, ok := result.AdditionalData["device_type"].(string); ok {
			return kind
		}
	}
	return "any"
}

func decideLines(ctx context.Context) error {
	out := bufio.NewWriter(os.Stdout)
	if err := decide(ctx, os.Stdin, out); err != nil {
		return err
	}
	return out.Flush()
}
