// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/configservice/blocknow.h"

#include "core/net/httpclient.h"
#include "core/policy/parser.h"
#include "core/proxy/configservice/configplan.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::configservice {

namespace {

constexpr std::chrono::milliseconds kProbePause { 50 };

Error foreignBlock(const PolicyEntity& existing)
{
    return { .code = ErrorCode::Stale,
        .what = message(QT_TRANSLATE_NOOP("Message",
                            "The id of the block belongs to \"%1\" on the proxy, kept by \"%2\"."),
            existing.name, existing.originatorId),
        .remedy = message(QT_TRANSLATE_NOOP(
            "Message", "Have it removed there; check that no two targets share the same id.")) };
}

Error notStored()
{
    return { .code = ErrorCode::Stale,
        .what = message(QT_TRANSLATE_NOOP(
            "Message", "The block was written, but the proxy gives back something else.")),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Try again at once. If it stays so, somebody else writes the same routes.")) };
}

Error nothingToBlockOn()
{
    return { .code = ErrorCode::InvalidInput,
        .what = message(QT_TRANSLATE_NOOP("Message",
            "The proxy holds no route of ours that asks who the visitor is, so there is nothing to "
            "block on.")),
        .remedy = message(QT_TRANSLATE_NOOP(
            "Message", "Push the routes first; routes of others cannot be blocked from here.")) };
}

Error noProbe()
{
    return { .code = ErrorCode::InvalidInput,
        .what = message(
            QT_TRANSLATE_NOOP("Message", "The block is written, but nothing could be tried out.")),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Enter where the proxy serves its routes, so that the block can be confirmed.")) };
}

Error frozen(const QString& target, const QString& userId, const QString& route)
{
    return { .code = ErrorCode::BadResponse,
        .what
        = message(QT_TRANSLATE_NOOP("Message",
                      "The block has no effect: the proxy \"%1\" still lets %2 in on \"%3\"."),
            target, userId, route),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Most likely a policy in the proxy's own configuration file has an unknown criterion; "
            "the proxy then keeps its old state for everything, without an error. Mend the file, "
            "with the proxy's log at hand: the block is stored and bites as soon as it is "
            "read.")) };
}

bool carries(const RouteEntity& route, const QString& policyId)
{
    return std::find(route.policyIds.begin(), route.policyIds.end(), policyId)
        != route.policyIds.end();
}

class Blocking
{
public:
    Blocking(ConfigEditor& editor, const BlockChange& request, const std::stop_token& stop)
        : m_editor(editor)
        , m_request(request)
        , m_stop(stop)
        , m_policyId(request.ownership.blockPolicyId())
    {
    }

    /// Writes and reads back. The routes that carry the block afterwards, the probe's first.
    Result<std::vector<RouteEntity>> write(BlockOutcome& outcome)
    {
        const auto state = readConfig(m_editor.client(), m_stop);
        if (!state) {
            return state.error();
        }
        m_state = *state;
        const auto* existing = existingPolicy();
        if (existing != nullptr && existing->originatorId != m_request.ownership.originatorId) {
            return foreignBlock(*existing);
        }
        const auto written = m_request.userIds.empty() ? lift(existing) : impose(existing, outcome);
        return written ? readBack() : Result<std::vector<RouteEntity>>(written.error());
    }

private:
    const PolicyEntity* existingPolicy() const
    {
        const auto found = std::find_if(m_state.policies.begin(), m_state.policies.end(),
            [this](const PolicyEntity& policy) { return policy.id == m_policyId; });
        return found == m_state.policies.end() ? nullptr : &*found;
    }

    bool isOurs(const RouteEntity& route) const
    {
        return route.originatorId == m_request.ownership.originatorId;
    }

    /// Judged by what the proxy holds, whatever may wait to be pushed.
    bool isPublicThere(const RouteEntity& route) const
    {
        std::vector<policy::Policy> policies;
        for (const auto& entity : m_state.policies) {
            if (carries(route, entity.id)) {
                auto parsed = policy::parsePolicy(entity.sourcePpl.toUtf8());
                if (parsed.policy) {
                    policies.push_back(std::move(*parsed.policy));
                }
            }
        }
        return route.isPublic || isPublic(policies);
    }

    Result<void> storePolicy(const PolicyEntity* existing)
    {
        const auto wanted = blockPolicy(m_request.ownership, m_request.userIds);
        if (!wanted) {
            return wanted.error();
        }
        m_text = wanted->sourcePpl;
        if (existing == nullptr) {
            const auto made = m_editor.create(*wanted, m_stop);
            return made ? Result<void>() : made.error();
        }
        const auto fields = fieldNames(differences(*existing, *wanted));
        if (fields.isEmpty()) {
            return {};
        }
        const auto changed = m_editor.update(*wanted, fields, m_stop);
        return changed ? Result<void>() : changed.error();
    }

    Result<void> impose(const PolicyEntity* existing, BlockOutcome& outcome)
    {
        if (const auto stored = storePolicy(existing); !stored) {
            return stored.error();
        }
        for (const auto& route : m_state.routes) {
            if (!isOurs(route)) {
                continue;
            }
            if (isPublicThere(route)) {
                outcome.publicRoutes.push_back(route.name);
                continue;
            }
            outcome.routes.push_back(route.name);
            if (!carries(route, m_policyId)) {
                auto after = route;
                after.policyIds.push_back(m_policyId);
                if (const auto attached = attach(after); !attached) {
                    return attached.error();
                }
            }
        }
        return {};
    }

    Result<void> lift(const PolicyEntity* existing)
    {
        for (const auto& route : m_state.routes) {
            if (isOurs(route) && carries(route, m_policyId)) {
                auto after = route;
                std::erase(after.policyIds, m_policyId);
                if (const auto detached = attach(after); !detached) {
                    return detached.error();
                }
            }
        }
        return existing == nullptr ? Result<void>()
                                   : m_editor.remove(EntityKind::Policy, m_policyId, m_stop);
    }

    /// A route that vanished in the meantime needs no block.
    Result<void> attach(const RouteEntity& after)
    {
        const auto changed = m_editor.update(after, { u"policyIds"_s }, m_stop);
        const bool isGone = !changed && changed.error().code == ErrorCode::Stale;
        return changed || isGone ? Result<void>() : changed.error();
    }

    Result<std::vector<RouteEntity>> readBack()
    {
        const auto state = readConfig(m_editor.client(), m_stop);
        if (!state) {
            return state.error();
        }
        m_state = *state;
        const auto* policy = existingPolicy();
        const bool isBlocking = !m_request.userIds.empty();
        std::vector<RouteEntity> blocked;
        for (const auto& route : m_state.routes) {
            if (!isOurs(route)) {
                continue;
            }
            const bool wanted = isBlocking && !isPublicThere(route);
            if (wanted && !carries(route, m_policyId)) {
                return notStored();
            }
            if (wanted) {
                blocked.push_back(route);
            }
        }
        const bool isStored
            = isBlocking ? policy != nullptr && policy->sourcePpl == m_text : policy == nullptr;
        return isStored ? Result<std::vector<RouteEntity>>(std::move(blocked)) : notStored();
    }

    ConfigEditor& m_editor;
    const BlockChange& m_request;
    const std::stop_token& m_stop;
    QString m_policyId;
    QString m_text;
    ConfigState m_state;
};

/// Asks until the proxy refuses, or its time is over.
Result<ProbeAnswer> probeUntilRefused(
    const std::function<Result<ProbeAnswer>()>& probe, Clock& clock, const std::stop_token& stop)
{
    const auto end = clock.monotonic() + kBlockTimeout;
    for (;;) {
        const auto answer = probe();
        if (!answer || *answer == ProbeAnswer::Refused || clock.monotonic() >= end) {
            return answer;
        }
        if (!clock.sleep(kProbePause, stop)) {
            return cancelledError();
        }
    }
}

} // namespace

QString blockStateName(BlockState state)
{
    switch (state) {
    case BlockState::Done:
        return u"done"_s;
    case BlockState::WrittenNotConfirmed:
        return u"written_not_confirmed"_s;
    case BlockState::StillLetIn:
        return u"still_let_in"_s;
    }
    return {};
}

Result<BlockOutcome> blockNow(ConfigEditor& editor, Clock& clock, const BlockChange& request,
    const AccessProbe& probe, const std::stop_token& stop)
{
    BlockOutcome out;
    const auto blocked = Blocking(editor, request, stop).write(out);
    if (!blocked) {
        return blocked.error();
    }
    if (request.userIds.empty()) {
        out.state = BlockState::Done;
        return out;
    }
    if (blocked->empty() || !probe) {
        out.error = blocked->empty() ? nothingToBlockOn() : noProbe();
        return out;
    }
    const auto& route = blocked->front();
    out.probedRoute = route.name;
    const auto answer
        = probeUntilRefused([&] { return probe(route, request.probedUser, stop); }, clock, stop);
    if (!answer) {
        out.error = answer.error();
    } else if (*answer == ProbeAnswer::Refused) {
        out.state = BlockState::Done;
    } else {
        out.state = BlockState::StillLetIn;
        out.error = frozen(editor.client().targetName(), request.probedUser, route.name);
    }
    return out;
}

} // namespace portreeve::configservice
