// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/devices/linktexts.h"

#include "core/export/tablewriter.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QSaveFile>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace portreeve::devices {

namespace {
QString expiryText(UtcTime time)
{
    return toRfc3339(time).replace(u'T', u' ').replace(u"Z"_s, u" UTC"_s);
}

QString escaped(const QString& text)
{
    return QString::fromLatin1(QUrl::toPercentEncoding(text));
}
} // namespace

QString mailText(const IssuedLink& issued)
{
    const QString end = issued.expiresAt
        //: %1 date and time
        ? QCoreApplication::translate("Message", "The link works once, only for you, until %1.")
              .arg(expiryText(*issued.expiresAt))
        : QCoreApplication::translate("Message", "The link works once, only for you.");
    //: %1 name of a person, %2 host, %3 a link, %4 how long it works
    const QString text = QCoreApplication::translate("Message",
        "Hello %1,\n\nwith this link you enroll the device you open it on for %2:\n\n%3\n\n"
        "Sign in when asked, then press “Register New Device”.\n"
        "%4 An error page with the number 500 or 400 "
        "means that the link is bad, used or over: ask for a new one.\n");
    return text.arg(issued.link.userName, issued.link.host, issued.url, end);
}

QString mailDraft(const IssuedLink& issued)
{
    const QString subject = QCoreApplication::translate("Message", "Enroll your device");
    // RFC 6068, 5: line breaks are CR LF.
    const QString body = mailText(issued).replace(u'\n', u"\r\n"_s);
    return u"mailto:"_s + escaped(issued.email) + u"?subject="_s + escaped(subject) + u"&body="_s
        + escaped(body);
}

QByteArray linksCsv(const std::vector<IssuedLink>& links)
{
    QBuffer out;
    out.open(QIODevice::WriteOnly);
    const TableSource table { .columns
        = { u"user_id"_s, u"name"_s, u"email"_s, u"url"_s, u"expires_at"_s, u"enrollment_id"_s },
        .rowCount = static_cast<std::int64_t>(links.size()),
        .row = [&links](std::int64_t index) -> QStringList {
            const auto& issued = links[static_cast<std::size_t>(index)];
            return { issued.link.userId, issued.link.userName, issued.email, issued.url,
                issued.expiresAt ? toRfc3339(*issued.expiresAt) : QString(),
                issued.link.enrollmentId };
        } };
    const auto written = writeTable(out, TableFormat::Csv, table);
    Q_ASSERT(written.hasValue()); // memory refuses nothing
    return out.data();
}

Result<void> saveLinks(const QString& path, const std::vector<IssuedLink>& links)
{
    QSaveFile file(path);
    const QByteArray csv = linksCsv(links);
    const bool written = file.open(QIODevice::WriteOnly)
        && file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner)
        && file.write(csv) == csv.size() && file.commit();
    if (written) {
        return {};
    }
    return Error { .code = ErrorCode::Storage,
        .what
        = message(QT_TRANSLATE_NOOP("Message", "The links could not be written to %1."), path),
        .remedy = message(
            QT_TRANSLATE_NOOP("Message", "Choose a folder you may write to, with room left.")),
        .detail = file.errorString() };
}

} // namespace portreeve::devices
