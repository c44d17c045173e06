// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Package uuidx stands in for a message that only configures Envoy.
package uuidx

import (
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

type UuidxRequestIdConfig struct {
	emptypb.Empty
	PackTraceReason              *wrapperspb.BoolValue
	UseRequestIdForTraceSampling *wrapperspb.BoolValue
}
