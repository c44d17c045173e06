// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/base/message.h"

#include <QCoreApplication>

namespace portreeve {

namespace {
constexpr char kVerbatim[] = "%1";
}

Message::Message(const char* source, QStringList arguments)
    : m_source(source)
    , m_arguments(std::move(arguments))
{
}

Message Message::verbatim(QString text)
{
    return text.isEmpty() ? Message() : Message(kVerbatim, { std::move(text) });
}

QString Message::english() const
{
    return isEmpty() ? QString() : fill(QString::fromUtf8(m_source));
}

QString Message::translated() const
{
    return isEmpty() ? QString() : fill(QCoreApplication::translate("Message", m_source));
}

// Not QString::arg in a chain: an argument that itself holds "%2" must stay as it is.
QString Message::fill(QString text) const
{
    if (m_arguments.isEmpty()) {
        return text;
    }
    QString out;
    out.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        const bool placeholder = text.at(i) == u'%' && i + 1 < text.size() && text.at(i + 1) >= u'1'
            && text.at(i + 1) <= u'9';
        if (!placeholder) {
            out += text.at(i);
            continue;
        }
        const qsizetype index = text.at(i + 1).digitValue() - 1;
        out += index < m_arguments.size() ? m_arguments.at(index) : QString();
        ++i;
    }
    return out;
}

} // namespace portreeve
