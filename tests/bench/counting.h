// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QtGlobal>

#include <functional>
#include <optional>

namespace portreeve::bench {

/// Runs @p work. In a process started by countInstructions() the first call counts.
void countOnce(const std::function<void()>& work);

/// Runs this program with the same arguments once more under callgrind. @return instructions of the
/// counted part; nothing without valgrind
std::optional<qint64> countInstructions();

} // namespace portreeve::bench
