// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/console/consoleconfigclient.h"

#include <algorithm>
#include <tuple>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

using configservice::EntityKind;
using configservice::PolicyEntity;
using configservice::RouteEntity;

/// "Global", at every Enterprise (terraform-provider-pomerium, namespaces data source).
const QString kGlobalId = u"9d8dbd2c-8cce-4e66-9c1f-c490b4a07243"_s;
constexpr std::size_t kNamesTold = 10;

QString namesOf(const std::vector<ConsoleNamespace>& all)
{
    QStringList out;
    for (const auto& one : all) {
        if (static_cast<std::size_t>(out.size()) == kNamesTold) {
            out.append(u"…"_s);
            break;
        }
        out.append(one.name);
    }
    return out.join(u", "_s);
}

Error noSuchNamespace(
    const QString& target, const QString& wanted, const std::vector<ConsoleNamespace>& all)
{
    return { .code = ErrorCode::NotFound,
        .what
        = message(QT_TRANSLATE_NOOP("Message", "The console of “%1” shows no namespace “%2”."),
            target, wanted.isEmpty() ? u"Global"_s : wanted),
        .remedy = all.empty()
            ? message(QT_TRANSLATE_NOOP("Message",
                  "Give the service account a role in a namespace, and name that one here."))
            : message(QT_TRANSLATE_NOOP(
                          "Message", "Name one of those the service account may see: %1."),
                  namesOf(all)),
        .field = u"console_namespace"_s };
}

Error severalNamespaces(const QString& wanted, const QStringList& ids)
{
    return { .code = ErrorCode::InvalidInput,
        .what
        = message(QT_TRANSLATE_NOOP("Message", "There are several namespaces with the name “%1”."),
            wanted),
        .remedy = message(
            QT_TRANSLATE_NOOP("Message", "Give the id instead: one of %1."), ids.join(u", "_s)),
        .field = u"console_namespace"_s };
}

Result<ConsoleNamespace> chosen(
    const QString& target, const QString& wanted, const std::vector<ConsoleNamespace>& all)
{
    const QString id = wanted.isEmpty() ? kGlobalId : wanted;
    const auto byId = std::find_if(
        all.begin(), all.end(), [&id](const ConsoleNamespace& one) { return one.id == id; });
    if (byId != all.end()) {
        return *byId;
    }
    std::vector<ConsoleNamespace> found;
    const QString name = wanted.isEmpty() ? u"Global"_s : wanted;
    std::copy_if(all.begin(), all.end(), std::back_inserter(found),
        [&name](const ConsoleNamespace& one) { return one.name == name; });
    if (found.size() > 1) {
        QStringList ids;
        std::transform(found.begin(), found.end(), std::back_inserter(ids),
            [](const ConsoleNamespace& one) { return one.id; });
        return severalNamespaces(wanted, ids);
    }
    return found.empty() ? noSuchNamespace(target, wanted, all)
                         : Result<ConsoleNamespace>(found.front());
}

/// Of two copies the older one keeps our id: somebody duplicated it at the console.
template <typename Wire> bool isOlder(const Wire& a, const Wire& b)
{
    return std::make_tuple(a.created_at().seconds(), a.created_at().nanos(), a.id())
        < std::make_tuple(b.created_at().seconds(), b.created_at().nanos(), b.id());
}

} // namespace

ConsoleConfigClient::ConsoleConfigClient(
    QString targetName, QString namespaceText, std::unique_ptr<ConsoleClient> console)
    : m_targetName(std::move(targetName))
    , m_namespaceText(std::move(namespaceText))
    , m_console(std::move(console))
{
}

Result<ConsoleNamespace> ConsoleConfigClient::home(const std::stop_token& stop)
{
    if (!m_home) {
        const auto all = m_console->namespaces(stop);
        if (!all) {
            return all.error();
        }
        auto found = chosen(m_targetName, m_namespaceText, *all);
        if (!found) {
            return found;
        }
        m_home = *found;
    }
    return *m_home;
}

void ConsoleConfigClient::learn(const QString& id, const ConsolePolicy& wire)
{
    m_policies.insert(id, wire);
    m_policyIds.insert(QString::fromStdString(wire.id()), id);
}

void ConsoleConfigClient::learn(const QString& id, const ConsoleRoute& wire)
{
    m_routes.insert(id, wire);
}

template <typename Wire> Result<void> ConsoleConfigClient::list(const std::stop_token& stop)
{
    auto all = m_console->list<Wire>({}, stop);
    if (!all) {
        return all.error();
    }
    std::sort(all->begin(), all->end(), isOlder<Wire>);
    auto& remembered = known(static_cast<Wire*>(nullptr));
    remembered.clear();
    for (const auto& wire : *all) {
        const auto ours = consoleOrigin(wire.originator_id()).id;
        const auto theirs = QString::fromStdString(wire.id());
        if (remembered.contains(ours)) {
            m_copies.insert(theirs);
        }
        learn(ours.isEmpty() || m_copies.contains(theirs) ? theirs : ours, wire);
    }
    return {};
}

PolicyEntity ConsoleConfigClient::entityOf(const QString& id, const ConsolePolicy& wire) const
{
    return consoleEntity(wire, id);
}

RouteEntity ConsoleConfigClient::entityOf(const QString& id, const ConsoleRoute& wire) const
{
    auto out = consoleEntity(wire, id);
    for (auto& policyId : out.policyIds) {
        policyId = m_policyIds.value(policyId, policyId);
    }
    return out;
}

Result<std::vector<PolicyEntity>> ConsoleConfigClient::policies(const std::stop_token& stop)
{
    if (const auto place = home(stop); !place) {
        return place.error();
    }
    m_policyIds.clear();
    if (const auto listed = list<ConsolePolicy>(stop); !listed) {
        return listed.error();
    }
    m_hasPolicies = true;
    std::vector<PolicyEntity> out;
    for (auto at = m_policies.cbegin(); at != m_policies.cend(); ++at) {
        out.push_back(entityOf(at.key(), at.value()));
    }
    configservice::sortByName(out);
    return out;
}

Result<std::vector<RouteEntity>> ConsoleConfigClient::routes(const std::stop_token& stop)
{
    if (!m_hasPolicies) {
        // without them their ids would not be told from ours
        if (const auto read = policies(stop); !read) {
            return read.error();
        }
    }
    if (const auto listed = list<ConsoleRoute>(stop); !listed) {
        return listed.error();
    }
    std::vector<RouteEntity> out;
    for (auto at = m_routes.cbegin(); at != m_routes.cend(); ++at) {
        out.push_back(entityOf(at.key(), at.value()));
    }
    configservice::sortByName(out);
    return out;
}

template <typename Wire>
Result<std::optional<Wire>> ConsoleConfigClient::current(
    const QString& id, const std::stop_token& stop)
{
    const auto& remembered = known(static_cast<Wire*>(nullptr));
    const auto found = remembered.constFind(id);
    if (found == remembered.constEnd()) {
        return std::optional<Wire>();
    }
    const auto now = m_console->get<Wire>(QString::fromStdString(found->id()), stop);
    if (now) {
        return std::optional(*now);
    }
    return now.error().code == ErrorCode::NotFound
        ? Result<std::optional<Wire>>(std::optional<Wire>())
        : now.error();
}

Result<std::optional<PolicyEntity>> ConsoleConfigClient::policy(
    const QString& id, const std::stop_token& stop)
{
    if (!m_policies.contains(id)) {
        if (const auto read = policies(stop); !read) {
            return read.error();
        }
    }
    const auto now = current<ConsolePolicy>(id, stop);
    if (!now || !*now) {
        return now ? Result<std::optional<PolicyEntity>>(std::optional<PolicyEntity>())
                   : now.error();
    }
    learn(id, **now);
    return std::optional(entityOf(id, **now));
}

Result<std::optional<RouteEntity>> ConsoleConfigClient::route(
    const QString& id, const std::stop_token& stop)
{
    if (!m_routes.contains(id)) {
        if (const auto read = routes(stop); !read) {
            return read.error();
        }
    }
    const auto now = current<ConsoleRoute>(id, stop);
    if (!now || !*now) {
        return now ? Result<std::optional<RouteEntity>>(std::optional<RouteEntity>()) : now.error();
    }
    learn(id, **now);
    return std::optional(entityOf(id, **now));
}

Result<std::int64_t> ConsoleConfigClient::count(EntityKind kind, const std::stop_token& stop)
{
    return kind == EntityKind::Policy ? m_console->count<ConsolePolicy>(stop)
                                      : m_console->count<ConsoleRoute>(stop);
}

} // namespace portreeve
