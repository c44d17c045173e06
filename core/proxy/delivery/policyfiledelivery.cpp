// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/policyfiledelivery.h"

#include "core/policy/writer.h"
#include "core/proxy/delivery/adoptioncheck.h"
#include "core/proxy/delivery/changedfields.h"
#include "core/proxy/exporttext.h"
#include "core/proxy/filereplace.h"
#include "core/proxy/managedfile.h"

#include <QFile>

#include <map>
#include <optional>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

/// What the proxy tells routes apart by.
QString matchOf(const StoredRoute& route)
{
    return QStringList { route.from, route.prefix, route.path, route.regex }.join(u'\n');
}

using RoutesByMatch = std::map<QString, ExportedRoute>;

RoutesByMatch byMatch(const std::vector<ExportedRoute>& routes)
{
    RoutesByMatch out;
    for (const auto& route : routes) {
        out.emplace(matchOf(route.route), route);
    }
    return out;
}

QString policyText(const ExportedRoute& route)
{
    const auto text = policy::writePolicy(route.rules);
    return text ? QString::fromUtf8(*text) : QString();
}

QString truth(bool value)
{
    return value ? u"true"_s : u"false"_s;
}

std::vector<AttributeChange> fieldsOf(const ExportedRoute& before, const ExportedRoute& after)
{
    ChangedFields fields;
    fields.add(u"name"_s, before.route.name, after.route.name);
    fields.add(u"from"_s, before.route.from, after.route.from);
    fields.add(u"to"_s, before.route.to, after.route.to);
    fields.add(u"pass_identity_headers"_s, truth(before.route.passIdentityHeaders),
        truth(after.route.passIdentityHeaders));
    fields.add(u"show_error_details"_s, truth(before.route.showErrorDetails),
        truth(after.route.showErrorDetails));
    fields.add(u"policy"_s, policyText(before), policyText(after));
    return fields.take();
}

QString nameOf(const StoredRoute& route)
{
    return route.name.isEmpty() ? route.from : route.name;
}

std::vector<access::RouteRules> rulesOf(const RoutesByMatch& routes)
{
    std::vector<access::RouteRules> out;
    for (const auto& [match, route] : routes) {
        out.push_back({ .name = nameOf(route.route), .policies = { route.rules } });
    }
    return out;
}

Error changedMeanwhile(const QString& path)
{
    return { .code = ErrorCode::Stale,
        .what
        = message(QT_TRANSLATE_NOOP("Message",
                      "%1, or the file it is made from, was edited during the delivery; it was not "
                      "written."),
            path),
        .remedy
        = message(QT_TRANSLATE_NOOP("Message", "Deliver again: the edit is then taken along.")) };
}

class PolicyFileDelivery final : public ChannelDelivery
{
public:
    explicit PolicyFileDelivery(const DeliveryJob& job)
        : m_job(job)
        , m_options(job.link.options())
    {
    }

    Result<void> plan(PlanDraft& draft) override
    {
        auto own = operatorFile(m_options);
        if (!own) {
            return own.error();
        }
        const auto text = exportText(m_job.source.exports,
            { .format = format(),
                .target = m_job.source.exports.target,
                .operatorFile = *own,
                .apiUrl = m_options.serviceUrl() });
        if (!text) {
            return text.error();
        }
        draft.addRefusals(text->prepared.refusals);
        auto& notes = draft.plan().notes;
        notes.insert(notes.end(), text->notes.begin(), text->notes.end());
        if (const auto outcome = text->prepared.outcome(); !outcome) {
            return outcome;
        }
        m_text = text->text;
        m_own = *own;
        const auto warning = isConfigFile() ? debugServerWarning(m_own) : std::nullopt;
        if (warning) {
            notes.push_back(warning->what);
            notes.push_back(warning->remedy);
        }
        m_before = outputFile();
        const bool exists = m_before.has_value();
        const QByteArray before = m_before.value_or(QByteArray());
        m_differs = !exists || before != m_text;
        draft.addFile({ .path = m_options.outputFile,
                          .exists = exists,
                          .differs = m_differs,
                          .bytes = m_text.size() },
            m_text);
        if (isConfigFile()) {
            compareRoutes(before, *own, text->prepared, draft);
        } else {
            countObjects(text->prepared, draft);
        }
        m_counts = draft.plan().counts;
        return {};
    }

    Result<void> apply(bool, AppliedDelivery& done) override
    {
        if (!m_differs) {
            return {};
        }
        const auto isSame = isAsPlanned();
        if (!isSame) {
            return isSame.error();
        }
        if (!*isSame) {
            return changedMeanwhile(m_options.outputFile);
        }
        const auto written = replaceFile(m_options.outputFile, m_text);
        if (!written) {
            return written.error();
        }
        done.wrote = true;
        done.counts.policies
            = { .put = m_counts.policies.put, .deleted = m_counts.policies.deleted };
        done.counts.routes = { .put = m_counts.routes.put, .deleted = m_counts.routes.deleted };
        if (isConfigFile()) {
            return confirmAdoption(m_job, m_sent, false, done);
        }
        done.confirmed = false;
        done.notes.push_back(message(
            QT_TRANSLATE_NOOP("Message", "%1 was written; it reaches the proxy when you apply it."),
            m_options.outputFile));
        return {};
    }

private:
    std::optional<QByteArray> outputFile() const
    {
        QFile file(m_options.outputFile);
        return file.open(QIODevice::ReadOnly) ? std::optional(file.readAll()) : std::nullopt;
    }

    /// Records are sent between reading and writing, and an operator edits whenever they like.
    Result<bool> isAsPlanned() const
    {
        const auto own = operatorFile(m_options);
        if (!own) {
            return own.error();
        }
        return *own == m_own && outputFile() == m_before;
    }

    bool isConfigFile() const { return m_options.policyChannel == PolicyChannel::ConfigFile; }

    ExportFormat format() const
    {
        if (isConfigFile()) {
            return m_options.fileMode == ConfigFileMode::Block ? ExportFormat::ManagedBlock
                                                               : ExportFormat::ManagedFile;
        }
        return m_options.policyChannel == PolicyChannel::Terraform ? ExportFormat::Terraform
                                                                   : ExportFormat::PolicyFilters;
    }

    /// Our routes in the file as it is: all but the operator's own.
    RoutesByMatch earlierRoutes(
        const QByteArray& before, const QByteArray& own, PlanDraft& draft) const
    {
        auto all = readFragment(before);
        if (!all) {
            draft.plan().notes.push_back(
                message(QT_TRANSLATE_NOOP("Message",
                            "The routes now in %1 cannot be read, so all of ours count as new: %2"),
                    m_options.outputFile, all.error().what.english()));
            return {};
        }
        RoutesByMatch routes = byMatch(*all);
        if (const auto theirs = operatorRoutes(own)) {
            for (const auto* part : { &theirs->before, &theirs->after }) {
                for (const auto& route : *part) {
                    routes.erase(matchOf(route));
                }
            }
        }
        return routes;
    }

    void compareRoutes(const QByteArray& before, const QByteArray& own,
        const PreparedExport& prepared, PlanDraft& draft)
    {
        const auto earlier = before.isEmpty() ? RoutesByMatch() : earlierRoutes(before, own, draft);
        const auto later = byMatch(prepared.routes);
        for (const auto& [match, route] : later) {
            const auto found = earlier.find(match);
            const bool isNew = found == earlier.end();
            auto fields = fieldsOf(isNew ? ExportedRoute {} : found->second, route);
            if (!isNew && fields.empty()) {
                ++draft.plan().counts.routes.unchanged;
                m_sent.others.push_back(route.route);
                continue;
            }
            m_sent.changed.push_back(route.route);
            draft.add({ .kind = DeliveredKind::Route,
                          .action = isNew ? ChangeAction::Add : ChangeAction::Update,
                          .id = match.section(u'\n', 0, 0),
                          .name = nameOf(route.route),
                          .fields = std::move(fields) },
                {});
        }
        for (const auto& [match, route] : earlier) {
            if (!later.contains(match)) {
                draft.add({ .kind = DeliveredKind::Route,
                              .action = ChangeAction::Remove,
                              .id = match.section(u'\n', 0, 0),
                              .name = nameOf(route.route) },
                    {});
            }
        }
        draft.guardPolicies(static_cast<std::int64_t>(earlier.size()), m_options.limits,
            m_job.source.exports.routes.empty());
        draft.setRoutes(rulesOf(earlier), rulesOf(later));
    }

    /// Manifests and Terraform are written whole; what they say in detail is for their own tools.
    void countObjects(const PreparedExport& prepared, PlanDraft& draft) const
    {
        auto& counts = draft.plan().counts;
        const auto policies = static_cast<std::int64_t>(prepared.policies.size());
        const auto routes = static_cast<std::int64_t>(prepared.routes.size());
        (m_differs ? counts.policies.put : counts.policies.unchanged) = policies;
        if (m_options.policyChannel == PolicyChannel::Terraform) {
            (m_differs ? counts.routes.put : counts.routes.unchanged) = routes;
        }
    }

    const DeliveryJob& m_job;
    const TargetOptions& m_options;
    QByteArray m_own; // the operator's part, as the text was made from it
    std::optional<QByteArray> m_before;
    QByteArray m_text;
    SentRoutes m_sent;
    bool m_differs = false;
    PushCounts m_counts;
};

} // namespace

std::unique_ptr<ChannelDelivery> policyFileDelivery(const DeliveryJob& job)
{
    return std::make_unique<PolicyFileDelivery>(job);
}

Result<QByteArray> operatorFile(const TargetOptions& options)
{
    const bool isConfigFile = options.policyChannel == PolicyChannel::ConfigFile;
    const bool isBlock = isConfigFile && options.fileMode == ConfigFileMode::Block;
    const QString& path = isBlock ? options.outputFile : options.baseFile;
    if ((!isConfigFile && !options.joinsOwnFile()) || path.isEmpty()) {
        return QByteArray();
    }
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return Error { .code = file.exists() ? ErrorCode::Storage : ErrorCode::NotFound,
            .what = message(QT_TRANSLATE_NOOP("Message", "The file %1 cannot be read."), path),
            .remedy = message(QT_TRANSLATE_NOOP(
                "Message", "Check the path and that you may read it, or choose another file.")),
            .detail = file.errorString(),
            .field = isBlock ? u"output_file"_s : u"base_file"_s };
    }
    return file.readAll();
}

} // namespace portreeve
