// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/console/consoleconfigclient.h"
#include "core/proxy/console/consoletoken.h"
#include "core/proxy/delivery/filetest.h"

#include <QDateTime>
#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

using configservice::EntityKind;

/// Whether an answer came at all, be it a refusal.
bool isReached(const Error& error)
{
    return error.code != ErrorCode::Network && error.code != ErrorCode::Tls
        && error.code != ErrorCode::Timeout;
}

Error endedToken(UtcTime end)
{
    const auto when
        = QDateTime::fromMSecsSinceEpoch(end.time_since_epoch().count(), QTimeZone::utc());
    return { .code = ErrorCode::Auth,
        .what = message(QT_TRANSLATE_NOOP("Message", "The service account's token ended on %1."),
            when.toString(u"yyyy-MM-dd hh:mm 'UTC'"_s)),
        .remedy = message(QT_TRANSLATE_NOOP(
            "Message", "Make a new token in the Enterprise console and give it to the target.")),
        .field = kConsoleTokenField.toString() };
}

class ConsoleTest
{
public:
    ConsoleTest(TargetLink& link, const std::stop_token& stop, TestSteps& steps)
        : m_link(link)
        , m_stop(stop)
        , m_steps(steps)
    {
    }

    bool run() { return judgeToken() && signIn() && judgeNamespace() && count(); }

private:
    bool judgeToken()
    {
        const auto title = message(QT_TRANSLATE_NOOP("Message", "Token"));
        const auto token = m_link.consoleToken();
        const auto client = token ? m_link.console() : token.error();
        if (!client) {
            return m_steps.judge(u"secret"_s, title, client.error(), {});
        }
        m_client = *client;
        if (*token) {
            const auto end = consoleTokenEnd(**token);
            const bool isOver = end && *end <= m_link.now();
            return m_steps.judge(u"secret"_s, title,
                isOver ? Result<void>(endedToken(*end)) : Result<void>(),
                message(QT_TRANSLATE_NOOP("Message", "It has the right form.")));
        }
        m_steps.tick(u"secret"_s, title,
            message(QT_TRANSLATE_NOOP("Message",
                "None is stored, so the shared secret signs in as the bootstrap account.")));
        return true;
    }

    /// Listing the namespaces is what every account may do.
    bool signIn()
    {
        m_home = m_client->home(m_stop);
        const bool isAboutNamespace = !m_home && !m_home.error().field.isEmpty();
        const bool isAnswered = m_home || isAboutNamespace;
        const auto reach = isAnswered || isReached(m_home.error()) ? Result<void>()
                                                                   : Result<void>(m_home.error());
        if (!m_steps.judge(u"reach"_s, message(QT_TRANSLATE_NOOP("Message", "Reach the console")),
                reach,
                message(QT_TRANSLATE_NOOP("Message", "%1 answers."),
                    m_link.options().serviceUrl().toString(QUrl::RemovePath)))) {
            return false;
        }
        return m_steps.judge(u"sign_in"_s, message(QT_TRANSLATE_NOOP("Message", "Sign in")),
            isAnswered ? Result<void>() : Result<void>(m_home.error()),
            message(QT_TRANSLATE_NOOP("Message", "The console accepts the token.")));
    }

    bool judgeNamespace()
    {
        return m_steps.judge(u"namespace"_s, message(QT_TRANSLATE_NOOP("Message", "Namespace")),
            m_home ? Result<void>() : Result<void>(m_home.error()),
            m_home ? message(QT_TRANSLATE_NOOP("Message", "New objects go to “%1”."), m_home->name)
                   : Message());
    }

    bool count()
    {
        auto& report = m_steps.report();
        const auto policies = m_client->count(EntityKind::Policy, m_stop);
        const auto routes = policies ? m_client->count(EntityKind::Route, m_stop) : policies;
        if (routes) {
            report.policies = *policies;
            report.routes = *routes;
        }
        return m_steps.judge(u"records"_s, message(QT_TRANSLATE_NOOP("Message", "What is there")),
            routes ? Result<void>() : Result<void>(routes.error()),
            message(
                QT_TRANSLATE_NOOP("Message", "Policies: %1, routes: %2, whoever put them there."),
                QString::number(report.policies.value_or(0)),
                QString::number(report.routes.value_or(0))));
    }

    TargetLink& m_link;
    const std::stop_token& m_stop;
    TestSteps& m_steps;
    ConsoleConfigClient* m_client = nullptr;
    Result<ConsoleNamespace> m_home { ConsoleNamespace {} };
};

} // namespace

bool testConsole(TargetLink& link, const std::stop_token& stop, TestSteps& steps)
{
    return ConsoleTest(link, stop, steps).run();
}

} // namespace portreeve
