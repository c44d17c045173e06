// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/proxy/directoryrecords.h"

#include <stop_token>
#include <vector>

namespace portreeve {

class DatabrokerClient;

/// Why a known sign-in has no directory record.
enum class JoinCause {
    OtherId, ///< same e-mail address under another record id
    NoRecordId, ///< same e-mail address, but no record id, or one that others have too
    Suspended, ///< in the directory, not exported because suspended
    NotExported, ///< in the directory, not among the pushed records
    NotPushed, ///< among the records to push, not in the databroker yet
    NotInDirectory,
};

struct JoinMismatch
{
    QString userId {}; ///< as the sign-in provider issues it
    QString email {}; ///< may be empty
    JoinCause cause = JoinCause::NotInDirectory;
    QString otherId {}; ///< OtherId: the directory's id for that address
    Message reason {};
};

struct JoinReport
{
    int known = 0; ///< who signed in, by user record or live session, or has a service account
    int matched = 0;
    std::vector<JoinMismatch> missing {}; ///< by user id
    std::vector<Message> warnings {};

    Message summary() const; ///< "38 of 40 known sign-ins have a directory record."
};

/// Somebody of the directory who is not among the records to push.
struct UnexportedPerson
{
    QString id {}; ///< at the proxy; empty when there is none
    QString email {};
    bool isSuspended = false;
};

std::vector<UnexportedPerson> unexportedPeople(
    const DirectoryView& view, const DirectoryRecords& records);

struct JoinDirectory
{
    const DirectoryRecords& records;
    std::vector<UnexportedPerson> unexported {};
};

/// Whether the people who sign in are those of the directory (proxy.md 5.2). Reads ids, e-mail
/// addresses and expiry of user, session and service account records, nothing else of them. Warns
/// of a capacity on a directory type.
Result<JoinReport> checkJoin(const DatabrokerClient& client, const JoinDirectory& directory,
    UtcTime now, const std::stop_token& stop);

} // namespace portreeve
