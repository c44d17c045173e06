// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QString>

#include <cstdint>

namespace portreeve {

/// Names this process so that no later one is taken for it: boot, number and start time.
QString currentProcess();

/// Whether the process named by currentProcess() is still there.
bool isProcessAlive(const QString& process);

/// A number no other thread of this process ever has.
std::int64_t currentThreadNumber();

} // namespace portreeve
