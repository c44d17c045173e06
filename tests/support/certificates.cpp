// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/certificates.h"

#include <QProcess>

using namespace Qt::StringLiterals;

namespace portreeve::test {

Certificate::Certificate(const QString& name)
{
    QProcess openssl;
    openssl.setStandardErrorFile(QProcess::nullDevice());
    openssl.start(u"openssl"_s,
        { u"req"_s, u"-x509"_s, u"-newkey"_s, u"rsa:2048"_s, u"-nodes"_s, u"-days"_s, u"2"_s,
            u"-subj"_s, u"/CN="_s + name, u"-addext"_s, u"subjectAltName=IP:127.0.0.1"_s,
            u"-keyout"_s, keyFile(), u"-out"_s, certificateFile() });
    m_isValid = openssl.waitForFinished() && openssl.exitCode() == 0;
}

} // namespace portreeve::test
