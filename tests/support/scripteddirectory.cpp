// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/scripteddirectory.h"

using namespace Qt::StringLiterals;

namespace portreeve::test {

namespace {

class NoNetwork final : public HttpClient
{
public:
    Result<HttpResponse> send(const HttpRequest& request, const std::stop_token& stop) override
    {
        Q_UNUSED(request)
        Q_UNUSED(stop)
        return refused();
    }

    std::vector<Result<HttpResponse>> sendAll(const std::vector<HttpRequest>& requests,
        int maxInFlight, const std::stop_token& stop) override
    {
        Q_UNUSED(maxInFlight)
        Q_UNUSED(stop)
        return std::vector<Result<HttpResponse>>(requests.size(), refused());
    }

private:
    static Error refused()
    {
        return { .code = ErrorCode::Network, .what = message("There is no network here.") };
    }
};

} // namespace

class ScriptedDirectory::Reader final : public Connector
{
public:
    Reader(ScriptedDirectory& directory, const ConnectorOptions& options)
        : m_directory(directory)
    {
        const std::lock_guard lock(directory.m_mutex);
        directory.m_token = options.secret(u"token"_s);
    }

    TestReport test(RunContext& run) override
    {
        const Answer answer = m_directory.next();
        if (answer.meanwhile) {
            answer.meanwhile(run);
        }
        TestReport report { .tenantId = answer.tenantId };
        report.steps.push_back(
            { .name = u"sign_in"_s, .title = message("Sign in"), .ok = !answer.error.has_value() });
        report.failure = answer.error;
        return report;
    }

    Result<FetchOutcome> fetch(RunContext& run, SnapshotBuilder& out) override
    {
        Answer answer = m_directory.next();
        run.report(RunProgress::Phase::Users, 0);
        if (answer.meanwhile) {
            answer.meanwhile(run);
        }
        if (run.stop.stop_requested()) {
            return Error { .code = ErrorCode::Cancelled, .what = message("Stopped.") };
        }
        if (answer.error) {
            answer.listing.users.resize(answer.listing.users.size() / 2);
            answer.listing.edges.clear();
            answer.listing.feed(out);
            return *answer.error;
        }
        const bool unchanged = !answer.nextState.isEmpty() && run.state == answer.nextState;
        if (!unchanged) {
            answer.listing.feed(out);
        }
        return FetchOutcome {
            .unchanged = unchanged, .nextState = answer.nextState, .tenantId = answer.tenantId
        };
    }

private:
    ScriptedDirectory& m_directory;
};

ScriptedDirectory::ScriptedDirectory()
{
    m_descriptor = { .id = u"scripted"_s,
        .name = "Scripted",
        .summary = "A provider under the test's control.",
        .fields = { { .key = u"address"_s, .label = "&Address", .help = "Unused." },
            { .key = u"token"_s,
                .kind = FieldKind::Secret,
                .label = "&Token",
                .help = "Anything.",
                .required = true } },
        .create = [this](const ConnectorOptions& options) {
            return std::make_unique<Reader>(*this, options);
        } };
}

void ScriptedDirectory::answer(Answer next)
{
    const std::lock_guard lock(m_mutex);
    m_standing = std::move(next);
}

void ScriptedDirectory::answerOnce(Answer next)
{
    const std::lock_guard lock(m_mutex);
    m_once.push_back(std::move(next));
}

Answer ScriptedDirectory::next()
{
    const std::lock_guard lock(m_mutex);
    ++m_readings;
    if (m_once.empty()) {
        return m_standing;
    }
    Answer first = std::move(m_once.front());
    m_once.erase(m_once.begin());
    return first;
}

int ScriptedDirectory::readings() const
{
    const std::lock_guard lock(m_mutex);
    return m_readings;
}

QString ScriptedDirectory::lastToken() const
{
    const std::lock_guard lock(m_mutex);
    return m_token;
}

ConnectorLookup ScriptedDirectory::lookup() const
{
    return [this](QStringView id) { return id == m_descriptor.id ? &m_descriptor : nullptr; };
}

Connection ScriptedDirectory::connection(const QString& name)
{
    return { .name = name, .provider = u"scripted"_s, .storedSecrets = { u"token"_s } };
}

HttpClientFactory noNetwork()
{
    return [](const HttpSettings&) { return std::make_unique<NoNetwork>(); };
}

} // namespace portreeve::test
