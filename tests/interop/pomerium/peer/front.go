// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	"github.com/pomerium/pomerium/config"
	"github.com/pomerium/pomerium/config/envoyconfig"
)

// front stands where Envoy does: it finds the route and asks the authorize service. Instead of going
// on to the route's destination it answers 200, with the headers that the destination would get.
type front struct {
	routes func(context.Context) ([]*config.Policy, error) // in the order in which they are tried
	check  func(context.Context, *authv3.CheckRequest) (*authv3.CheckResponse, error)
}

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	route, err := f.route(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if route == nil {
		http.Error(w, "no such route", http.StatusNotFound)
		return
	}
	id, err := route.RouteID()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer, err := f.check(r.Context(), question(r, id, route.Checksum()))
	switch {
	case err != nil:
		http.Error(w, err.Error(), http.StatusInternalServerError)
	case answer.GetDeniedResponse() != nil:
		denied := answer.GetDeniedResponse()
		copyHeaders(w, denied.GetHeaders())
		w.WriteHeader(int(denied.GetStatus().GetCode()))
		fmt.Fprint(w, denied.GetBody())
	default:
		copyHeaders(w, answer.GetOkResponse().GetHeaders())
		fmt.Fprintln(w, "allowed")
	}
}

// route is the first one that matches.
func (f *front) route(r *http.Request) (*config.Policy, error) {
	routes, err := f.routes(r.Context())
	if err != nil {
		return nil, err
	}
	address := &url.URL{Scheme: "https", Host: r.Host, Path: r.URL.Path}
	for _, route := range routes {
		if route.Matches(address, true) {
			return route, nil
		}
	}
	return nil, nil
}

// fileRoutes are those of the configuration, in its order.
func fileRoutes(source config.Source) []*config.Policy {
	return slices.Collect(source.GetConfig().Options.GetAllPolicies())
}

func question(r *http.Request, routeID string, checksum uint64) *authv3.CheckRequest {
	headers := make(map[string]string, len(r.Header))
	for name, values := range r.Header {
		headers[strings.ToLower(name)] = strings.Join(values, ",")
	}
	return &authv3.CheckRequest{Attributes: &authv3.AttributeContext{
		ContextExtensions: envoyconfig.MakeExtAuthzContextExtensions(false, routeID, checksum),
		Request: &authv3.AttributeContext_Request{Http: &authv3.AttributeContext_HttpRequest{
			Method:  r.Method,
			Scheme:  "https",
			Host:    r.Host,
			Path:    r.URL.RequestURI(),
			Headers: headers,
		}},
	}}
}

func copyHeaders(w http.ResponseWriter, headers []*corev3.HeaderValueOption) {
	for _, option := range headers {
		w.Header().Set(option.GetHeader().GetKey(), option.GetHeader().GetValue())
	}
}
