// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/connector.h"
#include "core/connectors/ldap/identifiers.h"
#include "core/connectors/ldap/opening.h"
#include "core/connectors/ldap/reader.h"

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {
constexpr std::size_t kSampleUsers = 5;

class LdapConnector final : public Connector
{
public:
    explicit LdapConnector(const ConnectorOptions& options)
        : m_settings(ldap::settingsFrom(options))
    {
    }

    TestReport test(RunContext& run) override;
    Result<FetchOutcome> fetch(RunContext& run, SnapshotBuilder& out) override;

private:
    ldap::Settings m_settings;
};

/// An id that stays when the tree or its server is renamed: the base entry's own.
QString tenantId(ldap::Session& session, const ldap::Settings& settings, const QByteArray& domain)
{
    const QByteArray attribute = settings.activeDirectory ? "objectGUID" : "entryUUID";
    const QByteArray base = domain.isEmpty() ? settings.userBase.toUtf8() : domain;
    const auto entry
        = session.read({ .base = base, .scope = ldap::Scope::Base, .attributes = { attribute } });
    return entry ? ldap::idText(attribute, entry->first(attribute)) : QString();
}

/// The steps of "Test connection", in order; stops at the first that fails.
class ConnectionTest
{
public:
    ConnectionTest(ldap::Settings settings, RunContext& run)
        : m_settings(std::move(settings))
        , m_run(run)
    {
    }

    TestReport perform();

private:
    Result<void> open();
    Result<void> findBases();
    Result<void> readUsers();
    Result<void> countGroups();
    void passed(const char* step, Message what);
    void failed(const Error& error);

    ldap::Settings m_settings;
    RunContext& m_run;
    TestReport m_report;
    const char* m_step = "reach"; // the one at work
    ldap::Opened m_opened;
};

Message titleOf(QLatin1StringView step)
{
    if (step == "reach"_L1) {
        return message(QT_TRANSLATE_NOOP("Message", "Reach the server"));
    }
    if (step == "tls"_L1) {
        return message(QT_TRANSLATE_NOOP("Message", "Encrypt the connection"));
    }
    if (step == "sign_in"_L1) {
        return message(QT_TRANSLATE_NOOP("Message", "Sign in"));
    }
    if (step == "base"_L1) {
        return message(QT_TRANSLATE_NOOP("Message", "Find the user base and the group base"));
    }
    return step == "users"_L1 ? message(QT_TRANSLATE_NOOP("Message", "Read users"))
                              : message(QT_TRANSLATE_NOOP("Message", "Read groups"));
}

void ConnectionTest::passed(const char* step, Message what)
{
    const QLatin1StringView name(step);
    m_report.steps.push_back(
        { .name = name, .title = titleOf(name), .ok = true, .what = std::move(what) });
}

void ConnectionTest::failed(const Error& error)
{
    const QLatin1StringView name(m_step);
    m_report.steps.push_back({ .name = name,
        .title = titleOf(name),
        .ok = false,
        .what = error.what,
        .remedy = error.remedy,
        .detail = error.detail });
    m_report.failure = error;
}

TestReport ConnectionTest::perform()
{
    using Step = Result<void> (ConnectionTest::*)();
    for (const Step step : { &ConnectionTest::open, &ConnectionTest::findBases,
             &ConnectionTest::readUsers, &ConnectionTest::countGroups }) {
        if (const auto done = (this->*step)(); !done) {
            failed(done.error());
            break;
        }
    }
    return m_report;
}

Result<void> ConnectionTest::open()
{
    auto opened
        = ldap::open(m_settings, m_run, [this](const char* step, const ldap::Server& server) {
              const QLatin1StringView name(step);
              if (name == "reach"_L1) { // of the next server when the one before did not do
                  m_report.steps.clear();
                  passed(step, message(QT_TRANSLATE_NOOP("Message", "%1 answers."), server.url()));
                  m_step = "tls";
              } else if (name == "tls"_L1) {
                  const bool encrypted
                      = server.tlsFromStart || m_settings.security == ldap::Security::StartTls;
                  passed(step,
                      encrypted ? message(QT_TRANSLATE_NOOP("Message",
                                      "The connection is encrypted and the certificate trusted."))
                                : message(QT_TRANSLATE_NOOP("Message", "Not encrypted.")));
                  m_step = "sign_in";
              }
          });
    if (!opened) {
        return opened.error();
    }
    m_opened = *std::move(opened);
    passed("sign_in",
        m_opened.session->server().isGlobalCatalogue()
            ? message(QT_TRANSLATE_NOOP("Message",
                  "Signed in. This is the port of a global catalogue, which does not hold all "
                  "attributes and memberships: prefer 636 or 389."))
            : message(QT_TRANSLATE_NOOP("Message", "Signed in.")));
    return {};
}

Result<void> ConnectionTest::findBases()
{
    m_step = "base";
    ldap::Session& session = *m_opened.session;
    if (const auto bases = ldap::completeBases(m_settings, m_opened.root, session.server());
        !bases) {
        return bases;
    }
    for (const auto& [base, field] : { std::pair(m_settings.userBase, u"user_base"_s),
             std::pair(m_settings.groupBase, u"group_base"_s) }) {
        const auto entry
            = session.read({ .base = base.toUtf8(), .scope = ldap::Scope::Base, .field = field });
        if (!entry) {
            Error error = entry.error();
            error.field = field;
            return error;
        }
    }
    m_report.tenantId = tenantId(session, m_settings, m_opened.root.defaultNamingContext);
    passed("base",
        message(QT_TRANSLATE_NOOP("Message", "Users below %1, groups below %2."),
            m_settings.userBase, m_settings.groupBase));
    return {};
}

Result<void> ConnectionTest::readUsers()
{
    m_step = "users";
    std::int64_t withoutId = 0;
    const auto totals = ldap::searchAll(*m_opened.session, m_run,
        { .base = m_settings.userBase.toUtf8(),
            .filter = m_settings.userFilter,
            .attributes = ldap::userAttributes(m_settings),
            .field = u"user_filter"_s },
        m_opened.root.paging ? m_settings.pageSize : 0, [&](const ldap::Entry& entry) {
            const UserRecord user = ldap::userFrom(entry, m_settings, false);
            withoutId += user.id.isEmpty() ? 1 : 0;
            if (!user.id.isEmpty() && m_report.sampleUsers.size() < kSampleUsers) {
                m_report.sampleUsers.push_back(user);
            }
        });
    if (!totals) {
        return totals.error();
    }
    m_report.userCount = totals->entries;
    if (totals->entries == 0) {
        return Error { .code = ErrorCode::NotFound,
            .what = message(
                QT_TRANSLATE_NOOP("Message", "No user is found below %1."), m_settings.userBase),
            .remedy = message(QT_TRANSLATE_NOOP("Message",
                "Check the user base and the user filter, and that the account may read the users "
                "there.")),
            .field = u"user_filter"_s };
    }
    if (withoutId == totals->entries) {
        return Error { .code = ErrorCode::Permission,
            .what = message(QT_TRANSLATE_NOOP("Message", "No user has a readable %1."),
                QString::fromUtf8(m_settings.userId)),
            .remedy = message(QT_TRANSLATE_NOOP("Message",
                "Check the attribute's name in “User id from”, and that the account may read it.")),
            .field = u"id_attribute"_s };
    }
    passed("users",
        message(QT_TRANSLATE_NOOP("Message",
                    "Users: %1. Compare the ids below with the user id the proxy shows after a "
                    "sign-in: they must be equal."),
            QString::number(totals->entries)));
    return {};
}

Result<void> ConnectionTest::countGroups()
{
    m_step = "groups";
    const auto totals = ldap::searchAll(*m_opened.session, m_run,
        { .base = m_settings.groupBase.toUtf8(),
            .filter = m_settings.groupFilter,
            .field = u"group_filter_ldap"_s },
        m_opened.root.paging ? m_settings.pageSize : 0, [](const ldap::Entry&) { });
    if (!totals) {
        return totals.error();
    }
    m_report.groupCount = totals->entries;
    passed("groups",
        message(QT_TRANSLATE_NOOP("Message", "Groups: %1."), QString::number(totals->entries)));
    return {};
}

TestReport LdapConnector::test(RunContext& run)
{
    return ConnectionTest(m_settings, run).perform();
}

Result<FetchOutcome> LdapConnector::fetch(RunContext& run, SnapshotBuilder& out)
{
    run.report(RunProgress::Phase::Connect, 0);
    const auto opened = ldap::open(m_settings, run, [](const char*, const ldap::Server&) { });
    if (!opened) {
        return opened.error();
    }
    ldap::Session& session = *opened->session;
    ldap::Settings settings = m_settings;
    if (const auto bases = ldap::completeBases(settings, opened->root, session.server()); !bases) {
        return bases.error();
    }
    const QString tenant = tenantId(session, settings, opened->root.defaultNamingContext);
    ldap::Reader reader(session, settings, run, out);
    if (const auto read = reader.readAll(opened->root.paging); !read) {
        return read.error();
    }
    return FetchOutcome { .tenantId = tenant };
}
} // namespace

ConnectorDescriptor ldapConnector()
{
    return { .id = u"ldap"_s,
        .name = QT_TRANSLATE_NOOP("Connector", "LDAP and Active Directory"),
        .summary = QT_TRANSLATE_NOOP("Connector",
            "Reads users and nested groups from Active Directory, OpenLDAP, 389 DS and other LDAP "
            "servers."),
        .helpUrl = u"https://www.openldap.org/doc/admin26/"_s,
        .capabilities = { .nestedGroups = true, .local = true },
        .fields = ldap::formFields(),
        .crossCheck = ldap::crossCheck,
        .create = [](const ConnectorOptions& options) -> std::unique_ptr<Connector> {
            return std::make_unique<LdapConnector>(options);
        } };
}

} // namespace portreeve
