// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QString>

namespace portreeve::ctl {

/// The whole file, or standard input for "-". @return NotFound or LimitExceeded naming the file
Result<QByteArray> readInput(const QString& path);

} // namespace portreeve::ctl
