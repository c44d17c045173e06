// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QString>

namespace portreeve {

/// Puts @p content in place of the file in one step: temporary file in the same folder, flushed to
/// disk, owner and mode kept, renamed over. The previous version stays beside it as ".bak". The
/// file is never truncated: to a proxy an empty or half-written file is a valid one.
/// @return whether the content differed; InvalidInput for empty content and for what is no file (a
/// folder, a device), Storage with the path otherwise
Result<bool> replaceFile(const QString& path, const QByteArray& content);

} // namespace portreeve
