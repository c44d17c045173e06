// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/devices/formescape.h"

#include <QByteArray>

namespace portreeve::devices {

QString formEscape(const QString& text)
{
    // Qt leaves exactly the unreserved characters alone; a plus of the text itself is escaped
    // before spaces turn into one.
    return QString::fromLatin1(text.toUtf8().toPercentEncoding().replace("%20", "+"));
}

} // namespace portreeve::devices
