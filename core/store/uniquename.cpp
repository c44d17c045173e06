// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/uniquename.h"

#include "core/store/database.h"
#include "core/store/namekey.h"

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr qsizetype kLongestName = 64;

Error badName(Message what)
{
    return { .code = ErrorCode::InvalidInput,
        .what = std::move(what),
        .remedy = message(QT_TRANSLATE_NOOP("Message", "Choose another name.")),
        .detail = {},
        .cause = {},
        .field = u"name"_s };
}

} // namespace

Result<void> checkUniqueName(
    Database& database, const QString& table, const QString& name, const QString& id)
{
    const QString trimmed = name.trimmed();
    if (trimmed.isEmpty()) {
        return badName(message(QT_TRANSLATE_NOOP("Message", "The name is empty.")));
    }
    if (trimmed.size() > kLongestName) {
        return badName(message(QT_TRANSLATE_NOOP("Message", "A name has 1 to 64 characters.")));
    }
    const auto taken = database.number(
        u"SELECT count(*) FROM %1 WHERE name_key = ? AND id <> ?"_s.arg(table), nameKey(name), id);
    if (!taken) {
        return taken.error();
    }
    if (*taken > 0) {
        return badName(
            message(QT_TRANSLATE_NOOP("Message", "The name %1 is taken already."), trimmed));
    }
    return {};
}

} // namespace portreeve
