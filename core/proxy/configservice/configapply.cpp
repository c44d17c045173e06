// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/configservice/configapply.h"

#include "core/net/httpclient.h"
#include "core/proxy/configservice/policyrefusal.h"

#include <QHash>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::configservice {

namespace {

QHash<QString, Entity> byId(const ConfigState& state)
{
    QHash<QString, Entity> out;
    const auto key = [](EntityKind kind, const QString& id) {
        return QString(entityKindName(kind) % u'/' % id);
    };
    for (const auto& policy : state.policies) {
        out.insert(key(EntityKind::Policy, policy.id), policy);
    }
    for (const auto& route : state.routes) {
        out.insert(key(EntityKind::Route, route.id), route);
    }
    return out;
}

QString keyOf(const Entity& entity)
{
    return entityKindName(kindOf(entity)) % u'/' % idOf(entity);
}

Error movedOn(const Entity& entity)
{
    return { .code = ErrorCode::Stale,
        .what = message(
            QT_TRANSLATE_NOOP("Message", "\"%1\" was changed on the proxy since it was compared."),
            nameOf(entity)),
        .remedy = message(QT_TRANSLATE_NOOP(
            "Message", "Nothing was sent. Compare again, and look at the new plan.")),
        .detail = keyOf(entity) };
}

Error keptByAnother(const Entity& entity)
{
    return { .code = ErrorCode::Stale,
        .what = message(QT_TRANSLATE_NOOP("Message",
                            "Somebody else made \"%1\" on the proxy in the meantime, with an id of "
                            "ours."),
            nameOf(entity)),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "It was left as it is. Compare again, and settle the conflict shown there.")),
        .detail = keyOf(entity) };
}

/// Whether others can still be sent after it: the content is at fault, not the way there.
bool isAboutContent(const Error& error)
{
    return error.code == ErrorCode::InvalidInput || error.code == ErrorCode::Stale;
}

class Application
{
public:
    Application(ConfigEditor& editor, const ConfigPlan& plan, const ApplyHooks& hooks,
        const std::stop_token& stop)
        : m_editor(editor)
        , m_plan(plan)
        , m_hooks(hooks)
        , m_stop(stop)
    {
        m_report.results.resize(plan.changes.size());
    }

    Result<ConfigReport> run()
    {
        if (m_plan.isEmpty()) {
            return std::move(m_report);
        }
        const auto fresh = checkFresh();
        if (!fresh) {
            return fresh.error();
        }
        for (std::size_t i = 0; i < m_plan.changes.size(); ++i) {
            if (m_hooks.progress) {
                m_hooks.progress(i, m_plan.changes.size());
            }
            if (!step(i)) {
                break;
            }
        }
        verify();
        return std::move(m_report);
    }

private:
    Result<void> checkFresh()
    {
        const auto state = readConfig(m_editor.client(), m_stop);
        if (!state) {
            return state.error();
        }
        const auto entities = byId(*state);
        for (std::size_t i = 0; i < m_plan.changes.size(); ++i) {
            const auto& change = m_plan.changes[i];
            const auto found = entities.constFind(keyOf(change.entity));
            const bool exists = found != entities.constEnd();
            const bool same = change.before ? exists && *found == *change.before : !exists;
            if (!same && !followsAnother(i)) {
                return movedOn(change.entity);
            }
        }
        return {};
    }

    /// Whether an earlier change of the plan makes what this one starts from.
    bool followsAnother(std::size_t place) const
    {
        const auto key = keyOf(m_plan.changes[place].entity);
        return std::any_of(m_plan.changes.begin(),
            m_plan.changes.begin() + static_cast<std::ptrdiff_t>(place),
            [&key](const ConfigChange& earlier) { return keyOf(earlier.entity) == key; });
    }

    /// @return false when the push must end here
    bool step(std::size_t place)
    {
        const auto& change = m_plan.changes[place];
        auto& result = m_report.results[place];
        if (m_stop.stop_requested()) {
            result.error = cancelledError();
            return false;
        }
        const bool isReady
            = std::all_of(change.needs.begin(), change.needs.end(), [this](std::size_t needed) {
                  return m_report.results[needed].outcome == ChangeOutcome::Done;
              });
        if (!isReady) {
            return true;
        }
        const auto sent
            = std::visit([&](const auto& entity) { return send(change, entity); }, change.entity);
        if (sent) {
            result.outcome = ChangeOutcome::Done;
            return true;
        }
        result.outcome = ChangeOutcome::Failed;
        result.error = sent.error();
        return isAboutContent(sent.error());
    }

    template <typename Value> Result<void> send(const ConfigChange& change, const Value& entity)
    {
        switch (change.step) {
        case ConfigStep::Create:
            return create(entity);
        case ConfigStep::Update:
        case ConfigStep::Attach:
        case ConfigStep::Detach:
            return settled(entity, m_editor.update(entity, fieldNames(change.fields), m_stop));
        case ConfigStep::Delete:
            return m_editor.remove(kindOf(change.entity), entity.id, m_stop);
        }
        return {};
    }

    /// An id in use is adopted when it is ours: an answer that was lost on the way, or another
    /// window of ours.
    template <typename Value> Result<void> create(const Value& entity)
    {
        const auto made = m_editor.create(entity, m_stop);
        if (made || made.error().code != ErrorCode::Stale) {
            return settled(entity, made);
        }
        const auto existing = current(entity);
        if (!existing) {
            return existing.error();
        }
        if (!*existing) {
            return made.error();
        }
        if ((*existing)->originatorId != entity.originatorId) {
            return keptByAnother(entity);
        }
        const auto fields = fieldNames(differences(**existing, entity));
        return fields.isEmpty() ? Result<void>()
                                : settled(entity, m_editor.update(entity, fields, m_stop));
    }

    Result<std::optional<PolicyEntity>> current(const PolicyEntity& entity)
    {
        return m_editor.client().policy(entity.id, m_stop);
    }

    Result<std::optional<RouteEntity>> current(const RouteEntity& entity)
    {
        return m_editor.client().route(entity.id, m_stop);
    }

    static Result<void> settled(const PolicyEntity& entity, const Result<PolicyEntity>& answer)
    {
        if (answer) {
            return {};
        }
        return answer.error().code == ErrorCode::InvalidInput
            ? policyRefusal(entity, answer.error())
            : answer.error();
    }

    static Result<void> settled(const RouteEntity& entity, const Result<RouteEntity>& answer)
    {
        if (answer) {
            return {};
        }
        return answer.error().wrappedIn(
            message(QT_TRANSLATE_NOOP("Message", "The route \"%1\" was not taken."), entity.name));
    }

    void verify()
    {
        const auto state = readConfig(m_editor.client(), m_stop);
        if (!state) {
            m_report.verifyError = state.error();
            return;
        }
        const auto entities = byId(*state);
        for (std::size_t i = 0; i < m_plan.changes.size(); ++i) {
            if (m_report.results[i].outcome == ChangeOutcome::Done && !isOvertaken(i)) {
                const auto found = entities.constFind(keyOf(m_plan.changes[i].entity));
                compare(m_plan.changes[i], found == entities.constEnd() ? nullptr : &found.value());
            }
        }
    }

    /// Whether a later change of the plan wrote the same entity again.
    bool isOvertaken(std::size_t place) const
    {
        for (auto later = place + 1; later < m_plan.changes.size(); ++later) {
            if (m_report.results[later].outcome == ChangeOutcome::Done
                && keyOf(m_plan.changes[later].entity) == keyOf(m_plan.changes[place].entity)) {
                return true;
            }
        }
        return false;
    }

    void compare(const ConfigChange& change, const Entity* read)
    {
        if (change.step == ConfigStep::Delete) {
            if (read != nullptr) {
                mismatch(change,
                    message(QT_TRANSLATE_NOOP(
                        "Message", "It was deleted, and is there all the same.")));
            }
            return;
        }
        if (read == nullptr) {
            mismatch(
                change, message(QT_TRANSLATE_NOOP("Message", "It was written, and is not there.")));
            return;
        }
        // This way round, so that what was left to the server to fill is no difference.
        auto fields = differences(*read, change.entity);
        for (auto& field : fields) {
            std::swap(field.before, field.after);
        }
        if (change.step == ConfigStep::Attach || change.step == ConfigStep::Detach) {
            // the rest of a foreign route is its keeper's business
            std::erase_if(
                fields, [](const FieldDifference& field) { return field.field != u"policyIds"; });
        }
        if (!fields.empty()) {
            mismatch(change,
                message(QT_TRANSLATE_NOOP("Message", "It reads otherwise than written: %1."),
                    fieldNames(fields).join(u", "_s)),
                fields);
        }
    }

    void mismatch(
        const ConfigChange& change, Message what, std::vector<FieldDifference> fields = {})
    {
        m_report.mismatches.push_back({ .kind = kindOf(change.entity),
            .id = idOf(change.entity),
            .name = nameOf(change.entity),
            .what = std::move(what),
            .fields = std::move(fields) });
    }

    ConfigEditor& m_editor;
    const ConfigPlan& m_plan;
    const ApplyHooks& m_hooks;
    const std::stop_token& m_stop;
    ConfigReport m_report;
};

} // namespace

QString changeOutcomeName(ChangeOutcome outcome)
{
    switch (outcome) {
    case ChangeOutcome::Done:
        return u"done"_s;
    case ChangeOutcome::Failed:
        return u"failed"_s;
    case ChangeOutcome::Skipped:
        return u"skipped"_s;
    }
    return {};
}

std::size_t ConfigReport::count(ChangeOutcome outcome) const
{
    return static_cast<std::size_t>(std::count_if(results.begin(), results.end(),
        [outcome](const ChangeResult& result) { return result.outcome == outcome; }));
}

Result<void> ConfigReport::outcome() const
{
    for (const auto& result : results) {
        if (result.error) {
            return *result.error;
        }
    }
    if (verifyError) {
        return verifyError->wrappedIn(message(
            QT_TRANSLATE_NOOP("Message", "Everything was sent, but could not be read back.")));
    }
    if (!mismatches.empty()) {
        const auto& first = mismatches.front();
        return Error { .code = ErrorCode::Stale,
            .what = message(QT_TRANSLATE_NOOP("Message", "\"%1\" on the proxy: %2"), first.name,
                first.what.english()),
            .remedy = message(QT_TRANSLATE_NOOP("Message",
                "Push again. If it stays so, somebody else writes the same object, or this proxy "
                "does not know the field.")),
            .detail = QString(entityKindName(first.kind) % u'/' % first.id) };
    }
    return {};
}

Result<ConfigReport> applyConfig(ConfigEditor& editor, const ConfigPlan& plan,
    const ApplyHooks& hooks, const std::stop_token& stop)
{
    return Application(editor, plan, hooks, stop).run();
}

} // namespace portreeve::configservice
