// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/wholeconfigdelivery.h"

#include "core/proxy/databroker/databrokerclient.h"
#include "core/proxy/databroker/wholeconfig.h"
#include "core/proxy/delivery/adoptioncheck.h"
#include "core/proxy/delivery/configdelivery.h"
#include "core/proxy/delivery/configfindings.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

using namespace configservice;

namespace {

const QString kRulesField = u"rego"_s;

Error recordChanged(const QString& id)
{
    return { .code = ErrorCode::Stale,
        .what = message(QT_TRANSLATE_NOOP("Message",
                            "The record %1 was changed by somebody else during the delivery; it "
                            "was not written."),
            id),
        .remedy = message(QT_TRANSLATE_NOOP("Message", "Look at the new plan, then deliver.")) };
}

Error readsOtherwise(const QString& id)
{
    return { .code = ErrorCode::BadResponse,
        .what
        = message(QT_TRANSLATE_NOOP("Message", "The record %1 reads otherwise than written."), id),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Another program writes it too. Give this target an originator of its own.")) };
}

/// Policies travel inside routes: those no route has do not, nor does what has no place there.
void keepWhatTravels(DesiredConfig& desired)
{
    QSet<QString> attached;
    for (const auto& route : desired.routes) {
        attached.unite(QSet<QString>(route.policyIds.begin(), route.policyIds.end()));
    }
    std::erase_if(desired.policies,
        [&attached](const PolicyEntity& policy) { return !attached.contains(policy.id); });
    for (auto& policy : desired.policies) {
        policy.description.clear();
    }
}

template <typename Value> void keepOurs(std::vector<Value>& values, const QString& originatorId)
{
    std::erase_if(values, [&](const Value& value) { return value.originatorId != originatorId; });
}

template <typename Value> void append(std::vector<Value>& all, std::vector<Value>&& more)
{
    std::move(more.begin(), more.end(), std::back_inserter(all));
}

class WholeConfigDelivery final : public ChannelDelivery
{
public:
    explicit WholeConfigDelivery(const DeliveryJob& job)
        : m_job(job)
        , m_ownership(configOwnership(job.link.target(), job.link.options()))
        , m_id(wholeConfigId(m_ownership.originatorId))
    {
    }

    Result<void> plan(PlanDraft& draft) override
    {
        if (m_job.source.fileError) {
            return *m_job.source.fileError;
        }
        if (const auto read = readRecords(draft); !read) {
            return read;
        }
        const auto blocked = blockedIds(m_job.store, m_job.link.target().id);
        if (!blocked) {
            return blocked.error();
        }
        auto desired = desiredConfig(m_job.source.exports, m_ownership, *blocked);
        keepWhatTravels(desired);
        m_plan = planConfig(desired, m_current, m_ownership);
        auto after = afterChanges(m_current, m_plan);
        keepOurs(after.policies, m_ownership.originatorId);
        keepOurs(after.routes, m_ownership.originatorId);
        m_after.state = std::move(after);
        if (const auto compiled = compileRules(m_after, withheldRules(desired)); !compiled) {
            return compiled;
        }
        describe(draft);
        auto routes = comparedRoutes(m_current, m_after.state, m_plan, m_ownership);
        draft.setRoutes(std::move(routes.before), std::move(routes.after));
        return {};
    }

    Result<void> apply(bool, AppliedDelivery& done) override
    {
        auto written = m_differs ? write(done) : Result<void>();
        done.positions.insert_or_assign(recordtype::kConfig, m_position);
        if (!written) {
            return written;
        }
        if (!m_differs) {
            return nothingWithheld(m_plan, done);
        }
        const auto confirmed = confirmAdoption(
            m_job, sentRoutes(m_plan, m_after.state, m_ownership.originatorId), true, done);
        return confirmed ? nothingWithheld(m_plan, done) : confirmed;
    }

private:
    /// Ours, and what others keep beside it: theirs is compared with and never touched.
    Result<void> readRecords(PlanDraft& draft)
    {
        auto client = m_job.link.openDatabroker();
        if (!client) {
            return client.error();
        }
        m_client = *std::move(client);
        std::vector<DatabrokerRecord> records;
        const auto latest = m_client->syncLatest(
            recordtype::kConfig,
            [&records](DatabrokerRecord&& record) { records.push_back(std::move(record)); },
            m_job.control.stop);
        if (!latest) {
            return latest.error();
        }
        m_position = latest->position;
        QStringList others;
        for (const auto& record : records) {
            const bool isOurs = record.id == m_id;
            auto config = readWholeConfig(record, isOurs ? m_ownership.originatorId : record.id);
            if (!config && !isOurs) {
                draft.plan().notes.push_back(config.error().what);
                continue;
            }
            if (isOurs) {
                m_version = record.version; // a damaged one is replaced like an empty one
                m_rules = config ? config->rules : QHash<QString, QString>();
            } else {
                others << record.id;
            }
            if (config) {
                append(m_current.policies, std::move(config->state.policies));
                append(m_current.routes, std::move(config->state.routes));
            }
        }
        if (!others.isEmpty()) {
            others.sort();
            draft.plan().notes.push_back(message(
                QT_TRANSLATE_NOOP("Message",
                    "The proxy holds configuration of other writers, which stays as it is: %1."),
                others.join(u", "_s)));
        }
        return {};
    }

    /// What was refused here stays as the proxy has it, compiled as it is.
    QHash<QString, QString> withheldRules(const DesiredConfig& desired) const
    {
        QHash<QString, QString> out;
        for (const auto& id : desired.withheld) {
            if (const auto found = m_rules.constFind(id); found != m_rules.constEnd()) {
                out.insert(id, *found);
            }
        }
        return out;
    }

    /// The rules are what the proxy evaluates, so they are shown beside the text they come from.
    void describe(PlanDraft& draft)
    {
        for (const auto* policies : { &m_current.policies, &m_after.state.policies }) {
            for (const auto& policy : *policies) {
                m_names.insert(policy.id, policy.name);
            }
        }
        QSet<QString> told;
        for (const auto& change : m_plan.changes) {
            auto row = deliveryChange(change);
            namePolicies(row);
            auto content = contentOf(change.entity);
            if (configservice::kindOf(change.entity) == EntityKind::Policy
                && change.step != ConfigStep::Delete) {
                told.insert(row.id);
                addRules(row);
                content += m_after.rules.value(row.id).toUtf8();
            }
            draft.add(std::move(row), content);
        }
        addConfigFindings(m_job, m_plan, m_current, draft);
        for (const auto& policy : m_after.state.policies) {
            if (told.contains(policy.id)
                || m_rules.value(policy.id) == m_after.rules.value(policy.id)) {
                continue;
            }
            // the same text, compiled otherwise: by another version, or by somebody's hand
            DeliveryChange row { .kind = DeliveredKind::Policy,
                .action = ChangeAction::Update,
                .id = policy.id,
                .name = policy.name };
            addRules(row);
            draft.add(std::move(row), m_after.rules.value(policy.id).toUtf8());
            --draft.plan().counts.policies.unchanged;
        }
        m_differs = hasConfigChanges(draft.plan());
        m_counts = draft.plan().counts;
    }

    /// A route's policies by name: their ids say nothing to anybody.
    void namePolicies(DeliveryChange& row) const
    {
        const auto named = [this](const QString& ids) {
            auto lines = ids.split(u'\n', Qt::SkipEmptyParts);
            for (auto& line : lines) {
                line = m_names.value(line, line);
            }
            return lines.join(u'\n');
        };
        for (auto& field : row.fields) {
            if (field.name == u"policyIds") {
                field = { .name = u"policies"_s,
                    .before = named(field.before),
                    .after = named(field.after) };
            }
        }
    }

    void addRules(DeliveryChange& row) const
    {
        const auto before = m_rules.value(row.id);
        const auto after = m_after.rules.value(row.id);
        if (before != after) {
            row.fields.push_back({ .name = kRulesField, .before = before, .after = after });
        }
    }

    /// People and groups are in the same draft.
    static bool hasConfigChanges(const DeliveryPlan& plan)
    {
        return std::any_of(
            plan.changes.begin(), plan.changes.end(), [](const DeliveryChange& change) {
                return change.kind == DeliveredKind::Policy || change.kind == DeliveredKind::Route;
            });
    }

    Result<void> write(AppliedDelivery& done)
    {
        const auto& stop = m_job.control.stop;
        const auto before = m_client->get(recordtype::kConfig, m_id, stop);
        if (!before && before.error().code != ErrorCode::NotFound) {
            return before.error();
        }
        if ((before ? before->version : 0) != m_version) {
            return recordChanged(m_id);
        }
        m_job.control.progress(
            { .phase = DeliveryProgress::Phase::Writing, .kind = DeliveredKind::Route });
        const auto record = wholeConfigRecord(m_after, m_ownership.originatorId);
        const auto put = m_client->put({ record }, stop);
        if (!put) {
            return put.error();
        }
        m_position.recordVersion = put->records.front().version;
        done.wrote = true;
        done.counts.policies
            = { .put = m_counts.policies.put, .deleted = m_counts.policies.deleted };
        done.counts.routes = { .put = m_counts.routes.put, .deleted = m_counts.routes.deleted };
        return verify(record);
    }

    Result<void> verify(const DatabrokerRecord& written)
    {
        const auto read = m_client->get(recordtype::kConfig, m_id, m_job.control.stop);
        if (!read && read.error().code != ErrorCode::NotFound) {
            return read.error();
        }
        const bool isSame = written.isDeleted ? !read : read && read->data == written.data;
        return isSame ? Result<void>() : readsOtherwise(m_id);
    }

    const DeliveryJob& m_job;
    Ownership m_ownership;
    QString m_id; // of our record
    std::unique_ptr<DatabrokerClient> m_client;
    DatabrokerPosition m_position; // to watch from
    std::uint64_t m_version = 0; // of our record as compared; 0 = there is none
    ConfigState m_current; // of all writers
    QHash<QString, QString> m_rules; // ours, as they are there
    WholeConfig m_after; // ours alone
    QHash<QString, QString> m_names; // of policies, by id
    ConfigPlan m_plan;
    bool m_differs = false;
    PushCounts m_counts;
};

} // namespace

std::unique_ptr<ChannelDelivery> wholeConfigDelivery(const DeliveryJob& job)
{
    return std::make_unique<WholeConfigDelivery>(job);
}

} // namespace portreeve
