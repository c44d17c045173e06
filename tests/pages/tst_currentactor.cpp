// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/storedsettings.h"
#include "tests/pages/desk.h"
#include "tests/support/patience.h"
#include "tests/support/testregistry.h"
#include "ui/pages/settings/settingspage.h"

#include <QFileInfo>
#include <QLineEdit>
#include <QTest>

#include <unistd.h>

using namespace Qt::StringLiterals;

namespace portreeve {

/// Whose name history and audit log bear.
class TstCurrentActor : public QObject
{
    Q_OBJECT

private slots:
    void withoutANameItIsTheLoginName();
    void theNameInTheSettingsIsUsedByRuns();

private:
    static QString lastActor(test::Desk& desk);
};

QString TstCurrentActor::lastActor(test::Desk& desk)
{
    const auto entries = desk.inStore([](Store& store) { return store.audit().list(0, 1'000); });
    return entries && !entries->empty() && entries->back().event == u"run_applied"
        ? entries->back().actor
        : QString();
}

void TstCurrentActor::withoutANameItIsTheLoginName()
{
    test::Desk desk;
    const QString id = desk.addConnection(u"Staff"_s);
    desk.provider().answer(test::crowd(3));

    QVERIFY(desk.sync(id));

    const QString owner = QFileInfo(desk.databasePath()).owner();
    QCOMPARE(lastActor(desk), owner.isEmpty() ? u"uid %1"_s.arg(geteuid()) : owner);
}

void TstCurrentActor::theNameInTheSettingsIsUsedByRuns()
{
    test::Desk desk;
    SettingsPage page(desk.context(), nullptr);
    auto* name = page.findChild<QLineEdit*>(u"administratorEdit"_s);
    QVERIFY(name != nullptr);

    QTest::keyClicks(name, u" Grace "_s);
    QTest::keyClick(name, Qt::Key_Return);

    const auto isStored = [&desk] {
        return desk.inStore([](Store& store) -> Result<QString> { return currentActor(store); })
                   .valueOr({})
            == u"Grace";
    };
    QTRY_VERIFY(isStored());
    const QString id = desk.addConnection(u"Staff"_s);
    desk.provider().answer(test::crowd(3));
    QVERIFY(desk.sync(id));
    QCOMPARE(lastActor(desk), u"Grace"_s);
    QCOMPARE(name->text(), u"Grace"_s);
}

static const bool kCurrentActorRegistered
    = test::registerTestClass<TstCurrentActor>("currentactor");

} // namespace portreeve

#include "tst_currentactor.moc"
