// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/net/httpclient.h"

namespace portreeve {

/// What an unwanted HTTP status means where the provider has no better explanation of its own.
/// @param source  who answered, as it stands in the sentence
Error statusError(const QString& source, const HttpRequest& request, const HttpResponse& response);

} // namespace portreeve
