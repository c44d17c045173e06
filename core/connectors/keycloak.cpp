// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/clockcheck.h"
#include "core/connectors/connector.h"
#include "core/connectors/keycloakapi.h"
#include "core/connectors/keycloakreader.h"

#include <utility>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

namespace {
class KeycloakConnector final : public Connector
{
public:
    explicit KeycloakConnector(ConnectorOptions options)
        : m_options(std::move(options))
    {
    }

    TestReport test(RunContext& run) override;
    Result<FetchOutcome> fetch(RunContext& run, SnapshotBuilder& out) override;

private:
    ConnectorOptions m_options;
};

/// Adds steps to a report; a failed one ends it.
class Steps
{
public:
    explicit Steps(TestReport& report)
        : m_report(report)
    {
    }

    void pass(const char* name, Message title, Message what)
    {
        m_report.steps.push_back({ .name = QString::fromLatin1(name),
            .title = std::move(title),
            .ok = true,
            .what = std::move(what) });
    }

    TestReport fail(const char* name, Message title, const Error& error)
    {
        m_report.steps.push_back({ .name = QString::fromLatin1(name),
            .title = std::move(title),
            .ok = false,
            .what = error.what,
            .remedy = error.remedy,
            .detail = error.detail });
        m_report.failure = error;
        return m_report;
    }

private:
    TestReport& m_report;
};

Message reached(const KeycloakApi& api)
{
    if (api.isIssuerElsewhere()) {
        return message(QT_TRANSLATE_NOOP("Message",
                           "The realm answers. It calls itself %1, which is fine for an internal "
                           "address."),
            api.issuer());
    }
    return message(QT_TRANSLATE_NOOP("Message", "The realm answers."));
}

TestReport KeycloakConnector::test(RunContext& run)
{
    TestReport report;
    Steps steps(report);
    KeycloakApi api(m_options, run, { .maxTries = 3, .maxTriesWithoutAnswer = 2 });

    const auto reach = message(QT_TRANSLATE_NOOP("Message", "Reach the realm"));
    if (const auto found = api.discover(); !found) {
        return steps.fail("reach", reach, found.error());
    }
    steps.pass("reach", reach, reached(api));
    report.tenantId = api.issuer();
    report.steps.push_back(clockStep(api.clockSkew()));

    const auto signIn = message(QT_TRANSLATE_NOOP("Message", "Sign in as the client"));
    if (const auto signedIn = api.signIn(); !signedIn) {
        return steps.fail("sign_in", signIn, signedIn.error());
    }
    steps.pass("sign_in", signIn, message(QT_TRANSLATE_NOOP("Message", "A token was given.")));

    const auto permissions = message(QT_TRANSLATE_NOOP("Message", "Check the role view-users"));
    if (api.role() == KeycloakApi::Role::Missing) {
        return steps.fail("permissions", permissions, api.missingRole());
    }
    steps.pass("permissions", permissions,
        api.role() == KeycloakApi::Role::Held
            ? message(QT_TRANSLATE_NOOP("Message", "The client has it."))
            : message(QT_TRANSLATE_NOOP(
                  "Message", "The role could not be checked: the token does not list roles.")));

    KeycloakReader reader(api, m_options, run);
    const auto users = message(QT_TRANSLATE_NOOP("Message", "Read users"));
    auto sample = reader.sampleUsers();
    if (!sample) {
        return steps.fail("users", users, sample.error());
    }
    report.sampleUsers = std::move(sample->users);
    report.userCount = sample->total;
    steps.pass("users", users,
        message(QT_TRANSLATE_NOOP("Message",
                    "Users: %1. Compare the ids of the samples with the user ids the "
                    "proxy shows."),
            QString::number(sample->total)));

    const auto groups = message(QT_TRANSLATE_NOOP("Message", "Read groups"));
    const auto groupCount = reader.checkGroups();
    if (!groupCount) {
        return steps.fail("groups", groups, groupCount.error());
    }
    report.groupCount = *groupCount;
    steps.pass("groups", groups,
        message(QT_TRANSLATE_NOOP("Message", "Groups: %1, sub-groups included."),
            QString::number(*groupCount)));
    return report;
}

Result<FetchOutcome> KeycloakConnector::fetch(RunContext& run, SnapshotBuilder& out)
{
    KeycloakApi api(m_options, run, {});
    if (auto found = api.discover(); !found) {
        return found.error();
    }
    if (auto signedIn = api.signIn(); !signedIn) {
        return signedIn.error();
    }
    if (api.role() == KeycloakApi::Role::Missing) {
        return api.missingRole();
    }
    if (api.role() == KeycloakApi::Role::Unknown) {
        out.note(u"The role view-users could not be checked: the token does not list roles."_s);
    }
    noteClockSkew(api.clockSkew(), out);
    KeycloakReader reader(api, m_options, run);
    auto nextState = reader.readAll(out);
    if (!nextState) {
        return nextState.error();
    }
    return FetchOutcome { .nextState = std::move(*nextState), .tenantId = api.issuer() };
}

std::vector<FieldDescriptor> signInFields()
{
    return {
        { .key = u"url"_s,
            .kind = FieldKind::Url,
            .label = QT_TRANSLATE_NOOP("Connector", "URL"),
            .help = QT_TRANSLATE_NOOP("Connector",
                "The server's root. Servers before version 17 need /auth at the end. An internal "
                "address is fine."),
            .placeholder = u"https://id.example.org"_s,
            .required = true },
        { .key = u"realm"_s,
            .kind = FieldKind::Text,
            .label = QT_TRANSLATE_NOOP("Connector", "Realm"),
            .help = QT_TRANSLATE_NOOP("Connector", "The realm whose people are read."),
            .required = true,
            .defaultValue = u"master"_s,
            .pattern = u"[^/]+"_s,
            .example = u"company"_s },
        { .key = u"client_id"_s,
            .kind = FieldKind::Text,
            .label = QT_TRANSLATE_NOOP("Connector", "Client ID"),
            .help = QT_TRANSLATE_NOOP("Connector",
                "A confidential client with \"Service accounts roles\" on, whose service account "
                "has the role view-users of the client realm-management (in the realm master: of "
                "master-realm)."),
            .placeholder = u"directory-sync"_s,
            .required = true },
        { .key = u"client_secret"_s,
            .kind = FieldKind::Secret,
            .label = QT_TRANSLATE_NOOP("Connector", "Client secret"),
            .help = QT_TRANSLATE_NOOP("Connector", "From the client's Credentials tab."),
            .required = true },
    };
}

std::vector<FieldDescriptor> mappingFields()
{
    constexpr qint64 smallestPage = 100;
    constexpr qint64 largestPage = 1000;
    return {
        { .key = u"group_name_source"_s,
            .kind = FieldKind::Choice,
            .label = QT_TRANSLATE_NOOP("Connector", "Group name"),
            .help = QT_TRANSLATE_NOOP("Connector",
                "A label only; two groups may share one. The id is what policies compare."),
            .defaultValue = u"path"_s,
            .choices
            = { { .value = u"path"_s, .label = QT_TRANSLATE_NOOP("Connector", "Path (/a/b)") },
                { .value = u"name"_s, .label = QT_TRANSLATE_NOOP("Connector", "Name (b)") } } },
        { .key = u"email_rule"_s,
            .kind = FieldKind::Choice,
            .label = QT_TRANSLATE_NOOP("Connector", "E-mail"),
            .help = QT_TRANSLATE_NOOP("Connector",
                "Policies by email and domain trust it. Unverified addresses can be set by the "
                "users themselves in many realms."),
            .defaultValue = u"verified"_s,
            .choices = { { .value = u"verified"_s,
                             .label = QT_TRANSLATE_NOOP("Connector", "Only when verified") },
                { .value = u"always"_s, .label = QT_TRANSLATE_NOOP("Connector", "Always") } } },
        { .key = u"display_name_source"_s,
            .kind = FieldKind::Choice,
            .label = QT_TRANSLATE_NOOP("Connector", "Display name"),
            .help = QT_TRANSLATE_NOOP("Connector",
                "User name is what pomerium-datasource sends; choose it to keep names as they "
                "were."),
            .defaultValue = u"full_name"_s,
            .choices = { { .value = u"full_name"_s,
                             .label = QT_TRANSLATE_NOOP("Connector", "First and last name") },
                { .value = u"username"_s, .label = QT_TRANSLATE_NOOP("Connector", "User name") } },
            .advanced = true },
        { .key = u"page_size"_s,
            .kind = FieldKind::Integer,
            .label = QT_TRANSLATE_NOOP("Connector", "Page size"),
            .help = QT_TRANSLATE_NOOP(
                "Connector", "Records per request. Smaller pages are easier on a slow server."),
            .defaultValue = u"500"_s,
            .minimum = smallestPage,
            .maximum = largestPage,
            .advanced = true },
    };
}
} // namespace

ConnectorDescriptor keycloakConnector()
{
    auto fields = signInFields();
    for (auto& more : { mappingFields(), commonHttpFields() }) {
        fields.insert(fields.end(), more.begin(), more.end());
    }
    return { .id = u"keycloak"_s,
        .name = QT_TRANSLATE_NOOP("Connector", "Keycloak"),
        .summary = QT_TRANSLATE_NOOP("Connector",
            "Users, groups and sub-groups of one realm, through the admin API. Version 22 or "
            "newer."),
        .helpUrl = u"https://www.keycloak.org/docs/latest/server_admin/"_s,
        .capabilities = { .nestedGroups = true },
        .fields = std::move(fields),
        .create = [](ConnectorOptions options) -> std::unique_ptr<Connector> {
            return std::make_unique<KeycloakConnector>(std::move(options));
        } };
}

} // namespace portreeve
