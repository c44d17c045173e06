// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QString>

namespace portreeve::devices {

/// Form escaping as the proxy computes it (devices.md 3.3): letters, digits and "-_.~" stay, a
/// space becomes "+", every other byte of the UTF-8 text "%XX".
QString formEscape(const QString& text);

} // namespace portreeve::devices
