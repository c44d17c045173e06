// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/directorylookup.h"

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

namespace {
Error notFound(const char* what, const QString& text, const QString& verb)
{
    return { .code = ErrorCode::NotFound,
        .what = message(what, text),
        .remedy = message(
            QT_TRANSLATE_NOOP("Message", "Look it up with portreevectl %1 list --search TEXT."),
            verb) };
}

Error ambiguous(const QString& text, const QStringList& ids)
{
    return usageError(message(QT_TRANSLATE_NOOP("Message", "“%1” names more than one object: %2."),
                          text, ids.join(u", "_s)),
        message(
            QT_TRANSLATE_NOOP("Message", "Give the id instead, with --connection where needed.")));
}

/// Everything that @p text names: by id, else by what @p matches says of a row.
template <typename Find, typename Count, typename Matches>
std::vector<Found> search(const DirectoryView& view, const Arguments& arguments,
    const QString& text, Find find, Count count, Matches matches)
{
    std::vector<Found> found;
    for (const auto& directory : view.connections) {
        const Row row = wanted(directory, arguments) ? find(*directory.snapshot, text) : kNoRow;
        if (row != kNoRow) {
            found.push_back({ .directory = &directory, .row = row });
        }
    }
    // An id somewhere wins over names elsewhere.
    const bool byName = found.empty();
    for (const auto& directory : view.connections) {
        for (Row row = 0;
            byName && wanted(directory, arguments) && row < count(*directory.snapshot); ++row) {
            if (matches(*directory.snapshot, row)) {
                found.push_back({ .directory = &directory, .row = row });
            }
        }
    }
    return found;
}

Result<Found> oneOf(const std::vector<Found>& found, const QString& text, bool group)
{
    if (found.empty()) {
        return group
            ? notFound(QT_TRANSLATE_NOOP("Message", "There is no group “%1”."), text, u"group"_s)
            : notFound(QT_TRANSLATE_NOOP("Message", "There is no user “%1”."), text, u"user"_s);
    }
    if (found.size() > 1) {
        QStringList ids;
        for (const auto& one : found) {
            const auto& snapshot = *one.directory->snapshot;
            ids.append(one.directory->connectionName + u'/'
                + (group ? snapshot.groupId(one.row) : snapshot.userId(one.row)));
        }
        return ambiguous(text, ids);
    }
    return found.front();
}
} // namespace

Result<Connection> chosenConnection(Store& store, const Arguments& arguments)
{
    auto named = store.connections().byName(arguments.value(u"connection"_s));
    if (!named && named.error().code == ErrorCode::NotFound) {
        Error error = named.error();
        error.code = ErrorCode::InvalidInput;
        return error;
    }
    return named;
}

Result<DirectoryViewPtr> loadView(Session& session, const Arguments& arguments)
{
    const auto store = session.store();
    if (!store) {
        return store.error();
    }
    if (arguments.has(u"connection"_s)) {
        if (const auto chosen = chosenConnection(**store, arguments); !chosen) {
            return chosen.error();
        }
    }
    return (*store)->directory().loadView();
}

bool wanted(const ConnectionDirectory& directory, const Arguments& arguments)
{
    return !arguments.has(u"connection"_s)
        || directory.connectionName.compare(arguments.value(u"connection"_s), Qt::CaseInsensitive)
        == 0;
}

Result<Found> findUser(const DirectoryView& view, const Arguments& arguments, const QString& text)
{
    return oneOf(search(
                     view, arguments, text,
                     [](const Snapshot& s, const QString& id) { return s.findUser(id); },
                     [](const Snapshot& s) { return s.userCount(); },
                     [&](const Snapshot& s, Row row) {
                         const auto user = s.user(row);
                         return user.login.compare(text, Qt::CaseInsensitive) == 0
                             || user.email.compare(text, Qt::CaseInsensitive) == 0
                             || user.displayName == text;
                     }),
        text, false);
}

Result<Found> findGroup(const DirectoryView& view, const Arguments& arguments, const QString& text)
{
    return oneOf(search(
                     view, arguments, text,
                     [](const Snapshot& s, const QString& id) { return s.findGroup(id); },
                     [](const Snapshot& s) { return s.groupCount(); },
                     [&](const Snapshot& s, Row row) { return s.group(row).name == text; }),
        text, true);
}

} // namespace portreeve::ctl
