// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <string_view>

namespace portreeve {

/// Position of the first @p needle in @p text, npos without one. Compares the first and the last
/// byte of the needle at 16 positions a step where the CPU allows it (performance.md 8).
/// @param needle  not empty
std::size_t findBytes(std::string_view text, std::string_view needle);

/// The same for every CPU.
std::size_t findBytesPortable(std::string_view text, std::string_view needle);

} // namespace portreeve
