// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QString>
#include <QTemporaryDir>

namespace portreeve::test {

/// A self-signed certificate with its key, made by the openssl tool for one test.
class Certificate
{
public:
    /// @param name  its subject; names of 127.0.0.1 hold for servers too
    explicit Certificate(const QString& name);

    /// False where the openssl tool is missing.
    bool isValid() const { return m_isValid; }

    QString certificateFile() const { return m_folder.filePath(QStringLiteral("cert.pem")); }

    QString keyFile() const { return m_folder.filePath(QStringLiteral("key.pem")); }

private:
    QTemporaryDir m_folder;
    bool m_isValid = false;
};

} // namespace portreeve::test
