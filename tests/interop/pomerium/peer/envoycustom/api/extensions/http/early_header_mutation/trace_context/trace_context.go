// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Package trace_context stands in for a message that only configures Envoy.
package trace_context

import "google.golang.org/protobuf/types/known/emptypb"

type TraceContext struct{ emptypb.Empty }
