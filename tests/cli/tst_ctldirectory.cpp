// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/cli/ctlprocess.h"
#include "tests/support/testregistry.h"

#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::test {

/// What the lists of people and groups say of each other, and which policies use a group.
class TstCtlDirectory : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void peopleAreListedWithTheirGroups();
    void groupsAreListedWithTheirMembers();
    void briefListsAreShort();
    void aGroupNamesThePoliciesThatUseIt();

private:
    QJsonObject show(const QString& noun, const QString& name);
    QJsonObject listed(const QString& noun, const QString& id, const QStringList& options = {});

    CtlProcess m_ctl;
};

QJsonObject TstCtlDirectory::show(const QString& noun, const QString& name)
{
    return m_ctl.run({ u"--json"_s, noun, u"show"_s, name }).json();
}

QJsonObject TstCtlDirectory::listed(
    const QString& noun, const QString& id, const QStringList& options)
{
    const auto lines
        = m_ctl.run(QStringList { u"--json"_s, noun, u"list"_s } + options).jsonLines();
    const auto found = std::ranges::find(
        lines, id, [](const QJsonObject& line) { return line.value(u"id"_s).toString(); });
    return found == lines.end() ? QJsonObject() : *found;
}

void TstCtlDirectory::initTestCase()
{
    QCOMPARE(m_ctl.run({ u"sample"_s, u"--users"_s, u"50"_s }).exitCode, 0);
    QCOMPARE(m_ctl.run({ u"sync"_s, u"Sample"_s }).exitCode, 0);
}

void TstCtlDirectory::peopleAreListedWithTheirGroups()
{
    const auto john = show(u"user"_s, u"john"_s);

    const auto line = listed(u"user"_s, john.value(u"id"_s).toString());

    QCOMPARE(line.value(u"groups"_s), john.value(u"groups"_s));
    QCOMPARE(line.value(u"effective_groups"_s), john.value(u"effective_groups"_s));
    QStringList names;
    for (const auto& group : line.value(u"effective_groups"_s).toArray()) {
        names.append(group.toObject().value(u"name"_s).toString());
    }
    for (const auto* name : { "DevOps", "Engineering", "Everyone" }) {
        QVERIFY2(names.contains(QLatin1StringView(name)), qPrintable(names.join(u' ')));
    }
}

void TstCtlDirectory::groupsAreListedWithTheirMembers()
{
    const auto engineering = show(u"group"_s, u"Engineering"_s);

    const auto line = listed(u"group"_s, engineering.value(u"id"_s).toString());

    QVERIFY(!line.value(u"members"_s).toArray().isEmpty());
    QCOMPARE(line.value(u"members"_s), engineering.value(u"members"_s));
    QCOMPARE(line.value(u"effective_members"_s), engineering.value(u"effective_members"_s));
    QVERIFY(line.value(u"effective_members"_s).toArray().size()
        > line.value(u"members"_s).toArray().size());
}

void TstCtlDirectory::briefListsAreShort()
{
    const auto id = show(u"group"_s, u"Engineering"_s).value(u"id"_s).toString();

    const auto line = listed(u"group"_s, id, { u"--brief"_s });

    QCOMPARE(line.value(u"name"_s).toString(), u"Engineering"_s);
    QVERIFY(!line.contains(u"members"));
    QVERIFY(!line.contains(u"effective_members"));
}

void TstCtlDirectory::aGroupNamesThePoliciesThatUseIt()
{
    const auto id = show(u"group"_s, u"Engineering"_s).value(u"id"_s).toString();
    const QString file = m_ctl.write(
        u"policy.yaml"_s, "allow:\n  and:\n    - groups: {has: \"" + id.toUtf8() + "\"}\n");
    for (const auto* name : { "Builders", "Amateurs" }) {
        const auto added
            = m_ctl.run({ u"policy"_s, u"add"_s, QString::fromLatin1(name), u"--file"_s, file });
        QVERIFY2(added.exitCode == 0, added.err.constData());
    }

    const auto used = show(u"group"_s, u"Engineering"_s).value(u"policies"_s).toArray();
    const auto text = m_ctl.run({ u"group"_s, u"show"_s, u"Engineering"_s });
    const auto unused = show(u"group"_s, u"Support"_s);

    QStringList names;
    for (const auto& policy : used) {
        names.append(policy.toObject().value(u"name"_s).toString());
    }
    QCOMPARE(names, QStringList({ u"Amateurs"_s, u"Builders"_s }));
    QVERIFY2(text.out.contains("Policies (2)\n  Amateurs  "), text.out.constData());
    QVERIFY(unused.contains(u"policies"));
    QVERIFY(unused.value(u"policies"_s).toArray().isEmpty());
}

static const bool kCtlDirectoryRegistered = registerTestClass<TstCtlDirectory>("ctldirectory");

} // namespace portreeve::test

#include "tst_ctldirectory.moc"
