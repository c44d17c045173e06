// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/proxy/configservice/configplan.h"
#include "core/proxy/databroker/databrokerrecord.h"

#include <QHash>

namespace portreeve {

/// Routes with their policies inside them, compiled, in one record of the databroker: the way to
/// hand over policies that every release of Core reads (proxy.md 7). The proxy evaluates the rules
/// alone; the text they come from travels along for people and for the next comparison.
struct WholeConfig
{
    configservice::ConfigState state {}; ///< each policy once; routes name theirs by id
    QHash<QString, QString> rules {}; ///< policy id -> module; empty where routes disagree
};

/// Our record's id. Other writers have others, which are never written.
QString wholeConfigId(const QString& originator);

/// @param originatorId  what the routes and policies read count as
/// @return BadResponse when the data is of another type or damaged
Result<WholeConfig> readWholeConfig(const DatabrokerRecord& record, const QString& originatorId);

/// The record to put; same content, same bytes.
DatabrokerRecord wholeConfigRecord(const WholeConfig& config, const QString& originator);

/// Fills `rules` from the texts of the policies, but for those in @p kept, which stay as given.
/// @return InvalidInput for a text that does not compile
Result<void> compileRules(WholeConfig& config, const QHash<QString, QString>& kept);

} // namespace portreeve
