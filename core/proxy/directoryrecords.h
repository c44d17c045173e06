// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/message.h"
#include "core/settings/connection.h"
#include "core/store/directorystore.h"

#include <QJsonObject>

#include <vector>

namespace portreeve {

/// A record of type pomerium.io/DirectoryUser (proxy.md 5.1).
struct DirectoryUserRecord
{
    QString id {};
    QString displayName {};
    QString email {};
    std::vector<QString> groupIds {}; ///< expanded, unique, sorted bytewise

    QJsonObject toJson() const;
};

/// A record of type pomerium.io/DirectoryGroup.
struct DirectoryGroupRecord
{
    QString id {};
    QString name {};
    QString email {};

    QJsonObject toJson() const;
};

struct DirectoryRecords
{
    std::vector<DirectoryGroupRecord> groups {}; ///< by id bytes
    std::vector<DirectoryUserRecord> users {}; ///< by id bytes
    std::vector<Message> notes {};
};

/// What every exporter of the directory sends. Suspended people are left out, or kept without any
/// group where their connection's rules say so. With several connections group ids get their
/// connection in front; user ids are what the connection's rules choose, so that they are what the
/// sign-in provider issues, except where two connections hold the same one.
DirectoryRecords directoryRecords(const DirectoryView& view);

} // namespace portreeve
