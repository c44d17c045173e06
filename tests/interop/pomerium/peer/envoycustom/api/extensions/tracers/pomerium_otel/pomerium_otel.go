// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Package pomerium_otel stands in for a message that only configures Envoy.
package pomerium_otel

import (
	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	"google.golang.org/protobuf/types/known/emptypb"
)

type OpenTelemetryConfig struct {
	emptypb.Empty
	ServiceName       string
	ResourceDetectors []*corev3.TypedExtensionConfig
	GrpcService       *corev3.GrpcService
}
