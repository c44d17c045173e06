// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

namespace portreeve::devices {

/// Base58 with the Bitcoin alphabet, as the proxy writes tokens and credential ids: a leading zero
/// byte becomes a leading "1".
QString toBase58(const QByteArray& bytes);

/// nullopt for a character outside the alphabet.
std::optional<QByteArray> fromBase58(const QString& text);

} // namespace portreeve::devices
