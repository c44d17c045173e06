// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <databroker.pb.h>

#include <optional>

namespace portreeve::test {

/// What memory and file storage make of a Query filter: only ids, $or and $and of them and $index
/// find anything. nullopt for what they call not supported.
std::optional<bool> matchesFilter(
    const google::protobuf::Struct& filter, const databroker::Record& record);

/// Whether any text of the record's Struct contains the words, without regard to case.
bool matchesText(const std::string& words, const databroker::Record& record);

} // namespace portreeve::test
