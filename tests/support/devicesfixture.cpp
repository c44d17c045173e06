// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/devicesfixture.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace portreeve::test {

namespace {
UtcTime systemNow()
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}
} // namespace

DevicesFixture::DevicesFixture()
    : m_secret(
          *SharedSecret::fromBase64(QString::fromLatin1(DatabrokerDouble::secret().toBase64())))
    , m_client(m_proxy.client(m_database.clock()))
{
    setProxyAhead(std::chrono::milliseconds(0));
    const auto target = store().targets().add({ .name = u"edge"_s });
    if (!target) {
        qFatal("no target: %s", qPrintable(target.error().toText()));
    }
    m_targetId = target->id;
}

void DevicesFixture::setProxyAhead(std::chrono::milliseconds by)
{
    m_database.clock().setWallClock(systemNow() - by);
}

QStringList DevicesFixture::writes() const
{
    QStringList writes;
    for (const auto& call : m_proxy.calls()) {
        if (call.method == u"Put" || call.method == u"Patch") {
            writes.append(call.method + u' ' + call.ids.join(u','));
        }
    }
    return writes;
}

QByteArray DevicesFixture::databaseBytes() const
{
    QByteArray bytes;
    const QDir folder = QFileInfo(m_database.path()).dir();
    for (const auto& name : folder.entryList(QDir::Files)) {
        QFile file(folder.filePath(name));
        if (file.open(QIODevice::ReadOnly)) {
            bytes += file.readAll();
        }
    }
    return bytes;
}

} // namespace portreeve::test
