// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/targettest.h"

#include "core/proxy/configservice/configserviceclient.h"
#include "core/proxy/databroker/databrokerclient.h"
#include "core/proxy/delivery/configdelivery.h"
#include "core/proxy/delivery/filetest.h"
#include "core/proxy/delivery/targetlink.h"
#include "core/proxy/health.h"

#include <array>
#include <cstdlib>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

/// From here on tokens that live five minutes may arrive expired.
constexpr std::chrono::milliseconds kTooFarAhead = std::chrono::minutes(4);
constexpr std::chrono::milliseconds kWorthSaying = std::chrono::seconds(5);

bool isAboutReaching(const Error& error)
{
    return error.code == ErrorCode::Network || error.code == ErrorCode::Tls
        || error.code == ErrorCode::Timeout;
}

class TargetTest
{
public:
    TargetTest(TargetLink& link, std::optional<BundleListener> listener,
        const std::stop_token& stop, TestSteps& steps)
        : m_link(link)
        , m_options(link.options())
        , m_listener(std::move(listener))
        , m_stop(stop)
        , m_steps(steps)
    {
    }

    void run()
    {
        noteMode();
        if (m_options.usesSecret() && !askProxy()) {
            return;
        }
        if (m_options.usesConsole() && !testConsole(m_link, m_stop, m_steps)) {
            return;
        }
        readHealthPage();
        testFiles(m_options, m_steps);
        testBundle(m_link, m_listener, m_steps);
    }

private:
    TargetReport& report() { return m_steps.report(); }

    bool usesRecords() const { return m_options.directoryChannel == DirectoryChannel::Databroker; }

    bool usesService() const { return m_options.policyChannel == PolicyChannel::ConfigService; }

    bool usesConfigRecords() const
    {
        return m_options.policyChannel == PolicyChannel::ConfigRecords;
    }

    bool usesWholeConfig() const { return m_options.policyChannel == PolicyChannel::WholeConfig; }

    /// Whether policies and routes can be counted there.
    bool hasEntities() { return usesConfigRecords() || (usesService() && hasService()); }

    void noteMode()
    {
        if (m_options.readOnly) {
            m_steps.tick(u"mode"_s, message(QT_TRANSLATE_NOOP("Message", "Read only")),
                message(QT_TRANSLATE_NOOP(
                    "Message", "The target is compared and shown; nothing is ever written.")));
        }
    }

    /// @return false where going on would only repeat the same failure
    bool askProxy()
    {
        const auto secret = m_link.sharedSecret();
        if (!m_steps.judge(u"secret"_s, message(QT_TRANSLATE_NOOP("Message", "Shared secret")),
                secret ? Result<void>() : secret.error(),
                message(QT_TRANSLATE_NOOP("Message", "It has the right form.")))) {
            return false;
        }
        return reach() && signIn() && countRecords();
    }

    /// GetServerInfo needs no token. A stand-alone databroker may not speak HTTP/1.1 at all, so its
    /// own answer counts as well.
    bool reach()
    {
        const auto title = message(QT_TRANSLATE_NOOP("Message", "Reach the proxy"));
        const auto client = m_link.configService();
        if (!client) {
            return m_steps.judge(u"reach"_s, title, client.error(), {});
        }
        const auto info = (*client)->serverInfo(m_stop);
        m_clockAhead = (*client)->clockAhead();
        const bool silent = !info && isAboutReaching(info.error());
        if (silent && !(m_options.usesDatabroker() && databrokerAnswers())) {
            return m_steps.judge(u"reach"_s, title, info.error(), {});
        }
        m_steps.tick(u"reach"_s, title,
            message(QT_TRANSLATE_NOOP("Message", "%1 answers."),
                m_link.options().serviceUrl().toString(QUrl::RemovePath)));
        judgeService(info);
        return true;
    }

    bool databrokerAnswers()
    {
        const auto client = m_link.openDatabroker();
        if (!client) {
            return false;
        }
        const auto info = (*client)->serverInfo(m_stop);
        return info || !isAboutReaching(info.error());
    }

    void judgeService(const Result<std::optional<configservice::ServerInfo>>& info)
    {
        const auto title = message(QT_TRANSLATE_NOOP("Message", "Configuration service"));
        if (info) {
            report().measured.configService = info->has_value();
        }
        if (info && *info) {
            report().serverKind = (*info)->kind;
            report().serverVersion = (*info)->version;
            m_steps.tick(u"service"_s, title,
                message(QT_TRANSLATE_NOOP("Message", "It is there: %1, version %2."), (*info)->kind,
                    (*info)->version));
            return;
        }
        if (usesConfigRecords()) {
            m_steps.warn(u"service"_s, title,
                message(QT_TRANSLATE_NOOP("Message",
                    "There is none to be seen, as in releases before 0.33. Those store policies "
                    "and routes that come as records, and do nothing with them.")),
                message(QT_TRANSLATE_NOOP("Message",
                    "Make sure that the proxy is 0.33 or newer, and state its version here.")));
            return;
        }
        if (!usesService()) {
            m_steps.tick(u"service"_s, title,
                message(QT_TRANSLATE_NOOP(
                    "Message", "There is none, and this target does not need it.")));
            return;
        }
        m_steps.judge(u"service"_s, title,
            info ? Result<void>(configservice::noConfigService(m_link.target().name))
                 : info.error(),
            {});
    }

    bool signIn()
    {
        const auto title = message(QT_TRANSLATE_NOOP("Message", "Sign in"));
        Result<void> outcome;
        if (m_options.usesDatabroker()) {
            auto opened = m_link.openDatabroker();
            if (opened) {
                m_databroker = *std::move(opened);
                const auto info = m_databroker->serverInfo(m_stop);
                outcome = info ? Result<void>() : info.error();
            } else {
                outcome = opened.error();
            }
        }
        if (outcome && hasEntities()) {
            outcome = countEntities(configservice::EntityKind::Policy, report().policies);
        }
        const bool signedIn = m_steps.judge(u"sign_in"_s, title, outcome,
            message(
                QT_TRANSLATE_NOOP("Message", "The proxy accepts tokens signed with the secret.")));
        judgeClock();
        return signedIn;
    }

    bool hasService() { return !report().serverKind.isEmpty(); }

    void judgeClock()
    {
        if (!m_clockAhead) {
            return;
        }
        const auto title = message(QT_TRANSLATE_NOOP("Message", "Clocks"));
        const auto seconds
            = std::chrono::duration_cast<std::chrono::seconds>(*m_clockAhead).count();
        if (*m_clockAhead >= kTooFarAhead) {
            m_steps.judge(u"clock"_s, title,
                Error { .code = ErrorCode::ClockSkew,
                    .what
                    = message(QT_TRANSLATE_NOOP("Message",
                                  "The proxy's clock is %1 s ahead of this computer's; tokens "
                                  "arrive expired."),
                        QString::number(seconds)),
                    .remedy = message(
                        QT_TRANSLATE_NOOP("Message", "Set both clocks right, then try again.")) },
                {});
            return;
        }
        const bool agree = std::chrono::abs(*m_clockAhead) < kWorthSaying;
        m_steps.tick(u"clock"_s, title,
            agree ? message(QT_TRANSLATE_NOOP("Message", "They agree."))
                  : message(QT_TRANSLATE_NOOP(
                                "Message", "They differ by %1 s, which does no harm yet."),
                        QString::number(std::llabs(seconds))));
    }

    bool countRecords()
    {
        const auto title = message(QT_TRANSLATE_NOOP("Message", "What is there"));
        Result<void> outcome;
        if (usesRecords()) {
            outcome = countType(recordtype::kDirectoryUser, report().userRecords);
            outcome
                = outcome ? countType(recordtype::kDirectoryGroup, report().groupRecords) : outcome;
        }
        if (outcome && hasEntities()) {
            outcome = countEntities(configservice::EntityKind::Route, report().routes);
        }
        if (!m_steps.judge(u"records"_s, title, outcome, counted())) {
            return false;
        }
        return !m_options.usesDatabroker() || (countDevices() && judgeCapacity());
    }

    bool countDevices()
    {
        auto outcome = countType(recordtype::kEnrollment, report().enrollments);
        outcome = outcome ? countType(recordtype::kCredential, report().credentials) : outcome;
        return m_steps.judge(u"devices"_s, message(QT_TRANSLATE_NOOP("Message", "Devices")),
            outcome,
            message(QT_TRANSLATE_NOOP(
                        "Message", "Enrollments: %1, enrolled devices: %2, whoever made them."),
                QString::number(report().enrollments.value_or(0)),
                QString::number(report().credentials.value_or(0))));
    }

    Result<void> countEntities(configservice::EntityKind kind, std::optional<std::int64_t>& count)
    {
        const auto client = m_link.config();
        if (!client) {
            return client.error();
        }
        const auto found = (*client)->count(kind, m_stop);
        if (!found) {
            return found.error();
        }
        count = *found;
        return {};
    }

    Result<void> countType(const QString& type, std::optional<std::int64_t>& count)
    {
        const auto found = m_databroker->query({ .type = type, .limit = 1 }, m_stop);
        if (!found) {
            return found.error();
        }
        count = found->totalCount;
        return {};
    }

    Message counted()
    {
        const auto text = [](const std::optional<std::int64_t>& count) {
            return QString::number(count.value_or(0));
        };
        if (report().userRecords && report().routes) {
            return message(QT_TRANSLATE_NOOP("Message",
                               "People: %1, groups: %2, policies: %3, routes: %4, whoever put "
                               "them there."),
                text(report().userRecords), text(report().groupRecords), text(report().policies),
                text(report().routes));
        }
        if (report().userRecords) {
            return message(
                QT_TRANSLATE_NOOP("Message", "People: %1, groups: %2, whoever put them there."),
                text(report().userRecords), text(report().groupRecords));
        }
        if (report().routes) {
            return message(
                QT_TRANSLATE_NOOP("Message", "Policies: %1, routes: %2, whoever put them there."),
                text(report().policies), text(report().routes));
        }
        return message(QT_TRANSLATE_NOOP("Message", "Nothing that can be counted from here."));
    }

    bool judgeCapacity()
    {
        const auto title = message(QT_TRANSLATE_NOOP("Message", "Room for all records"));
        std::vector<QLatin1StringView> types;
        if (usesRecords()) {
            types = { recordtype::kDirectoryUser, recordtype::kDirectoryGroup };
        }
        if (usesWholeConfig()) {
            types.push_back(recordtype::kConfig);
        }
        if (usesConfigRecords()) {
            types.push_back(recordtype::kConfigPolicy);
            types.push_back(recordtype::kConfigRoute);
        }
        for (const auto& type : types) {
            const auto options = m_databroker->options(type, m_stop);
            if (!options) {
                return m_steps.judge(u"capacity"_s, title, options.error(), {});
            }
            if (*options && (*options)->capacity) {
                m_steps.warn(u"capacity"_s, title,
                    message(QT_TRANSLATE_NOOP("Message",
                                "The proxy keeps at most %1 records of type %2 and deletes the "
                                "oldest by itself: people will lose access."),
                        QString::number(*(*options)->capacity), QString(type)),
                    message(QT_TRANSLATE_NOOP("Message", "Take that capacity option away.")));
                return true;
            }
        }
        m_steps.tick(u"capacity"_s, title,
            message(QT_TRANSLATE_NOOP("Message", "The proxy sets no limit on their number.")));
        return true;
    }

    void readHealthPage()
    {
        if (m_options.healthUrl.isEmpty()) {
            return;
        }
        const auto title = message(QT_TRANSLATE_NOOP("Message", "Health page"));
        const auto health = readHealth(m_link.http(), m_options.healthUrl, m_stop);
        if (!health) {
            m_steps.judge(u"health"_s, title, health.error(), {});
            return;
        }
        if (const auto* error = health->configurationError()) {
            m_steps.warn(u"health"_s, title,
                message(QT_TRANSLATE_NOOP(
                            "Message", "The proxy cannot take over its configuration (%1): %2"),
                    error->name, error->error),
                message(QT_TRANSLATE_NOOP("Message",
                    "Mend that first: until then it keeps its old state, whatever is delivered.")));
            return;
        }
        m_steps.tick(u"health"_s, title,
            message(QT_TRANSLATE_NOOP("Message", "The proxy reports no error.")));
    }

    TargetLink& m_link;
    const TargetOptions& m_options;
    std::optional<BundleListener> m_listener;
    const std::stop_token& m_stop;
    TestSteps& m_steps;
    std::unique_ptr<DatabrokerClient> m_databroker;
    std::optional<std::chrono::milliseconds> m_clockAhead;
};

} // namespace

void TestSteps::tick(const QString& name, const Message& title, const Message& what)
{
    m_report.steps.push_back({ .name = name, .title = title, .ok = true, .what = what });
}

void TestSteps::warn(
    const QString& name, const Message& title, const Message& what, const Message& remedy)
{
    m_report.steps.push_back({ .name = name, .title = title, .what = what, .remedy = remedy });
}

bool TestSteps::judge(
    const QString& name, const Message& title, const Result<void>& outcome, const Message& whenGood)
{
    if (outcome) {
        tick(name, title, whenGood);
        return true;
    }
    const Error& error = outcome.error();
    m_report.steps.push_back({ .name = name,
        .title = title,
        .what = error.what,
        .remedy = error.remedy,
        .detail = error.detail });
    if (!m_report.failure) {
        m_report.failure = error;
    }
    return false;
}

Result<TargetReport> Delivery::test(const TargetDraft& draft, const DeliveryControl& control)
{
    TestSteps steps;
    const auto title = message(QT_TRANSLATE_NOOP("Message", "Settings"));
    const auto link = TargetLink::open({ .secrets = m_services.secrets,
                                           .clock = m_services.clock,
                                           .makeHttp = m_services.makeHttp },
        draft);
    const bool usable = steps.judge(u"options"_s, title, link ? Result<void>() : link.error(),
        message(QT_TRANSLATE_NOOP("Message", "They fit together.")));
    if (usable) {
        // A draft does not know who listens for the target as it is stored.
        auto stored = m_services.store.targets().byId(draft.target.id);
        TargetTest(**link, stored ? stored->listener : std::nullopt, control.stop, steps).run();
    }
    if (control.stop.stop_requested()) {
        return cancelledError();
    }
    return steps.report();
}

} // namespace portreeve
