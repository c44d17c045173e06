// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/devices/linkorder.h"

#include <QByteArray>
#include <QString>

namespace portreeve::devices {

/// What the person does with the link, as a mail would tell them; with the signed form only.
QString mailText(const IssuedLink& issued);

/// "mailto:" URL of a draft to that person (RFC 6068); without an address where none is known.
QString mailDraft(const IssuedLink& issued);

/// A CSV with one row a link, in their order: user_id, name, email, url, expires_at, enrollment_id.
/// Confidential like the links in it: a file of it belongs to its owner only.
QByteArray linksCsv(const std::vector<IssuedLink>& links);

/// Writes linksCsv() into a file that only its owner can read, in place of one that is there.
/// @return Storage naming the file
Result<void> saveLinks(const QString& path, const std::vector<IssuedLink>& links);

} // namespace portreeve::devices
