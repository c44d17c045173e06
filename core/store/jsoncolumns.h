// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/error.h"
#include "core/directory/changeset.h"
#include "core/settings/connection.h"
#include "core/store/pushrecords.h"

#include <QHash>
#include <QString>

#include <optional>
#include <vector>

namespace portreeve {

// Values kept as JSON text in one column. Reading takes the default for what is missing, so that a
// field added later needs no migration.

QString stringsToJson(const std::vector<QString>& strings);
std::vector<QString> stringsFromJson(const QString& json);

QString optionsToJson(const QHash<QString, QString>& options);
QHash<QString, QString> optionsFromJson(const QString& json);

QString scheduleToJson(const Schedule& schedule);
Schedule scheduleFromJson(const QString& json);

QString limitsToJson(const GuardLimits& limits);
GuardLimits limitsFromJson(const QString& json);

QString rulesToJson(const SyncRules& rules);
SyncRules rulesFromJson(const QString& json);

QString countsToJson(const ChangeCounts& counts);
ChangeCounts countsFromJson(const QString& json);

QString pushCountsToJson(const PushCounts& counts);
PushCounts pushCountsFromJson(const QString& json);

std::optional<QString> errorToJson(const std::optional<Error>& error);

/// Sentences come back as English in every language.
std::optional<Error> errorFromJson(const QString& json);

} // namespace portreeve
