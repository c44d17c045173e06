// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/storecheck.h"

#include "core/store/auditlog.h"
#include "core/store/database.h"
#include "core/store/directoryreader.h"
#include "core/store/runjournal.h"
#include "core/store/storageerror.h"

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

using Faults = std::vector<QString>;

struct DirectoryHead
{
    std::int64_t connection = 0;
    QString name {};
    std::int64_t users = 0;
    std::int64_t groups = 0;
    std::int64_t memberships = 0;
};

Result<void> checkFile(Database& database, Faults& faults)
{
    const auto answers = database.all(
        u"PRAGMA integrity_check"_s, [](const Statement& row) { return row.text(0); });
    if (!answers) {
        return answers.error();
    }
    for (const QString& answer : *answers) {
        if (answer != u"ok") {
            faults.push_back(u"The data file is damaged: %1."_s.arg(answer));
        }
    }
    const auto orphans = database.all(u"PRAGMA foreign_key_check"_s, [](const Statement& row) {
        return u"A row of table %1 refers to a row of %2 that is not there."_s.arg(
            row.text(0), row.text(2));
    });
    if (!orphans) {
        return orphans.error();
    }
    faults.insert(faults.end(), orphans->begin(), orphans->end());
    return {};
}

Result<void> checkDirectories(Database& database, Faults& faults)
{
    const auto heads = database.all(
        u"SELECT d.connection, c.name, d.user_count, d.group_count, d.membership_count "
        "FROM directory d JOIN connection c ON c.key = d.connection ORDER BY c.name_key"_s,
        [](const Statement& row) {
            return DirectoryHead { .connection = row.integer(0),
                .name = row.text(1),
                .users = row.integer(2),
                .groups = row.integer(3),
                .memberships = row.integer(4) };
        });
    if (!heads) {
        return heads.error();
    }
    for (const DirectoryHead& head : *heads) {
        const auto snapshot = readSnapshot(database, head.connection);
        if (!snapshot) {
            faults.push_back(u"The directory of %1 cannot be read: %2."_s.arg(
                head.name, snapshot.error().detail));
            continue;
        }
        const Snapshot& content = **snapshot;
        const auto memberships = static_cast<std::int64_t>(
            content.userMembershipCount() + content.groupMembershipCount());
        if (head.users != content.userCount() || head.groups != content.groupCount()
            || head.memberships != memberships) {
            faults.push_back(u"The directory of %1 holds %2 users, %3 groups and %4 memberships, "
                             "but %5, %6 and %7 were counted."_s.arg(head.name)
                                 .arg(content.userCount())
                                 .arg(content.groupCount())
                                 .arg(memberships)
                                 .arg(head.users)
                                 .arg(head.groups)
                                 .arg(head.memberships));
        }
    }
    return {};
}

Result<void> checkRuns(Database& database, Faults& faults)
{
    const auto runs = database.all(u"SELECT run, max(first + count) FROM run_change_block "
                                   "GROUP BY run ORDER BY run"_s,
        [](const Statement& row) { return std::pair(row.integer(0), row.integer(1)); });
    if (!runs) {
        return runs.error();
    }
    for (const auto& [run, count] : *runs) {
        const auto changes = RunJournal(database).read(run, 0, count);
        if (!changes || static_cast<std::int64_t>(changes->size()) != count) {
            faults.push_back(u"The changes of run %1 cannot be read."_s.arg(run));
        }
    }
    return {};
}

Result<void> checkAudit(Database& database, Faults& faults)
{
    const SystemClock clock;
    const auto broken = AuditLog(database, clock).firstBroken();
    if (!broken) {
        return broken.error();
    }
    if (*broken) {
        faults.push_back(
            u"The audit log was changed from outside at or before entry %1."_s.arg(**broken));
    }
    return {};
}

} // namespace

Result<void> quickCheck(Database& database)
{
    auto answer = database.query(u"PRAGMA quick_check(1)"_s);
    const auto row = answer ? answer->next() : Result<bool>(answer.error());
    if (!row) {
        return row.error();
    }
    return answer->text(0) == u"ok" ? Result<void>()
                                    : damagedError(database.path(), answer->text(0));
}

Result<std::vector<QString>> checkStore(Database& database)
{
    auto transaction = Transaction::begin(database, Transaction::Kind::Read);
    if (!transaction) {
        return transaction.error();
    }
    Faults faults;
    for (const auto check : { checkFile, checkDirectories, checkRuns, checkAudit }) {
        if (const auto done = check(database, faults); !done) {
            return done.error();
        }
    }
    return faults;
}

} // namespace portreeve
