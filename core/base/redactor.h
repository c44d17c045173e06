// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QString>

#include <vector>

namespace portreeve {

/// Takes known secrets out of technical text before it is logged, stored or shown.
class Redactor
{
public:
    /// Values shorter than four characters are ignored: blotting them out would garble the text
    /// and give their length away.
    void addSecret(const QString& secret);

    /// @p text with each secret, also in its percent-encoded and base64 form, replaced by
    /// "[redacted]".
    QString redact(QString text) const;

private:
    std::vector<QString> m_secrets;
};

/// scheme://host:port/path, without user info, query and fragment.
QString withoutQuery(const QString& url);

/// @p text with each address in it as withoutQuery() has it, where it has more than that.
QString withoutCredentials(const QString& text);

} // namespace portreeve
