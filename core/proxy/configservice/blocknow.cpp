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

/// The usual reason of a refusal that nobody expected is an id that nobody has.
Error alreadyRefused(const QString& userId, int routesAsked)
{
    return { .code = ErrorCode::InvalidInput,
        .what
        = message(QT_TRANSLATE_NOOP("Message",
                      "The block is written, but %1 was refused before it too, wherever it was "
                      "tried (routes: %2), so a refusal proves nothing."),
            userId, QString::number(routesAsked)),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "If they should have been let in until now, check the id: a mistyped one is refused "
            "like this as well.")) };
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

    /// The routes that the block is for, as the proxy has them now.
    Result<std::vector<RouteEntity>> read()
    {
        const auto state = readConfig(m_editor.client(), m_stop);
        if (!state) {
            return state.error();
        }
        m_state = *state;
        std::vector<RouteEntity> out;
        for (const auto& route : m_state.routes) {
            if (isOurs(route) && !isPublicThere(route)) {
                out.push_back(route);
            }
        }
        return out;
    }

    /// Reads anew, since asking may have taken a while, writes and reads back. The routes that
    /// carry the block afterwards.
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

/// One try of the block: where it is made, or why none can be made.
struct Trial
{
    std::optional<RouteEntity> route {};
    std::optional<Error> obstacle {};
};

class Trying
{
public:
    Trying(
        const AccessProbe& probe, Clock& clock, const QString& userId, const std::stop_token& stop)
        : m_probe(probe)
        , m_clock(clock)
        , m_userId(userId)
        , m_stop(stop)
    {
    }

    /// The first route that lets the user in as things are.
    Result<Trial> before(const std::vector<RouteEntity>& routes)
    {
        const auto end = m_clock.monotonic() + kAskingTimeout;
        std::optional<Error> failure;
        std::optional<Error> untried;
        int asked = 0;
        for (const auto& route : routes) {
            if (asked >= kMostRoutesAsked || m_clock.monotonic() >= end) {
                break;
            }
            const auto answer = m_probe(route, m_userId, m_stop);
            if (answer && *answer == ProbeAnswer::LetIn) {
                return Trial { .route = route };
            }
            if (!answer && answer.error().code == ErrorCode::Cancelled) {
                return answer.error();
            }
            // A route of which no page is known was not asked.
            const bool isAsked = answer || answer.error().code != ErrorCode::InvalidInput;
            asked += isAsked ? 1 : 0;
            auto& reason = isAsked ? failure : untried;
            if (!answer && !reason) {
                reason = answer.error();
            }
            if (!answer && isAway(answer.error())) {
                break;
            }
        }
        if (failure || (untried && asked == 0)) {
            return Trial { .obstacle = failure ? failure : untried };
        }
        return Trial { .obstacle = asked == 0 ? noProbe() : alreadyRefused(m_userId, asked) };
    }

    /// Asks until the proxy refuses, or its time is over.
    Result<ProbeAnswer> after(const RouteEntity& route)
    {
        const auto end = m_clock.monotonic() + kBlockTimeout;
        for (;;) {
            auto answer = m_probe(route, m_userId, m_stop);
            if (!answer || *answer == ProbeAnswer::Refused || m_clock.monotonic() >= end) {
                return answer;
            }
            if (!m_clock.sleep(kProbePause, m_stop)) {
                return cancelledError();
            }
        }
    }

private:
    /// The next route would wait as long for nothing.
    static bool isAway(const Error& error)
    {
        return error.code == ErrorCode::Network || error.code == ErrorCode::Timeout
            || error.code == ErrorCode::Tls;
    }

    const AccessProbe& m_probe;
    Clock& m_clock;
    const QString& m_userId;
    const std::stop_token& m_stop;
};

/// Where to look for the effect: for somebody who was out already, any route will do.
Result<Trial> chooseTrial(Blocking& blocking, Trying& trying, const BlockChange& request)
{
    if (!request.isNew) {
        return Trial {};
    }
    const auto routes = blocking.read();
    return routes ? trying.before(*routes) : routes.error();
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
    Blocking blocking(editor, request, stop);
    Trying trying(probe, clock, request.probedUser, stop);
    const bool isTried = probe && !request.userIds.empty();
    const auto trial = isTried ? chooseTrial(blocking, trying, request) : Result<Trial>(Trial {});
    if (!trial) {
        return trial.error();
    }
    const auto blocked = blocking.write(out);
    if (!blocked) {
        return blocked.error();
    }
    if (request.userIds.empty() || (!probe && !request.isNew)) {
        out.state = BlockState::Done;
        return out;
    }
    if (blocked->empty() || !probe || trial->obstacle) {
        out.error = blocked->empty() ? nothingToBlockOn() : !probe ? noProbe() : *trial->obstacle;
        return out;
    }
    const auto route = trial->route.value_or(blocked->front());
    out.probedRoute = route.name;
    const auto answer = trying.after(route);
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
