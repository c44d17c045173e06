// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QByteArray>
#include <QJsonObject>

#include <optional>

namespace portreeve {

/// What the bytes of a google.protobuf.Struct say, to show it. nullopt when they are none.
std::optional<QJsonObject> structToJson(const QByteArray& bytes);

} // namespace portreeve
