// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/databrokerclient.h"
#include "core/proxy/databroker/directorypush.h"
#include "core/proxy/databroker/pushbatches.h"
#include "core/proxy/sharedsecret.h"
#include "tests/bench/bench.h"

#include <QFile>

#include <algorithm>
#include <random>

using namespace Qt::StringLiterals;

namespace portreeve::bench {

namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr std::size_t kGroupsPerUser = 10;

/// Ends the program: a bench without its server has no number to print.
[[noreturn]] void giveUp(const QString& reason)
{
    qCritical("%s", qPrintable(reason));
    std::exit(1);
}

template <typename T> T valueOf(Result<T> result)
{
    if (!result) {
        giveUp(result.error().toText());
    }
    return std::move(result).value();
}

QString idOf(const char* kind, std::size_t number)
{
    return u"%1-%2"_s.arg(QLatin1StringView(kind)).arg(number, 7, 10, QChar(u'0'));
}

/// 100,000 people in ten groups each of 10,000 for L; a tenth and a hundredth of that for M and S.
DirectoryRecords madeUpRecords(const Options& options)
{
    const std::size_t groups = options.size == u"L" ? 10'000 : options.size == u"M" ? 1'000 : 100;
    std::mt19937 random(options.seed);
    DirectoryRecords records;
    for (std::size_t i = 0; i < groups; ++i) {
        const QString id = idOf("group", i);
        records.groups.push_back({ .id = id, .name = u"Team "_s + id, .email = {} });
    }
    for (std::size_t i = 0; i < groups * 10; ++i) {
        DirectoryUserRecord user { .id = idOf("user", i),
            .displayName = u"User %1"_s.arg(i),
            .email = u"user.%1@example.org"_s.arg(i) };
        for (std::size_t k = 0; k < kGroupsPerUser; ++k) {
            user.groupIds.push_back(records.groups[random() % groups].id);
        }
        std::ranges::sort(user.groupIds);
        const auto doubled = std::ranges::unique(user.groupIds);
        user.groupIds.erase(doubled.begin(), doubled.end());
        records.users.push_back(std::move(user));
    }
    return records;
}

/// The databroker that the command line names, and how a directory gets there.
class Proxy
{
public:
    explicit Proxy(const Options& options)
        : m_client(open(options))
    {
    }

    const DatabrokerClient& client() const { return *m_client; }

    DirectoryPushOutcome push(const DesiredDirectory& desired)
    {
        DirectoryPush push(*m_client, m_clock, {});
        auto outcome = push.push(desired, {});
        if (outcome.error) {
            giveUp(outcome.error->toText());
        }
        return outcome;
    }

private:
    std::unique_ptr<DatabrokerClient> open(const Options& options)
    {
        QFile file(options.secretFile);
        if (options.address.isEmpty() || !file.open(QIODevice::ReadOnly)) {
            giveUp(u"--address and --secret-file have to name a databroker"_s);
        }
        const auto secret = valueOf(SharedSecret::fromBase64(QString::fromLatin1(file.readAll())));
        return valueOf(DatabrokerClient::open(
            { .host = options.address.section(u':', 0, 0),
                .port = options.address.section(u':', 1).toInt() },
            [secret](UtcTime now) { return mintToken(secret, now + kTokenLife); }, m_clock));
    }

    SystemClock m_clock;
    std::unique_ptr<DatabrokerClient> m_client;
};

double timed(const std::function<void()>& work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    return Milliseconds(std::chrono::steady_clock::now() - start).count();
}

/// Time of putting the same bytes in the same portions, with nothing read, compared or verified.
double barePutMs(const DatabrokerClient& client, const DirectoryPlan& plan)
{
    std::vector<std::vector<DatabrokerRecord>> portions;
    for (const auto& batch : cutIntoBatches(plan.changes)) {
        portions.push_back(batch.records());
        for (auto& record : portions.back()) {
            record.type = u"portreeve.test/"_s + record.type.section(u'/', 1);
        }
    }
    return timed([&] {
        for (const auto& portion : portions) {
            static_cast<void>(valueOf(client.put(portion, {})));
        }
    });
}

/// Time of reading both types as they are, with nothing decoded or compared: what no push can do
/// without.
double bareReadMs(const DatabrokerClient& client)
{
    return timed([&] {
        for (const auto type : { recordtype::kDirectoryUser, recordtype::kDirectoryGroup }) {
            static_cast<void>(valueOf(client.syncLatest(type, [](DatabrokerRecord&&) { }, {})));
        }
    });
}

Report reportOf(const DirectoryPushOutcome& outcome)
{
    return { .count = static_cast<std::uint64_t>(outcome.users.put() + outcome.groups.put()),
        .bytes = static_cast<std::uint64_t>(outcome.bytesPut),
        .extra = { { u"puts"_s, outcome.puts }, { u"state"_s, pushStateName(outcome.state) } } };
}

DesiredDirectory desiredOf(DirectoryRecords records)
{
    return { .records = std::make_shared<const DirectoryRecords>(std::move(records)) };
}

/// Into an empty databroker, once.
Report push(const Options& options)
{
    Proxy proxy(options);
    const auto desired = desiredOf(madeUpRecords(options));
    DirectoryPushOutcome outcome;
    const double ms = timed([&] { outcome = proxy.push(desired); });
    Report report = reportOf(outcome);
    report.time = { .medianMs = ms, .minMs = ms };
    report.reference = u"bare Put of the same bytes"_s;
    report.referenceMs = barePutMs(proxy.client(), outcome.plan);
    return report;
}

/// Again, after push.
Report pushUnchanged(const Options& options)
{
    Proxy proxy(options);
    const auto desired = desiredOf(madeUpRecords(options));
    DirectoryPushOutcome outcome;
    const auto time = measure(options.repetitions, [&] { outcome = proxy.push(desired); });
    Report report = reportOf(outcome);
    report.time = time;
    report.reference = u"bare SyncLatest"_s;
    report.referenceMs = bareReadMs(proxy.client());
    return report;
}

/// One membership taken away each time, after push.
Report pushOne(const Options& options)
{
    Proxy proxy(options);
    auto records = madeUpRecords(options);
    std::vector<DesiredDirectory> steps;
    for (int i = 0; i <= options.repetitions; ++i) { // one more to warm up
        records.users[static_cast<std::size_t>(i)].groupIds.pop_back();
        steps.push_back(desiredOf(records));
    }
    DirectoryPushOutcome outcome;
    std::size_t next = 0;
    const auto time = measure(options.repetitions, [&] { outcome = proxy.push(steps[next++]); });
    Report report = reportOf(outcome);
    report.time = time;
    report.reference = u"bare SyncLatest, and bare Put of the same bytes"_s;
    report.referenceMs = bareReadMs(proxy.client()) + barePutMs(proxy.client(), outcome.plan);
    return report;
}

const bool kPushRegistered = registerBenchmark("push", push);
const bool kUnchangedRegistered = registerBenchmark("push-unchanged", pushUnchanged);
const bool kOneRegistered = registerBenchmark("push-one", pushOne);

} // namespace

} // namespace portreeve::bench
