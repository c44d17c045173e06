// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/connector.h"
#include "core/connectors/sampledirectory.h"

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {
constexpr std::int64_t kReportEvery = 1'000;
constexpr std::int64_t kShownUsers = 5;

SampleShape shapeFrom(const ConnectorOptions& options)
{
    return { .users = options.integer(u"users"_s),
        .groups = options.integer(u"groups"_s),
        .seed = static_cast<std::uint64_t>(options.integer(u"seed"_s)),
        .day = options.integer(u"churn"_s) };
}

class SampleConnector final : public Connector
{
public:
    explicit SampleConnector(ConnectorOptions options)
        : m_options(std::move(options))
    {
    }

    TestReport test(RunContext& run) override;
    Result<FetchOutcome> fetch(RunContext& run, SnapshotBuilder& out) override;

private:
    Result<void> addUsers(
        const SampleDirectory& directory, RunContext& run, SnapshotBuilder& out) const;

    QString tenantId() const { return u"sample:"_s + m_options.text(u"seed"_s); }

    ConnectorOptions m_options;
};

TestReport SampleConnector::test(RunContext& run)
{
    const SampleDirectory directory(shapeFrom(m_options));
    run.report(RunProgress::Phase::Connect, 1, 1);
    TestReport report { .userCount = directory.userCount(),
        .groupCount = directory.groupCount(),
        .tenantId = tenantId() };
    report.steps.push_back({ .name = u"reach"_s,
        .title = message(QT_TRANSLATE_NOOP("Message", "Reach the directory")),
        .ok = true,
        .what = message(QT_TRANSLATE_NOOP(
            "Message", "The directory is made up on this computer; nothing is connected to.")) });
    report.steps.push_back({ .name = u"users"_s,
        .title = message(QT_TRANSLATE_NOOP("Message", "Read users")),
        .ok = true,
        .what = message(QT_TRANSLATE_NOOP("Message", "%1 made-up users."),
            QString::number(directory.userCount())) });
    report.steps.push_back({ .name = u"groups"_s,
        .title = message(QT_TRANSLATE_NOOP("Message", "Read groups")),
        .ok = true,
        .what = message(QT_TRANSLATE_NOOP("Message", "%1 made-up groups and org units."),
            QString::number(directory.groupCount())) });
    for (std::int64_t user = 0; user < std::min(kShownUsers, directory.userCount()); ++user) {
        report.sampleUsers.push_back(directory.user(user));
    }
    return report;
}

Result<void> SampleConnector::addUsers(
    const SampleDirectory& directory, RunContext& run, SnapshotBuilder& out) const
{
    const std::int64_t total = directory.userCount();
    for (std::int64_t index = 0; index < total; ++index) {
        if (index % kReportEvery == 0) {
            if (run.stop.stop_requested()) {
                return cancelledError();
            }
            run.report(RunProgress::Phase::Users, index, total);
        }
        const UserRecord user = directory.user(index);
        out.addUser(user);
        for (const QString& group : directory.groupsOfUser(index)) {
            out.addMember(group, user.id, MemberKind::User);
        }
    }
    run.report(RunProgress::Phase::Users, total, total);
    return {};
}

Result<FetchOutcome> SampleConnector::fetch(RunContext& run, SnapshotBuilder& out)
{
    const SampleDirectory directory(shapeFrom(m_options));
    if (const auto users = addUsers(directory, run, out); !users) {
        return users.error();
    }
    for (std::int64_t index = 0; index < directory.groupCount(); ++index) {
        out.addGroup(directory.group(index));
    }
    run.report(RunProgress::Phase::Groups, directory.groupCount(), directory.groupCount());
    for (const auto& nesting : directory.nestings()) {
        out.addMember(nesting.groupId, nesting.memberGroupId, MemberKind::Group);
    }
    out.markUsersComplete();
    out.markGroupsComplete();
    out.markMembershipsComplete();
    out.note(u"This directory is made up. No record in it stands for a real person."_s);
    return FetchOutcome { .tenantId = tenantId() };
}

std::vector<FieldDescriptor> sampleFields()
{
    return {
        { .key = u"users"_s,
            .kind = FieldKind::Integer,
            .label = QT_TRANSLATE_NOOP("Connector", "Users"),
            .help = QT_TRANSLATE_NOOP("Connector",
                "How many people to make up: 50 for a look around, 5,000 for a company, 100,000 to "
                "see how the program copes. Steve, Patrick, Bob, Alice and John are always there."),
            .required = true,
            .defaultValue = u"5000"_s,
            .minimum = 1,
            .maximum = 1'000'000 },
        { .key = u"groups"_s,
            .kind = FieldKind::Integer,
            .label = QT_TRANSLATE_NOOP("Connector", "Groups"),
            .help = QT_TRANSLATE_NOOP("Connector",
                "How many groups to make up, org units not included. Leave it empty for about one "
                "group for every fifteen users."),
            .minimum = 12,
            .maximum = 100'000 },
        { .key = u"seed"_s,
            .kind = FieldKind::Integer,
            .label = QT_TRANSLATE_NOOP("Connector", "Seed"),
            .help = QT_TRANSLATE_NOOP("Connector",
                "Another number gives another company. The same number gives the same one on every "
                "computer."),
            .required = true,
            .defaultValue = u"1"_s,
            .minimum = 0,
            .maximum = 1'000'000'000 },
        { .key = u"churn"_s,
            .kind = FieldKind::Integer,
            .label = QT_TRANSLATE_NOOP("Connector", "Day"),
            .help = QT_TRANSLATE_NOOP("Connector",
                "Raise it by one and sync: about one record in a hundred has changed, as if a day "
                "had passed in the company."),
            .required = true,
            .defaultValue = u"0"_s,
            .minimum = 0,
            .maximum = 3'650 },
    };
}
} // namespace

ConnectorDescriptor sampleConnector()
{
    return { .id = u"sample"_s,
        .name = QT_TRANSLATE_NOOP("Connector", "Sample directory"),
        .summary = QT_TRANSLATE_NOOP("Connector",
            "A made-up company of any size, for trying everything without touching a real "
            "directory."),
        .helpUrl = {},
        .capabilities = { .nestedGroups = true, .local = true, .offline = true },
        .fields = sampleFields(),
        .create = [](ConnectorOptions options) -> std::unique_ptr<Connector> {
            return std::make_unique<SampleConnector>(std::move(options));
        } };
}

} // namespace portreeve
