// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/settings/connection.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {
struct StateName
{
    ConnectionState state;
    QLatin1StringView name;
};

constexpr std::array kNames {
    StateName { ConnectionState::Draft, "draft"_L1 },
    StateName { ConnectionState::Verifying, "verifying"_L1 },
    StateName { ConnectionState::Verified, "verified"_L1 },
    StateName { ConnectionState::Idle, "idle"_L1 },
    StateName { ConnectionState::Syncing, "syncing"_L1 },
    StateName { ConnectionState::BackingOff, "backing_off"_L1 },
    StateName { ConnectionState::Held, "held"_L1 },
    StateName { ConnectionState::NeedsAttention, "needs_attention"_L1 },
    StateName { ConnectionState::Stale, "stale"_L1 },
    StateName { ConnectionState::Paused, "paused"_L1 },
    StateName { ConnectionState::Disabled, "disabled"_L1 },
};

QJsonObject rulesObject(const SyncRules& rules)
{
    std::vector<QString> filter = rules.groupFilter;
    std::sort(filter.begin(), filter.end());
    QJsonArray groups;
    for (const auto& pattern : filter) {
        groups.append(pattern);
    }
    return {
        { u"group_filter"_s, groups },
        { u"flow_through"_s, rules.flowThrough },
        { u"require_email"_s, rules.requireEmail },
        { u"never_remove"_s, rules.neverRemove },
        { u"export_suspended"_s, rules.exportSuspended },
        { u"direct_only"_s, rules.directOnly },
        { u"tombstone_retention_ms"_s, qint64 { rules.tombstoneRetention.count() } },
    };
}

struct SourceName
{
    RecordIdSource source;
    QLatin1StringView name;
};

constexpr std::array kSourceNames {
    SourceName { RecordIdSource::ProviderId, "id"_L1 },
    SourceName { RecordIdSource::Email, "email"_L1 },
    SourceName { RecordIdSource::Login, "login"_L1 },
};
} // namespace

QString recordIdSourceName(RecordIdSource source)
{
    const auto found = std::find_if(kSourceNames.begin(), kSourceNames.end(),
        [source](const SourceName& entry) { return entry.source == source; });
    return found == kSourceNames.end() ? QString(kSourceNames.front().name) : QString(found->name);
}

std::optional<RecordIdSource> recordIdSourceFromName(QStringView name)
{
    const auto found = std::find_if(kSourceNames.begin(), kSourceNames.end(),
        [name](const SourceName& entry) { return entry.name == name; });
    return found == kSourceNames.end() ? std::nullopt : std::optional(found->source);
}

QString connectionStateName(ConnectionState state)
{
    for (const auto& entry : kNames) {
        if (entry.state == state) {
            return entry.name;
        }
    }
    return u"draft"_s;
}

ConnectionState shownState(const Connection& connection)
{
    const bool isOff = connection.state == ConnectionState::Disabled;
    return connection.isRunning && !isOff ? ConnectionState::Syncing : connection.state;
}

std::optional<ConnectionState> connectionStateFromName(QStringView name)
{
    for (const auto& entry : kNames) {
        if (name == entry.name) {
            return entry.state;
        }
    }
    return std::nullopt;
}

QString settingsFingerprint(const Connection& connection)
{
    QJsonObject options;
    for (auto it = connection.options.cbegin(); it != connection.options.cend(); ++it) {
        options.insert(it.key(), it.value());
    }
    // QJsonObject writes its keys in order, so equal settings give equal bytes.
    const QJsonObject all {
        { u"provider"_s, connection.provider },
        { u"options"_s, options },
        { u"rules"_s, rulesObject(connection.rules) },
    };
    const QByteArray bytes = QJsonDocument(all).toJson(QJsonDocument::Compact);
    return QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
}

} // namespace portreeve
