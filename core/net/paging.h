// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/net/httpclient.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QSet>

namespace portreeve {

/// Ends a listing that would never end: a cursor seen before, or more than 100,000 pages.
class PageGuard
{
public:
    /// @param source  who is paged through, for the sentence
    explicit PageGuard(QString source);

    /// Call it before each page. @return BadResponse when the listing runs in a circle
    Result<void> enter(const QString& cursor);

private:
    QString m_source;
    QSet<QString> m_seen;
};

/// A link of an answer as a request of ours: its path and query on the configured @p base.
/// @return BadResponse when it leads to an origin that is neither the base nor @p vendorOrigin
Result<QUrl> linkOnBase(const QUrl& base, const QUrl& link, const QUrl& vendorOrigin = {});

/// The JSON of an answer; BadResponse naming @p source when it is none.
Result<QJsonObject> readObject(const HttpResponse& response, const QString& source);
Result<QJsonArray> readArray(const HttpResponse& response, const QString& source);

/// The collection of a page. A page without its key is BadResponse, never an empty list.
Result<QJsonArray> collection(const QJsonObject& page, const QString& key, const QString& source);

/// "@p source answered in a form this program does not understand."
Error malformedAnswer(const QString& source, const QString& detail);

} // namespace portreeve
