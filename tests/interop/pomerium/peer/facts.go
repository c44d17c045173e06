// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	"github.com/pomerium/pomerium/authorize/evaluator"
	"github.com/pomerium/pomerium/pkg/grpc/device"
	"github.com/pomerium/pomerium/pkg/grpc/session"
	"github.com/pomerium/pomerium/pkg/grpc/user"
	"golang.org/x/crypto/ssh"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"
)

const (
	typePrefix         = "type.googleapis.com/"
	sessionType        = typePrefix + "session.Session"
	serviceAccountType = typePrefix + "user.ServiceAccount"
)

// facts is what a request and the databroker say, by the names of the exchange format.
type facts struct {
	Kind      string    `json:"kind"`
	Now       time.Time `json:"now"`
	SessionID string    `json:"session_id"`
	HTTP      struct {
		Method            string            `json:"method"`
		Scheme            string            `json:"scheme"`
		Host              string            `json:"host"`
		Hostname          string            `json:"hostname"`
		IP                string            `json:"ip"`
		Body              string            `json:"body"`
		Target            string            `json:"target"`
		Path              *string           `json:"path"`
		RawQuery          *string           `json:"raw_query"`
		Headers           map[string]string `json:"headers"`
		ClientCertificate struct {
			Presented     bool   `json:"presented"`
			Leaf          string `json:"leaf"`
			Intermediates string `json:"intermediates"`
		} `json:"client_certificate"`
	} `json:"http"`
	CertificateIsValid *bool `json:"is_valid_client_certificate"`
	SSH                struct {
		Username  string `json:"username"`
		PublicKey string `json:"publickey"`
	} `json:"ssh"`
	MCP struct {
		Method   string                        `json:"method"`
		ToolCall *evaluator.RequestMCPToolCall `json:"tool_call"`
	} `json:"mcp"`
	Records map[string]map[string]json.RawMessage `json:"records"`
}

type (
	recordKey    struct{ kind, id string }
	knownRecords map[recordKey]map[string]any
)

// known is each record as a rule sees it. Those that have run out are not there.
func (f *facts) known() (knownRecords, error) {
	all := make(knownRecords)
	for kind, byID := range f.Records {
		for id, text := range byID {
			full, message := newRecord(kind)
			if err := protojson.Unmarshal(text, message); err != nil {
				return nil, fmt.Errorf("%s %s: %w", kind, id, err)
			}
			if expiring, ok := message.(interface{ GetExpiresAt() *timestamppb.Timestamp }); ok && f.over(expiring.GetExpiresAt()) {
				continue
			}
			bytes, err := json.Marshal(message)
			if err != nil {
				return nil, err
			}
			var fields map[string]any
			if err := json.Unmarshal(bytes, &fields); err != nil {
				return nil, err
			}
			if _, ok := fields["id"]; !ok && !strings.HasPrefix(full, "pomerium.io/") {
				fields["id"] = id
			}
			all[recordKey{full, id}] = fields
		}
	}
	return all, nil
}

func newRecord(kind string) (string, proto.Message) {
	switch strings.TrimPrefix(kind, typePrefix) {
	case "session", "session.Session":
		return sessionType, &session.Session{}
	case "service_account", "user.ServiceAccount":
		return serviceAccountType, &user.ServiceAccount{}
	case "user", "user.User":
		return typePrefix + "user.User", &user.User{}
	case "device_credential", "pomerium.device.Credential":
		return typePrefix + "pomerium.device.Credential", &device.Credential{}
	case "device_enrollment", "pomerium.device.Enrollment":
		return typePrefix + "pomerium.device.Enrollment", &device.Enrollment{}
	case "directory_user":
		return "pomerium.io/DirectoryUser", &structpb.Struct{}
	}
	return kind, &structpb.Struct{}
}

func (f *facts) over(at *timestamppb.Timestamp) bool {
	now := f.Now
	if now.IsZero() {
		now = time.Now()
	}
	return at != nil && at.AsTime().Before(now)
}

// input is what the rules of one request read.
func (f *facts) input(known knownRecords) map[string]any {
	request := evaluator.PolicyRequest{
		HTTP:                     f.httpRequest(),
		SSH:                      evaluator.RequestSSH{Username: f.SSH.Username, PublicKey: publicKey(f.SSH.PublicKey)},
		Session:                  evaluator.RequestSession{ID: f.SessionID},
		IsValidClientCertificate: f.CertificateIsValid == nil || *f.CertificateIsValid,
	}
	userID := ""
	if f.Kind == "ssh" {
		request.HTTP = evaluator.RequestHTTP{Hostname: f.HTTP.Hostname, IP: f.HTTP.IP}
	} else {
		request.MCP = evaluator.RequestMCP{Method: f.MCP.Method, ToolCall: f.MCP.ToolCall}
		request.Session.ID, userID = f.loadedSession(known)
	}
	bytes, _ := json.Marshal(request) // of texts and numbers
	var input map[string]any
	_ = json.Unmarshal(bytes, &input)
	if f.Kind != "ssh" { // since 0.33
		input["session"].(map[string]any)["user_id"] = userID
	}
	return input
}

func (f *facts) httpRequest() evaluator.RequestHTTP {
	scheme := f.HTTP.Scheme
	if scheme == "" {
		scheme = "https"
	}
	request := evaluator.RequestHTTPFromCheckRequest(context.Background(), &authv3.CheckRequest{
		Attributes: &authv3.AttributeContext{
			Source: &authv3.AttributeContext_Peer{Address: &corev3.Address{Address: &corev3.Address_SocketAddress{
				SocketAddress: &corev3.SocketAddress{Address: f.HTTP.IP}}}},
			Request: &authv3.AttributeContext_Request{Http: &authv3.AttributeContext_HttpRequest{
				Method: f.HTTP.Method, Scheme: scheme, Host: f.HTTP.Host, Path: f.HTTP.Target,
				Headers: f.HTTP.Headers, Body: f.HTTP.Body,
			}},
		},
	})
	request.ClientCertificate = evaluator.ClientCertificateInfo(f.HTTP.ClientCertificate)
	if f.HTTP.Path != nil {
		request.Path = *f.HTTP.Path
	}
	if f.HTTP.RawQuery != nil {
		request.RawQuery = *f.HTTP.RawQuery
	}
	return request
}

// loadedSession is what the proxy finds before it asks the rules: a service account only where there
// is no session of that id, not even one that has run out.
func (f *facts) loadedSession(known knownRecords) (id, userID string) {
	for kind := range f.Records {
		full, _ := newRecord(kind)
		if _, exists := f.Records[kind][f.SessionID]; exists && full == sessionType {
			return found(known, recordKey{sessionType, f.SessionID})
		}
	}
	return found(known, recordKey{serviceAccountType, f.SessionID})
}

func found(known knownRecords, key recordKey) (id, userID string) {
	record, ok := known[key]
	if !ok {
		return "", ""
	}
	userID, _ = record["user_id"].(string)
	return key.id, userID
}

// publicKey is the wire form of an authorized_keys line, or of that form in base64.
func publicKey(text string) []byte {
	if key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(text)); err == nil { //nolint:dogsled
		return key.Marshal()
	}
	bytes, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(bytes) == 0 {
		return nil
	}
	return bytes
}
