// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/access/exportedids.h"
#include "tests/support/smalldirectory.h"
#include "tests/support/testregistry.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve::access {

class TstExportedIds : public QObject
{
    Q_OBJECT

private slots:
    void oneConnectionKeepsTheProvidersIds();
    void severalConnectionsPutTheirIdInFront();
    void aFurtherConnectionRenamesNothing();
    void vanishedGroupsAreTheTombstonesOfNoLivingGroup();
    void nothingIsKnownBeforeTheFirstSync();
};

void TstExportedIds::oneConnectionKeepsTheProvidersIds()
{
    const ExportedGroups groups(
        { .connections = { test::staffDirectory().connection(u"corp"_s) } }, {});

    QVERIFY(groups.isKnown());
    QCOMPARE(groups.liveIds(), (QSet { u"g-eng"_s, u"g-staff"_s }));
    QCOMPARE(groups.naming(u"corp"_s)(u"x"_s), u"x"_s);
    QCOMPARE(groups.facts().groupIdByName.value(u"Engineering"_s), u"g-eng"_s);
}

void TstExportedIds::severalConnectionsPutTheirIdInFront()
{
    const ExportedGroups groups({ .connections = { test::staffDirectory().connection(u"a"_s),
                                      test::staffDirectory().connection(u"b"_s) } },
        {});

    QVERIFY(!groups.live(u"g-eng"_s).has_value());
    QCOMPARE(groups.live(u"b:g-eng"_s)->connectionId, u"b"_s);
    QCOMPARE(groups.naming(u"b"_s)(u"g-eng"_s), u"b:g-eng"_s);
    QCOMPARE(groups.liveIds().size(), 4);
}

void TstExportedIds::aFurtherConnectionRenamesNothing()
{
    const auto first = test::staffDirectory().connection(u"first"_s);
    auto second = test::staffDirectory().connection(u"a second"_s);
    second.generation = 0; // added, not synced yet
    const ExportedGroups added({ .connections = { second, first } }, {});
    second.generation = 2;
    const ExportedGroups synced(
        { .connections = { second, first }, .unprefixed = first.connectionId }, {});
    const ExportedGroups alone({ .connections = { second }, .unprefixed = u"first"_s }, {});

    QCOMPARE(added.live(u"g-eng"_s)->connectionId, u"first"_s);
    QCOMPARE(synced.live(u"g-eng"_s)->connectionId, u"first"_s);
    QCOMPARE(synced.live(u"a second:g-eng"_s)->connectionId, u"a second"_s);
    QCOMPARE(alone.live(u"a second:g-eng"_s)->connectionId, u"a second"_s);
}

void TstExportedIds::vanishedGroupsAreTheTombstonesOfNoLivingGroup()
{
    const Tombstone returned { .connectionId = u"corp"_s,
        .kind = ObjectKind::Group,
        .id = u"g-eng"_s,
        .name = u"Engineering"_s };
    auto gone = returned;
    gone.id = u"g-old"_s;
    gone.name = u"Old"_s;
    const ExportedGroups groups(
        { .connections = { test::staffDirectory().connection(u"corp"_s) } }, { returned, gone });

    QVERIFY(!groups.vanished(u"g-eng"_s).has_value());
    QCOMPARE(groups.vanished(u"g-old"_s)->name, u"Old"_s);
}

void TstExportedIds::nothingIsKnownBeforeTheFirstSync()
{
    QVERIFY(!ExportedGroups().isKnown());
}

static const bool kExportedIdsRegistered = test::registerTestClass<TstExportedIds>("exportedids");

} // namespace portreeve::access

#include "tst_exportedids.moc"
