// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/joincheck.h"

#include "core/access/recordids.h"
#include "core/proxy/databroker/databrokerclient.h"
#include "core/proxy/databroker/devicerecords.h"
#include "core/proxy/databroker/directorycodec.h"

#include <QHash>
#include <QSet>

#include <map>

namespace portreeve {

namespace {

/// People known from signing in, and whom service accounts act as: id to e-mail address. Sorted, so
/// that reports are stable.
using SignIns = std::map<QString, QString>;

void addSignIn(SignIns& known, const QString& userId, const QString& email)
{
    if (userId.isEmpty()) {
        return;
    }
    auto& stored = known[userId];
    if (stored.isEmpty()) {
        stored = email;
    }
}

Result<void> readSignIns(
    const DatabrokerClient& client, UtcTime now, SignIns& known, const std::stop_token& stop)
{
    const auto users = client.syncLatest(
        recordtype::kUser,
        [&known](DatabrokerRecord&& record) {
            if (const auto user = signedInUserData(record)) {
                addSignIn(known, user->id, user->email);
            }
        },
        stop);
    if (!users) {
        return users.error();
    }
    const auto sessions = client.syncLatest(
        recordtype::kSession,
        [&known, now](DatabrokerRecord&& record) {
            const auto session = sessionData(record);
            const bool isLive = session && (!session->expiresAt || *session->expiresAt > now);
            if (isLive) {
                addSignIn(known, session->userId, session->email);
            }
        },
        stop);
    if (!sessions) {
        return sessions.error();
    }
    const auto accounts = client.syncLatest(
        recordtype::kServiceAccount,
        [&known, now](DatabrokerRecord&& record) {
            const auto account = serviceAccountData(record);
            const bool isLive = account && (!account->expiresAt || *account->expiresAt > now);
            if (isLive) {
                addSignIn(known, account->userId, {});
            }
        },
        stop);
    return accounts ? Result<void>() : Result<void>(accounts.error());
}

/// The directory as the databroker holds it.
Result<QSet<QString>> readRecordIds(
    const DatabrokerClient& client, JoinReport& report, const std::stop_token& stop)
{
    QSet<QString> ids;
    for (const auto kind : { DirectoryRecordKind::Group, DirectoryRecordKind::User }) {
        const auto type = recordTypeOf(kind);
        const auto options = client.options(type, stop);
        if (!options) {
            return options.error();
        }
        if (*options && (*options)->capacity) {
            report.warnings.push_back(message(
                QT_TRANSLATE_NOOP("Message",
                    "The proxy keeps at most %1 records of type %2 and deletes the oldest by "
                    "itself: people will lose access. Take that capacity option away."),
                QString::number(*(*options)->capacity), QString(type)));
        }
    }
    const auto users = client.syncLatest(
        recordtype::kDirectoryUser, [&ids](DatabrokerRecord&& record) { ids.insert(record.id); },
        stop);
    if (!users) {
        return users.error();
    }
    return ids;
}

/// Finds the likely cause of a sign-in without a record.
class CauseFinder
{
public:
    explicit CauseFinder(const JoinDirectory& directory)
    {
        for (const auto& user : directory.records.users) {
            m_exported.insert(user.id);
            addEmail(user.email, user.id);
        }
        for (const auto& person : directory.unexported) {
            if (!person.id.isEmpty()) {
                m_unexported.insert(person.id, person.isSuspended);
            }
            addEmail(person.email, person.id);
        }
    }

    JoinMismatch explain(const QString& userId, const QString& email) const
    {
        JoinMismatch mismatch { .userId = userId, .email = email };
        const auto unexported = m_unexported.constFind(userId);
        if (m_exported.contains(userId)) {
            mismatch.cause = JoinCause::NotPushed;
        } else if (unexported != m_unexported.constEnd()) {
            mismatch.cause = *unexported ? JoinCause::Suspended : JoinCause::NotExported;
        } else if (!email.isEmpty() && m_idByEmail.contains(email.toCaseFolded())) {
            mismatch.otherId = m_idByEmail.value(email.toCaseFolded());
            mismatch.cause
                = mismatch.otherId.isEmpty() ? JoinCause::NoRecordId : JoinCause::OtherId;
        }
        mismatch.reason = reason(mismatch);
        return mismatch;
    }

private:
    void addEmail(const QString& email, const QString& id)
    {
        if (!email.isEmpty()) {
            m_idByEmail.insert(email.toCaseFolded(), id);
        }
    }

    static Message reason(const JoinMismatch& mismatch)
    {
        switch (mismatch.cause) {
        case JoinCause::OtherId:
            return message(
                QT_TRANSLATE_NOOP("Message",
                    "%1 signs in as %2, but the directory knows that e-mail address under the id "
                    "%3. Choose what the sign-in provider issues as record id of the connection."),
                mismatch.email, mismatch.userId, mismatch.otherId);
        case JoinCause::NoRecordId:
            return message(QT_TRANSLATE_NOOP("Message",
                               "%1 signs in as %2, but has no record: the record id chosen for the "
                               "connection is empty, or several people have it. Choose another."),
                mismatch.email, mismatch.userId);
        case JoinCause::Suspended:
            return message(QT_TRANSLATE_NOOP("Message",
                               "%1 is suspended in the directory, so no record is delivered."),
                mismatch.userId);
        case JoinCause::NotExported:
            return message(QT_TRANSLATE_NOOP("Message",
                               "%1 is in the directory, but the rules of the connection keep the "
                               "record back."),
                mismatch.userId);
        case JoinCause::NotPushed:
            return message(QT_TRANSLATE_NOOP("Message", "The record of %1 was not pushed yet."),
                mismatch.userId);
        case JoinCause::NotInDirectory:
            return message(QT_TRANSLATE_NOOP("Message",
                               "No connection has a person with the id %1 or that e-mail "
                               "address."),
                mismatch.userId);
        }
        return {};
    }

    QSet<QString> m_exported;
    QHash<QString, bool> m_unexported; ///< id, whether suspended
    QHash<QString, QString> m_idByEmail;
};

} // namespace

Message JoinReport::summary() const
{
    if (known == 0) {
        return message(
            QT_TRANSLATE_NOOP("Message", "Nobody has signed in at this proxy since it started."));
    }
    return message(QT_TRANSLATE_NOOP("Message", "%1 of %2 known sign-ins have a directory record."),
        QString::number(matched), QString::number(known));
}

std::vector<UnexportedPerson> unexportedPeople(
    const DirectoryView& view, const DirectoryRecords& records)
{
    QSet<QString> exported;
    for (const auto& user : records.users) {
        exported.insert(user.id);
    }
    std::vector<UnexportedPerson> people;
    for (const auto& connection : view.connections) {
        const auto& snapshot = *connection.snapshot;
        const access::RecordIds ids(snapshot, connection.rules.recordId);
        for (Row user = 0; user < snapshot.userCount(); ++user) {
            const auto id = ids.id(user);
            if (!exported.contains(id)) {
                people.push_back({ .id = id,
                    .email = snapshot.userEmails().text(user),
                    .isSuspended = snapshot.userState(user) == UserState::Suspended });
            }
        }
    }
    return people;
}

Result<JoinReport> checkJoin(const DatabrokerClient& client, const JoinDirectory& directory,
    UtcTime now, const std::stop_token& stop)
{
    JoinReport report;
    const auto recordIds = readRecordIds(client, report, stop);
    if (!recordIds) {
        return recordIds.error();
    }
    SignIns known;
    if (const auto read = readSignIns(client, now, known, stop); !read) {
        return read.error();
    }
    const CauseFinder causes(directory);
    report.known = static_cast<int>(known.size());
    for (const auto& [userId, email] : known) {
        if (recordIds->contains(userId)) {
            ++report.matched;
        } else {
            report.missing.push_back(causes.explain(userId, email));
        }
    }
    const bool noneMatches = report.known > 1 && report.matched == 0;
    if (noneMatches) {
        report.warnings.push_back(message(QT_TRANSLATE_NOOP("Message",
            "Not one sign-in has a record: the sign-in provider probably issues other ids than "
            "the directory, or a different one per application.")));
    }
    return report;
}

} // namespace portreeve
