// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/changedfields.h"

#include <QStringList>

namespace portreeve {

namespace {

QString oneEachLine(const std::vector<QString>& items)
{
    return QStringList(items.begin(), items.end()).join(u'\n');
}

} // namespace

void ChangedFields::add(const QString& name, const QString& before, const QString& after)
{
    if (before != after) {
        m_fields.push_back({ .name = name, .before = before, .after = after });
    }
}

void ChangedFields::add(
    const QString& name, const std::vector<QString>& before, const std::vector<QString>& after)
{
    add(name, oneEachLine(before), oneEachLine(after));
}

} // namespace portreeve
