// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/base/logging.h"
#include "core/proxy/configservice/routeprobe.h"
#include "core/proxy/delivery/activedelivery.h"
#include "core/proxy/delivery/configdelivery.h"
#include "core/proxy/delivery/deliverysource.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

using configservice::AccountProbe;
using configservice::BlockState;
using configservice::ConfigServiceEditor;

Error needsEntities(const QString& target)
{
    return { .code = ErrorCode::InvalidInput,
        .what
        = message(QT_TRANSLATE_NOOP("Message",
                      "“%1” gets its policies another way, so nobody can be blocked at once."),
            target),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Blocking needs policies that travel by the configuration service, as databroker "
            "records or through the console's API, and a target that is not read only. Suspend the "
            "person in the directory instead.")),
        .field = u"policy_channel"_s };
}

BlockReport::State stateOf(BlockState state)
{
    switch (state) {
    case BlockState::Done:
        return BlockReport::State::Done;
    case BlockState::WrittenNotConfirmed:
        return BlockReport::State::NotConfirmed;
    case BlockState::StillLetIn:
        return BlockReport::State::StillLetIn;
    }
    return BlockReport::State::NotConfirmed;
}

/// The block is remembered before it is sent: should sending fail, the next delivery brings it.
Result<std::vector<QString>> remember(
    Store& store, const BlockRequest& request, const QString& actor)
{
    auto& targets = store.targets();
    const auto changed = request.blocked ? targets.block(request.targetId, request.userId, actor)
                                         : targets.unblock(request.targetId, request.userId);
    if (!changed) {
        return changed.error();
    }
    const QJsonObject details { { u"user"_s, request.userId } };
    const auto audited = store.audit().append({ .actor = actor,
        .event = request.blocked ? u"user_blocked"_s : u"user_unblocked"_s,
        .subject = request.targetId,
        .details = auditDetails(details) });
    return audited ? blockedIds(store, request.targetId) : audited.error();
}

/// A mistyped id is as easily blocked as any other. Where records of people do not come from here,
/// nothing is known.
Result<bool> isUnknown(Store& store, const BlockRequest& request)
{
    const auto people = store.targets().ownership(request.targetId, DeliveredKind::User);
    if (!people) {
        return people.error();
    }
    const auto has = [&request](const std::vector<QString>& ids) {
        return std::ranges::find(ids, request.userId) != ids.end();
    };
    return !people->ours.empty() && !has(people->ours) && !has(people->kept);
}

Error withNextDelivery(Error error)
{
    error.remedy
        = message(QT_TRANSLATE_NOOP("Message",
                      "It is remembered: the next delivery to the target brings it about. %1"),
            error.remedy.english());
    return error;
}

BlockReport reportOf(const configservice::BlockOutcome& outcome, bool hasAccounts)
{
    auto error = outcome.error;
    if (error && !hasAccounts && !outcome.routes.empty()) {
        error->remedy = message(QT_TRANSLATE_NOOP("Message",
            "The console's API has no accounts to try it with. Look at a route of the proxy."));
    }
    return { .state = stateOf(outcome.state),
        .routes = outcome.routes,
        .publicRoutes = outcome.publicRoutes,
        .probedRoute = outcome.probedRoute,
        .error = std::move(error) };
}

} // namespace

Result<BlockReport> Delivery::setBlocked(
    const BlockRequest& request, const DeliveryControl& control)
{
    const auto opened = link(request.targetId);
    if (!opened) {
        return opened.error();
    }
    TargetLink& link = **opened;
    const auto& options = link.options();
    if (!options.writesEntities() || options.readOnly) {
        return needsEntities(link.target().name);
    }
    const auto ids = remember(m_services.store, request, control.actor);
    if (!ids) {
        return ids.error();
    }
    const auto editor = link.configEditor();
    if (!editor) {
        return withNextDelivery(editor.error());
    }
    // Accounts to try the block with come from the configuration service alone. At a console there
    // is none, and the block counts as not confirmed.
    std::optional<ConfigServiceEditor> accountEditor;
    std::optional<AccountProbe> accounts;
    configservice::AccessProbe probe;
    if (!options.usesConsole()) {
        const auto service = link.configService();
        if (!service) {
            return withNextDelivery(service.error());
        }
        accountEditor.emplace(**service);
        accounts.emplace(link.http(), *accountEditor, m_services.clock, options.probeUrl);
    }
    if (accounts && !options.probeUrl.isEmpty()) {
        probe = [&accounts](const configservice::RouteEntity& route, const QString& userId,
                    const std::stop_token& stop) { return accounts->ask(route, userId, stop); };
    }
    const auto outcome = configservice::blockNow(**editor, m_services.clock,
        { .ownership = configOwnership(link.target(), options),
            .userIds = *ids,
            // Whoever is let in again proves nothing about those who stay out.
            .probedUser = request.blocked ? request.userId
                : ids->empty()            ? QString()
                                          : ids->front(),
            .isNew = request.blocked },
        probe, control.stop);
    const auto finished = accounts ? accounts->finish(control.stop) : Result<void>();
    if (!finished) {
        qCWarning(lcProxy).noquote() << finished.error().toText();
    }
    if (!outcome) {
        return withNextDelivery(outcome.error());
    }
    const auto unknown = isUnknown(m_services.store, request);
    if (!unknown) {
        return unknown.error();
    }
    auto report = reportOf(*outcome, accounts.has_value());
    report.isUnknown = request.blocked && *unknown;
    return report;
}

} // namespace portreeve
