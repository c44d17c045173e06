// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/access/routerules.h"
#include "core/proxy/configexport.h"
#include "core/proxy/delivery/deliveryplan.h"
#include "core/proxy/directoryrecords.h"
#include "core/proxy/targetoptions.h"

#include <QCryptographicHash>

#include <memory>
#include <optional>

namespace portreeve {

/// A plan while the channels of a target add to it.
class PlanDraft
{
public:
    /// @param content  what is written, or what is deleted: goes into the plan's hash only
    void add(DeliveryChange change, QByteArrayView content);
    void addFile(DeliveryFile file, QByteArrayView content);
    void addRefusals(const std::vector<ExportRefusal>& refusals);
    void hold(const Message& reason);

    /// As for directory records: many deletions of policies and routes wait for a person, and so
    /// does any when we have none of our own left.
    void guardPolicies(std::int64_t ours, const PushLimits& limits, bool isStoreEmpty);

    /// Routes as the target has them, and as it will.
    void setRoutes(std::vector<access::RouteRules> before, std::vector<access::RouteRules> after);

    /// People and groups as the target has them.
    void setRecords(std::shared_ptr<const DirectoryRecords> before);

    DeliveryPlan& plan() { return m_plan; }

    /// Verdict, access and hash. @param records  as the target will have them
    DeliveryPlan seal(const std::shared_ptr<const DirectoryRecords>& records);

private:
    DeliveryPlan m_plan;
    QCryptographicHash m_written { QCryptographicHash::Sha256 };
    std::optional<std::vector<access::RouteRules>> m_routesBefore;
    std::vector<access::RouteRules> m_routesAfter;
    std::shared_ptr<const DirectoryRecords> m_recordsBefore;
};

/// Who gains or loses which route, people and routes matched by id and name.
/// @return BadResponse when two records of one side share an id
Result<AccessImpact> recordsImpact(const DirectoryRecords& before,
    const std::vector<access::RouteRules>& routesBefore, const DirectoryRecords& after,
    const std::vector<access::RouteRules>& routesAfter);

} // namespace portreeve
